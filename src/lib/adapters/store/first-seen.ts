import { type Logger } from '../../ports/logger.ts';
import { type FirstSeenStore } from '../../ports/scan-store.ts';
import { readPrivateFile, storeFailure, writePrivateFile } from './private-file.ts';

const FORMAT = 1;

/** Keeps the dates in one small file. Concurrent runs lose at most a date, never the file. */
export function firstSeenFile(path: string, logger: Logger): FirstSeenStore {
  return {
    async load() {
      try {
        const text = await readPrivateFile(path);
        return text === undefined ? new Map() : decode(JSON.parse(text));
      } catch (error) {
        logger.log('debug', 'first-seen dates are not used', { reason: storeFailure(error) });
        return new Map();
      }
    },
    async save(seen) {
      try {
        const dates = [...seen].map(([key, date]) => [key, date.toISOString()]);
        await writePrivateFile(path, [`${JSON.stringify({ format: FORMAT, dates })}\n`]);
      } catch (error) {
        logger.log('debug', 'first-seen dates could not be kept', { reason: storeFailure(error) });
      }
    },
  };
}

/** What is not a date is left out: its object counts as seen for the first time. */
function decode(value: unknown): ReadonlyMap<string, Date> {
  if (typeof value !== 'object' || value === null) return new Map();
  if (!('format' in value) || value.format !== FORMAT) return new Map();
  const dates: unknown = 'dates' in value ? value.dates : [];
  return new Map(Array.isArray(dates) ? dates.flatMap(decodeEntry) : []);
}

function decodeEntry(entry: unknown): [string, Date][] {
  const [key, text] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
  if (typeof key !== 'string' || typeof text !== 'string') return [];
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? [] : [[key, date]];
}
