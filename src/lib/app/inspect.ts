import { correlate, type Evidence } from '../core/correlate/correlate.ts';
import { listsFor } from '../core/correlate/sources.ts';
import { type Severity } from '../core/model/finding.ts';
import { freezeInventory, type Inventory, type ListSource } from '../core/model/inventory.ts';
import { type Settings } from '../core/model/settings.ts';
import { millis, type Millis } from '../core/model/units.ts';
import { isWhole } from '../core/report/build-report.ts';
import { buildValidation, type Validated } from '../core/report/build-validation.ts';
import { checkOutcomes, type JudgedOutcome } from '../core/report/check-outcomes.ts';
import { type CheckRule } from '../core/rules/define-check.ts';
import { collect } from './collect.ts';
import { keepScan, type KeptScan, loadKept } from './kept-scan.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';

/** What to check, by which limits, and what of it to report. */
export interface InspectRequest extends Pick<
  ScanRequest,
  'drivers' | 'policy' | 'ignore' | 'wholeEstate' | 'maxAge' | 'cacheKey' | 'signal'
> {
  readonly rules: readonly CheckRule[];
  /** What the configuration says, for the checks of just that. */
  readonly settings: Settings;
  /** Only outcomes at least this severe are reported; null for all. */
  readonly minSeverity: Severity | null;
}

/** Checks rest on one read and confirm nothing, so that what they keep must not take the place of a scan that did. */
function keyOfChecks({ cacheKey }: InspectRequest): string {
  return `${cacheKey}-checks`;
}

function withOnly<L extends object>(lists: L, wanted: ReadonlySet<ListSource>): L {
  const entries = Object.entries(lists).filter(([source]) => wanted.has(source as ListSource));
  return Object.fromEntries(entries) as L;
}

/** A kept inventory with what is asked for and nothing else, as a fresh one would be; the configuration is as it is now. */
function narrowed(
  { clusters, systems, ...inventory }: Inventory,
  wanted: ReadonlySet<ListSource>,
  { settings }: InspectRequest,
): Inventory {
  return freezeInventory({
    ...inventory,
    clusters: clusters.map((each) => ({ ...each, lists: withOnly(each.lists, wanted) })),
    systems: systems.map((each) => ({ ...each, lists: withOnly(each.lists, wanted) })),
    settings,
  });
}

function saysHowReached({ scan: { inventory } }: KeptScan): boolean {
  const members = [...inventory.clusters, ...inventory.systems];
  return members.every(({ connection }) => connection !== undefined);
}

/** What a scan of findings missed may have been missed by its second read alone, of which its lists say nothing. */
function isWholeFor({ scan: { sources } }: KeptScan, wanted: ReadonlySet<string>): boolean {
  return sources.every((source) => !wanted.has(source.name) || isWhole(source));
}

async function loadInventory(
  ports: ScanPorts,
  request: InspectRequest,
  lists: ReadonlySet<ListSource>,
): Promise<{ readonly inventory: Inventory; readonly age: Millis } | undefined> {
  for (const cacheKey of [keyOfChecks(request), request.cacheKey]) {
    const kept = await loadKept(ports, { ...request, cacheKey }, lists);
    if (kept === undefined || !saysHowReached(kept)) continue;
    if (cacheKey === request.cacheKey && !isWholeFor(kept, lists)) continue;
    return { inventory: narrowed(kept.scan.inventory, lists, request), age: kept.age };
  }
  return undefined;
}

async function readInventory(
  ports: ScanPorts,
  { drivers, settings, signal }: InspectRequest,
  lists: ReadonlySet<ListSource>,
): Promise<Inventory> {
  const takenAt = ports.clock.now();
  const collected = await collect({ ...ports, lists, unreachable: 'is-told', signal });
  // No check remembers since when it fails, and none looks at quarantines.
  return freezeInventory({
    ...collected,
    takenAt,
    firstSeen: new Map(),
    moved: [],
    drivers,
    settings,
  });
}

interface Judged {
  readonly evidence: Evidence;
  readonly outcomes: readonly JudgedOutcome[];
  /** Age of what was judged; null where it was read just now. */
  readonly cachedFor: Millis | null;
}

function judge(
  inventory: Inventory,
  cachedFor: Millis | null,
  { rules, policy }: InspectRequest,
): Judged {
  const evidence = correlate(inventory, policy);
  return { evidence, outcomes: checkOutcomes(rules, evidence, policy), cachedFor };
}

/** What the kept scan comes to; undefined where there is none, or whatever is odd about it: a fresh one can be had. */
async function judgeKept(
  ports: ScanPorts,
  request: InspectRequest,
  lists: ReadonlySet<ListSource>,
): Promise<Judged | undefined> {
  try {
    const kept = await loadInventory(ports, request, lists);
    return kept && judge(kept.inventory, kept.age, request);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ports.logger.log('debug', 'the kept scan cannot be judged', { reason });
    return undefined;
  }
}

async function judgeFresh(
  ports: ScanPorts,
  request: InspectRequest,
  lists: ReadonlySet<ListSource>,
): Promise<Judged> {
  const inventory = await readInventory(ports, request, lists);
  ports.memory.release();
  const judged = judge(inventory, null, request);
  const { statuses: sources, derived } = judged.evidence;
  // A side that was down is asked again, however old an answer is good enough.
  if (derived.connections.every(({ failure }) => failure === null)) {
    await keepScan(ports, keyOfChecks(request), { inventory, confirmed: new Set(), sources });
  }
  return judged;
}

/**
 * Reads both sides once, judges them by the given checks, and says what each came to, passes included. A side that cannot be
 * had is an answer; what is thrown is a mistake of the user's own, such as credentials that are missing.
 */
export async function inspect(ports: ScanPorts, request: InspectRequest): Promise<Validated> {
  const started = performance.now();
  const { rules, minSeverity, ignore, wholeEstate } = request;
  const lists = listsFor(rules.flatMap(({ requires, consults }) => [...requires, ...consults]));
  const judged =
    (await judgeKept(ports, request, lists)) ?? (await judgeFresh(ports, request, lists));
  ports.progress.finish();
  const duration = millis(performance.now() - started);
  return buildValidation({
    ...judged,
    rules,
    minSeverity,
    ignore,
    wholeEstate,
    duration,
    files: null,
  });
}
