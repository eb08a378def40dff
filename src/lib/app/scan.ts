import { listsFor } from '../core/correlate/sources.ts';
import { freezeInventory, type Inventory, type ListSource } from '../core/model/inventory.ts';
import { type Report } from '../core/model/report.ts';
import { millis } from '../core/model/units.ts';
import { buildReport } from '../core/report/build-report.ts';
import { collect } from './collect.ts';
import { rememberFirstSeen, withoutFuture, withoutGaps } from './first-seen.ts';
import { judgeFresh, type Judgement } from './judge-fresh.ts';
import { judgeKept } from './judge-kept.ts';
import { keepScan } from './kept-scan.ts';
import { recordScan } from './record-scan.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';

/** Reads these lists of both sides anew. Throws a `MonitorError` where a side cannot be had at all. */
export async function collectInventory(
  ports: ScanPorts,
  request: Pick<ScanRequest, 'drivers' | 'policy' | 'maxConcurrent' | 'signal'>,
  lists: ReadonlySet<ListSource>,
): Promise<Inventory> {
  const takenAt = ports.clock.now();
  const dates = withoutFuture(await ports.firstSeen.load(), takenAt);
  const firstSeen = withoutGaps(dates, takenAt, request.policy);
  const moved = await ports.movedDatasets.load();
  ports.logger.log('debug', 'started');
  const collected = await collect({
    ...ports,
    lists,
    unreachable: 'throws',
    maxConcurrent: request.maxConcurrent,
    signal: request.signal,
  });
  ports.logger.log('debug', 'read');
  return freezeInventory({ ...collected, takenAt, firstSeen, moved, drivers: request.drivers });
}

/**
 * Reads both sides, joins them, judges by the given rules, looks every candidate up again, and reports.
 * Throws a `MonitorError` where a side cannot be had at all; whatever else fails is in the report.
 */
export async function scan(ports: ScanPorts, request: ScanRequest): Promise<Report> {
  const { report } = await scanAndRecord(ports, request, []);
  return report;
}

/** A report, and what it was made of. */
export interface Scanned {
  readonly report: Report;
  readonly judgement: Judgement;
}

/**
 * The same, with what it was made of.
 *
 * @param more lists to read beside those the rules ask for
 */
export async function scanAndRecord(
  ports: ScanPorts,
  request: ScanRequest,
  more: Iterable<ListSource>,
): Promise<Scanned> {
  const scanned = await scanOnce(ports, request, more);
  await recordScan(ports, request, scanned);
  return scanned;
}

/** A report, and everything it rests on as it was after the second read. */
export interface ReportWithInventory {
  readonly report: Report;
  readonly inventory: Inventory;
  readonly derived: Judgement['derived'];
}

/** A scan that history does not hear of, with what was seen. */
export async function scanWithInventory(
  ports: ScanPorts,
  request: ScanRequest,
  more: Iterable<ListSource>,
): Promise<ReportWithInventory> {
  const { report, judgement } = await scanOnce(ports, request, more);
  const { inventory, derived } = judgement;
  return { report, inventory, derived };
}

async function scanOnce(
  ports: ScanPorts,
  request: ScanRequest,
  more: Iterable<ListSource>,
): Promise<Scanned> {
  const started = performance.now();
  const lists = listsFor([
    ...request.rules.flatMap(({ requires, consults }) => [...requires, ...consults]),
    ...more,
  ]);
  const cached = await judgeKept(ports, request, lists);
  const judgement =
    cached?.judgement ??
    (await judgeFresh(await collectInventory(ports, request, lists), ports, request));
  if (cached === undefined) {
    await keep(judgement, ports, request);
    ports.logger.log('debug', 'kept');
  }
  ports.progress.finish();
  const report = buildReport({
    ...judgement,
    filter: request.filter,
    ignore: request.ignore,
    wholeEstate: request.wholeEstate,
    duration: millis(performance.now() - started),
    cachedFor: cached?.age ?? null,
  });
  return { report, judgement };
}

/** Keeps what was seen for `--max-age`, and since when undated objects have been there. */
async function keep(judgement: Judgement, ports: ScanPorts, request: ScanRequest): Promise<void> {
  const { inventory, findings, sources } = judgement;
  const confirmed = new Set(findings.map(({ id }) => id));
  await Promise.all([
    keepScan(ports, request.cacheKey, { inventory, confirmed, sources }),
    ports.firstSeen.save(rememberFirstSeen(inventory, judgement.outcomes)),
  ]);
}
