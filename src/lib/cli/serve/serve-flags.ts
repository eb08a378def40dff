import { type Interfaces } from '@oclif/core';
import { parseListenAddress } from '../../adapters/config/fields.ts';
import { UsageError } from '../../core/model/errors.ts';
import { type Millis } from '../../core/model/units.ts';
import { LEAST_GAP } from '../../core/serve/schedule.ts';
import { type ListenAddress } from '../../core/serve/settings.ts';
import { readDuration } from '../flag-values.ts';
import { type SERVE_FLAGS } from '../flags-of-serve.ts';
import { type ServeOverrides } from './serve.ts';

/** Throws a `UsageError` for what the configuration would not take either. */
export function readServeOverrides(
  flags: Interfaces.InferredFlags<typeof SERVE_FLAGS>,
): ServeOverrides {
  return {
    interval: flags.interval === undefined ? null : readInterval(flags.interval),
    listen: flags.listen === undefined ? null : readListen(flags.listen),
  };
}

function readInterval(value: string): Millis {
  const interval = readDuration('interval', value);
  if (interval >= LEAST_GAP) return interval;
  throw new UsageError(`--interval does not take ${JSON.stringify(value)}`, {
    remediation: ['Write 30s or more: changes are looked at as soon as they are heard of.'],
  });
}

function readListen(value: string): ListenAddress {
  const address = parseListenAddress(value);
  if (address !== undefined) return address;
  throw new UsageError(`--listen does not take ${JSON.stringify(value)}`, {
    remediation: ['Write host and port, such as 127.0.0.1:8080 or [::1]:8080.'],
  });
}
