import { Flags, type Interfaces } from '@oclif/core';
import { parseListenAddress } from '../../adapters/config/fields.ts';
import { UsageError } from '../../core/model/errors.ts';
import { type ListenAddress, type ServeSettings } from '../../core/serve/settings.ts';

/** Where `serve` listens, whatever its configuration says. */
export const ADDRESS_FLAGS = {
  listen: Flags.string({
    helpGroup: 'SERVING',
    helpValue: 'HOST:PORT',
    summary:
      'serve there in place of server.listen; port 0 lets the system choose [default: 127.0.0.1:8080]',
  }),
  'metrics-listen': Flags.string({
    helpGroup: 'SERVING',
    helpValue: 'HOST:PORT|off',
    summary:
      'serve metrics there, too, in place of metrics.listen and metrics.port [default: 127.0.0.1:9105]',
  }),
};

/** As they come from oclif. */
export type RawAddressFlags = Partial<Interfaces.InferredFlags<typeof ADDRESS_FLAGS>>;

/** The settings, with the addresses that flags say; throws a `UsageError` for what is no address. */
export function withAddresses(settings: ServeSettings, flags: RawAddressFlags): ServeSettings {
  const { listen, 'metrics-listen': metrics } = flags;
  return {
    ...settings,
    server: {
      ...settings.server,
      listen: listen === undefined ? settings.server.listen : addressOf('--listen', listen),
    },
    metrics: {
      ...settings.metrics,
      listen: metrics === undefined ? settings.metrics.listen : metricsAddressOf(metrics),
    },
  };
}

function metricsAddressOf(value: string): ListenAddress | null {
  return value === 'off' ? null : addressOf('--metrics-listen', value);
}

function addressOf(flag: string, value: string): ListenAddress {
  const address = parseListenAddress(value);
  if (address !== undefined) return address;
  throw new UsageError(`${flag} ${value} is no address to listen at`, {
    remediation: ['Write an address and a port: 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080.'],
  });
}
