import { COUNTED_ON_LISTS, whoCountsOn } from '../../core/cleanup/counted-on.ts';
import { isAskedFor } from '../../core/cleanup/intents.ts';
import { protectableOf, protectedBy } from '../../core/cleanup/protect.ts';
import { type PlanBody, type PlanItem, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { NO_FILTER } from '../../core/model/filter.ts';
import { type Finding } from '../../core/model/finding.ts';
import { type Inventory, type ListSource } from '../../core/model/inventory.ts';
import { type Report } from '../../core/model/report.ts';
import { type Rule } from '../../core/model/rule.ts';
import { type Dataset } from '../../core/model/truenas.ts';
import { millis } from '../../core/model/units.ts';
import { listsFor } from '../../core/correlate/sources.ts';
import { notAsMadeNow } from '../../core/cleanup/made-again.ts';
import { RULES, selectRules } from '../../core/rules/registry.ts';
import { noHistory } from '../no-history.ts';
import { type ReportWithInventory, scanWithInventory } from '../scan.ts';
import { type ScanPorts } from '../scan-request.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import { unmarkedBy } from './unmarked.ts';
import { worldDifference } from './same-world.ts';

/** What looking again says of an item: it is as it was, it is not any more, or it cannot be told. */
export type Proven =
  | { readonly state: 'holds' }
  | { readonly state: 'gone' | 'unclear' | 'other-world'; readonly reason: string };

/** Proves the finding behind a step right before the step. */
export type Proof = (item: PlanItem, step: PlanStep) => Promise<Proven>;

/** Nothing that a proof reads is kept: it sees the world without our own marks, and by one rule alone. */
function proofPorts(ports: CleanupPorts, planId: string): ScanPorts {
  return {
    ...ports,
    systems: ports.systems.map((reader) => unmarkedBy(reader, planId)),
    cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    firstSeen: {
      load: async () => await ports.firstSeen.load(),
      save: () => Promise.resolve(),
    },
    history: noHistory,
  };
}

function incomplete({ sources }: Report): string {
  const missing = sources.find(
    ({ coverage: { state } }) => state === 'partial' || state === 'failed',
  );
  const why = missing !== undefined && 'reason' in missing.coverage ? missing.coverage.reason : '';
  return `not everything could be read: ${missing?.name ?? 'a source'}${why === '' ? '' : `, ${why}`}`;
}

/** A snapshot cannot be put aside first: what stands in for that is that nobody has missed it for as long. */
function isWatchedEnough(finding: Finding, step: PlanStep, { policy }: CleanupScan): boolean {
  if (step.change.type !== 'delete-snapshot' || finding.rule === 'dataset-quarantined') return true;
  return (finding.seenFor ?? 0) >= policy.quarantineFor;
}

/** Why a finding that is still there is nothing to act on; undefined where it is. */
function refusal(
  finding: Finding,
  { inventory }: ReportWithInventory,
  step: PlanStep,
  scanning: CleanupScan,
): string | undefined {
  if (finding.confidence !== 'certain') {
    const doubt = finding.doubt === null ? '' : `: ${finding.doubt.check}, ${finding.doubt.detail}`;
    return `it is no longer certain${doubt}`;
  }
  if (finding.evidence.some(({ check, result }) => check === 'managed-by' && result === 'passed')) {
    return 'another tool manages it';
  }
  if (!isWatchedEnough(finding, step, scanning)) return 'it has not been watched for long enough';
  const dataset = datasetOf(finding, inventory);
  const from = dataset?.marks.quarantined?.split(';')[0] ?? null;
  return protectedBy(protectableOf(finding, dataset, from), scanning.settings.protect);
}

/**
 * What has come to a dataset since it was planned to be destroyed. TrueNAS would refuse to take it along, after it has taken off its
 * shares; it shall not come to that.
 */
function newcomer(
  { subject, dataset, intent }: PlanItem,
  { systems }: Inventory,
  planned: ReadonlySet<string>,
): string | undefined {
  if (intent !== 'destroy' || dataset === null || subject.type === 'ZfsSnapshot') return undefined;
  const own = systems.filter(({ identity }) => identity.name === subject.system);
  const datasets = own.flatMap(({ lists }) => lists.datasets?.items ?? []);
  const below = datasets.find(({ id }) => id.startsWith(`${dataset}/`));
  if (below !== undefined) return `${below.id} is below it`;
  const snapshots = own.flatMap(({ lists }) => lists.zfsSnapshots?.items ?? []);
  const snapshot = snapshots.find((each) => each.dataset === dataset && !planned.has(each.id));
  return snapshot && `snapshot ${snapshot.id} is not in the plan`;
}

function deletesVolume({ intent, subject }: PlanItem): boolean {
  return intent === 'delete' && subject.type === 'PersistentVolume';
}

/** Who has come to count on a volume since it was planned to be deleted: its phase may say nothing of it. */
function claimant(item: PlanItem, inventory: Inventory): string | undefined {
  if (!deletesVolume(item)) return undefined;
  const { cluster, name } = item.subject;
  const volume = inventory.clusters
    .find(({ identity }) => identity.name === cluster)
    ?.lists.persistentVolumes?.items.find((each) => each.name === name);
  return volume && whoCountsOn(volume, inventory);
}

/** What is read beside what the rule asks for. */
function listsBeside(item: PlanItem, isFirst: boolean): Iterable<ListSource> {
  if (isFirst) return EVERYTHING;
  return deletesVolume(item) ? COUNTED_ON_LISTS : [];
}

/** Snapshots that the plan deletes itself. */
function snapshotsIn(steps: readonly PlanStep[]): ReadonlySet<string> {
  return new Set(
    steps.flatMap(({ change }) => (change.type === 'delete-snapshot' ? change.snapshot : [])),
  );
}

function datasetOf({ place }: Finding, { systems }: Inventory): Dataset | undefined {
  return systems
    .find(({ identity }) => identity.name === place?.system)
    ?.lists.datasets?.items.find(({ id }) => id === place?.path);
}

interface Known {
  readonly scanning: CleanupScan;
  /** Snapshots that go with the dataset. */
  readonly planned: ReadonlySet<string>;
}

function verdictOn(
  read: ReportWithInventory,
  item: PlanItem,
  step: PlanStep,
  { scanning, planned }: Known,
): Proven {
  const { report } = read;
  const finding = report.findings.find(({ id }) => id === item.id);
  if (finding === undefined) {
    const isSuppressed = report.suppressed.some((each) => each.finding.id === item.id);
    return {
      state: 'gone',
      reason: isSuppressed ? 'somebody marked it to be left alone' : `${item.rule} holds no more`,
    };
  }
  if (!isAskedFor(item, finding.remedy.action)) {
    return { state: 'gone', reason: `it asks for something else now: ${finding.reason}` };
  }
  const { inventory } = read;
  const reason =
    refusal(finding, read, step, scanning) ??
    newcomer(item, inventory, planned) ??
    claimant(item, inventory);
  return reason === undefined ? { state: 'holds' } : { state: 'gone', reason };
}

/** A side that is out of reach as a whole proves as little as a list that is cut short. */
async function readAgain(
  reading: ScanPorts,
  rules: readonly Rule[],
  { drivers, policy, ignore, wholeEstate, signal }: CleanupScan,
  more: Iterable<ListSource>,
): Promise<ReportWithInventory | Proven> {
  const request = {
    ...{ rules, drivers, policy, ignore, wholeEstate, signal },
    ...{ filter: NO_FILTER, maxAge: millis(0), cacheKey: '' },
  };
  try {
    return await scanWithInventory(reading, request, more);
  } catch (error) {
    if (signal.aborted || !(error instanceof MonitorError)) throw error;
    return { state: 'unclear', reason: `not everything could be read: ${error.message}` };
  }
}

/**
 * Judges by the very rule that found the item, on a fresh reading of both sides with its second read. Certain means that nothing leans
 * on it; a source that could not be read whole proves nothing.
 */
export function proofFor(ports: CleanupPorts, scanning: CleanupScan, plan: ProvenPlan): Proof {
  const known = { scanning, planned: snapshotsIn(plan.steps) };
  const reading = proofPorts(ports, plan.plan_id);
  return async (item, step) => {
    const isFirst = plan.steps.find((each) => each.item === item.id)?.id === step.id;
    const rules: readonly Rule[] = selectRules({
      categories: null,
      globs: [item.rule],
      types: null,
    });
    const read = await readAgain(reading, rules, scanning, listsBeside(item, isFirst));
    if ('state' in read) return read;
    const { report } = read;
    const difference = worldDifference(plan, report);
    if (difference !== undefined) return { state: 'other-world', reason: difference };
    if (!report.complete) return { state: 'unclear', reason: incomplete(report) };
    const proven = verdictOn(read, item, step, known);
    return proven.state === 'holds' && isFirst ? sameSteps(read, item, plan, scanning) : proven;
  };
}

/** Before the first step of an item: that its steps are those that this tool makes of the finding, and no others. */
function sameSteps(
  { report, inventory, derived }: ReportWithInventory,
  item: PlanItem,
  plan: ProvenPlan,
  { policy, settings }: CleanupScan,
): Proven {
  const finding = report.findings.find(({ id }) => id === item.id);
  if (finding === undefined) return { state: 'gone', reason: `${item.rule} holds no more` };
  const reason = notAsMadeNow(plan, { finding, inventory, derived, policy, settings });
  return reason === undefined ? { state: 'holds' } : { state: 'gone', reason };
}

type ProvenPlan = Pick<
  PlanBody,
  'clusters' | 'systems' | 'plan_id' | 'steps' | 'created_at' | 'expires_at'
>;

/** What plans are made from. */
const EVERYTHING = listsFor(RULES.flatMap(({ requires, consults }) => [...requires, ...consults]));
