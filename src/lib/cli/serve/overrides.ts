import { parseListenAddress } from '../../adapters/config/fields.ts';
import { UsageError } from '../../core/model/errors.ts';
import { type Millis } from '../../core/model/units.ts';
import { LEAST_GAP, type ListenAddress, type ServeSettings } from '../../core/serve/settings.ts';
import { readDuration } from '../flag-values.ts';
import { type RawServeFlags } from './flags-of-serve.ts';

/** What the command line says in place of the configuration; null for nothing. */
export interface ServeOverrides {
  readonly interval: Millis | null;
  readonly listen: ListenAddress | null;
  readonly metricsListen: ListenAddress | 'off' | null;
}

/** Throws a `UsageError` for what the configuration would not take either. */
export function readOverrides(flags: RawServeFlags): ServeOverrides {
  const { interval, listen, 'metrics-listen': metrics } = flags;
  return {
    interval: interval === undefined ? null : readInterval(interval),
    listen: listen === undefined ? null : readAddress('--listen', listen),
    metricsListen:
      metrics === undefined || metrics === 'off'
        ? (metrics ?? null)
        : readAddress('--metrics-listen', metrics),
  };
}

function readInterval(value: string): Millis {
  const interval = readDuration('interval', value);
  if (interval >= LEAST_GAP) return interval;
  throw new UsageError(`--interval does not take ${JSON.stringify(value)}`, {
    remediation: ['Write 30s or more: changes are looked at as soon as they are heard of.'],
  });
}

function readAddress(flag: string, value: string): ListenAddress {
  const address = parseListenAddress(value);
  if (address !== undefined) return address;
  throw new UsageError(`${flag} ${value} is no address to listen at`, {
    remediation: ['Write an address and a port: 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080.'],
  });
}

/** The settings, with what the command line says in their place. */
export function withOverrides(
  settings: ServeSettings,
  { interval, listen, metricsListen }: ServeOverrides,
): ServeSettings {
  const { server, metrics, scanning } = settings;
  const metricsAddress = metricsListen === 'off' ? null : (metricsListen ?? metrics.listen);
  return {
    ...settings,
    server: { ...server, listen: listen ?? server.listen },
    metrics: { ...metrics, listen: metricsAddress },
    scanning: { ...scanning, interval: interval ?? scanning.interval },
  };
}
