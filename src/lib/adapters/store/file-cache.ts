import { join } from 'node:path';
import { elapsed, type Millis } from '../../core/model/units.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';
import { type ScanCache } from '../../ports/scan-store.ts';
import { decodeScan, encodeScan } from './inventory-lines.ts';
import { readPrivateFile, storeFailure, writePrivateFile } from './private-file.ts';

export interface FileCacheOptions {
  readonly directory: string;
  /** Nothing older than this is given back. */
  readonly ttl: Millis;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps the last scan of each set of clusters and systems as one file, readable by its owner alone. */
export function fileCache({ directory, ttl, clock, logger }: FileCacheOptions): ScanCache {
  const pathOf = (key: string): string => join(directory, `scan-${key}.jsonl`);
  return {
    async load(key, only) {
      try {
        const text = await readPrivateFile(pathOf(key));
        const scan = text === undefined ? undefined : decodeScan(key, text, only);
        if (text !== undefined && scan === undefined) {
          logger.log('debug', 'the kept scan is of another version or was cut short');
        }
        if (scan === undefined) return undefined;
        return elapsed(scan.inventory.takenAt, clock.now()) > ttl ? undefined : scan;
      } catch (error) {
        logger.log('debug', 'the kept scan is not used', { reason: storeFailure(error) });
        return undefined;
      }
    },
    async save(key, scan) {
      try {
        await writePrivateFile(pathOf(key), encodeScan(key, scan));
      } catch (error) {
        logger.log('debug', 'the scan could not be kept', { reason: storeFailure(error) });
      }
    },
  };
}
