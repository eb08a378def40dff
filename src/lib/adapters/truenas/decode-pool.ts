import { type Pool, type PoolScrub } from '../../core/model/truenas.ts';
import { bytesOf, instantOf, isRow, optionalText, type Row, textOf } from './decode-values.ts';

/** What it is and in which state has to be there; what is not understood of its health is not known. */
export function decodePool(row: Row, system: string): Pool {
  const healthy = row['healthy'];
  return {
    system,
    name: textOf(row, 'name'),
    guid: optionalText(row, 'guid'),
    status: textOf(row, 'status'),
    size: bytesOf(row['size']),
    allocated: bytesOf(row['allocated']),
    free: bytesOf(row['free']),
    healthy: typeof healthy === 'boolean' ? healthy : null,
    fragmentation: percentOf(row['fragmentation']),
    scrub: scrubOf(row['scan']),
  };
}

/** Text such as `12`, or `12%`. */
function percentOf(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  const digits = typeof text === 'string' ? /^(\d{1,3})(?:\.\d+)?%?$/.exec(text)?.[1] : undefined;
  const percent = digits === undefined ? null : Number(digits);
  return percent === null || percent > 100 ? null : percent;
}

/** Until 25.10 every field is null where there was none yet. */
function scrubOf(scan: unknown): PoolScrub | null {
  if (!isRow(scan)) return null;
  const kind = optionalText(scan, 'function');
  const state = optionalText(scan, 'state');
  const errors = scan['errors'];
  if (kind === null || state === null || !Number.isSafeInteger(errors)) return null;
  return { kind, state, endedAt: instantOf(scan['end_time']), errors: Number(errors) };
}
