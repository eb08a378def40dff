import { type Inventory, freezeInventory, type ListSource } from '../core/model/inventory.ts';
import { type SourceStatus } from '../core/model/report.ts';
import { elapsed, type Millis } from '../core/model/units.ts';
import { isWhole } from '../core/report/build-report.ts';
import { type StoredScan } from '../ports/scan-store.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';

/** A kept scan that may stand in for a fresh one. */
export interface KeptScan {
  readonly scan: StoredScan;
  readonly age: Millis;
}

function listsOf({ clusters, systems }: Inventory): ReadonlySet<string> {
  return new Set([...clusters, ...systems].flatMap((member) => Object.keys(member.lists)));
}

/** Whether a kept inventory holds every list that is asked for. */
function holds(inventory: Inventory, lists: ReadonlySet<string>): boolean {
  const kept = listsOf(inventory);
  return [...lists].every((list) => kept.has(list));
}

function isComplete(sources: readonly SourceStatus[]): boolean {
  return sources.every(isWhole);
}

/** The kept scan, where it is young enough and has every list that the rules ask for. */
export async function loadKept(
  ports: Pick<ScanPorts, 'cache' | 'clock' | 'movedDatasets'>,
  request: Pick<ScanRequest, 'maxAge' | 'cacheKey' | 'drivers'>,
  lists: ReadonlySet<ListSource>,
): Promise<KeptScan | undefined> {
  if (request.maxAge <= 0) return undefined;
  const scan = await ports.cache.load(request.cacheKey);
  if (scan === undefined || !holds(scan.inventory, lists)) return undefined;
  const age = elapsed(scan.inventory.takenAt, ports.clock.now());
  if (age < 0 || age > request.maxAge) return undefined;
  // What the configuration says about drivers and the journals about moves holds now, whenever the lists were read.
  const { drivers } = request;
  const moved = await ports.movedDatasets.load();
  const inventory = freezeInventory({ ...scan.inventory, drivers, moved });
  return { scan: { ...scan, inventory }, age };
}

/**
 * Keeps a scan for `--max-age`. An incomplete one never takes the place of a complete one that is still of use:
 * whoever accepts an older answer wants the one that proves something, and one bad minute of a server must not
 * take it away. Once that one's lifetime is over, or a list is missing there, the later one is all there is.
 */
export async function keepScan(ports: ScanPorts, key: string, scan: StoredScan): Promise<void> {
  if (!isComplete(scan.sources)) {
    const before = await ports.cache.load(key);
    if (before !== undefined && isBetter(before, scan, ports.clock.now())) {
      ports.logger.log('debug', 'the complete scan before this incomplete one stays kept');
      return;
    }
  }
  await ports.cache.save(key, scan);
}

function isBetter(before: StoredScan, scan: StoredScan, now: Date): boolean {
  return (
    isComplete(before.sources) &&
    holds(before.inventory, listsOf(scan.inventory)) &&
    elapsed(before.inventory.takenAt, now) >= 0
  );
}
