import { counted, formatBytes } from '../render/text/format.ts';
import { bytes } from '../model/units.ts';
import { type CleanupPlan, type Limits, type PlanBody, type PlanItem } from './plan-schema.ts';
import { type RunView, type StepView, withRollbacks } from './run-view.ts';

/*
 * How much may be taken away within a day, of each cluster and each system: whatever is wrong with a plan, it is wrong of little.
 * Repairs take nothing away and do not count.
 */

const DAY = 24 * 3_600_000;

/** What was taken away from one cluster or system. */
export interface HomeUsage {
  readonly items: number;
  readonly bytes: number;
  /** Datasets, by the path of the parent among whose volumes they count. */
  readonly datasets: ReadonlyMap<string, ReadonlySet<string>>;
}

/** By uid of `kube-system` or host id, whatever they are called in the configuration. */
export type Usage = ReadonlyMap<string, HomeUsage>;

/** One item that takes something away. */
export interface Removal {
  readonly home: string;
  readonly bytes: number;
  /** Null where it is not about a volume of a known parent. */
  readonly volume: {
    readonly dataset: string;
    readonly parent: string;
    /** How many managed volumes the parent has. */
    readonly managed: number;
  } | null;
}

const UNUSED: HomeUsage = { items: 0, bytes: 0, datasets: new Map() };

type Homes = Pick<PlanBody, 'clusters' | 'systems' | 'parents'>;

function homeOf({ subject }: PlanItem, { clusters, systems }: Homes): string | undefined {
  return (
    clusters.find(({ name }) => name === subject.cluster)?.uid ??
    systems.find(({ name }) => name === subject.system)?.host_id
  );
}

/** What an item takes away; undefined of a repair. One whose home the plan does not name counts under its name. */
export function removalOf(item: PlanItem, homes: Homes): Removal | undefined {
  if (item.intent === 'repair') return undefined;
  const { subject, bytes: size, dataset, parent } = item;
  const home = homeOf(item, homes) ?? subject.cluster ?? subject.system ?? '';
  const volume =
    dataset === null || parent === null
      ? null
      : { dataset, parent, managed: homes.parents[parentKey(subject.system, parent)] ?? 0 };
  return { home, bytes: size, volume };
}

/** Key of `parents` in a plan. */
export function parentKey(system: string | null, path: string): string {
  return `${system ?? ''}:${path}`;
}

/** What is used once this was taken away too. */
export function withRemoval(usage: Usage, { home, bytes: size, volume }: Removal): Usage {
  const used = usage.get(home) ?? UNUSED;
  const datasets = new Map(used.datasets);
  if (volume !== null) {
    const { parent, dataset } = volume;
    datasets.set(parent, new Set([...(datasets.get(parent) ?? []), dataset]));
  }
  const after = { items: used.items + 1, bytes: used.bytes + size, datasets };
  return new Map([...usage, [home, after]]);
}

/** One is always allowed: a parent of ten volumes would else never be rid of any. */
function allowedOf(managed: number, { max_percent: percent }: Limits): number {
  return Math.max(1, Math.floor((managed * percent) / 100));
}

/** The limit that does not let an item pass, in words; undefined where all do. */
export function whyTooMuch(removal: Removal, usage: Usage, limits: Limits): string | undefined {
  const { home, volume } = removal;
  const after = withRemoval(usage, removal).get(home) ?? UNUSED;
  if (after.items > limits.max_items) {
    return `max_items allows ${counted(limits.max_items, 'item')} within 24 h`;
  }
  if (after.bytes > limits.max_bytes) {
    return `max_bytes allows ${formatBytes(bytes(limits.max_bytes))} within 24 h`;
  }
  if (volume === null) return undefined;
  const allowed = allowedOf(volume.managed, limits);
  const count = after.datasets.get(volume.parent)?.size ?? 0;
  return count > allowed
    ? `max_percent allows ${String(allowed)} of the ${counted(volume.managed, 'volume')} below ${volume.parent} within 24 h`
    : undefined;
}

/** Whether something was taken away, or may have been. */
function counts({ state, pending, at }: StepView, since: number): boolean {
  const happened = pending || state === 'done' || state === 'unknown';
  return happened && at !== null && at.getTime() > since;
}

/** What all runs took away in the 24 h before an instant. What was rolled back is not gone. */
export function usageOf(runs: readonly RunView[], now: Date): Usage {
  const since = now.getTime() - DAY;
  let usage: Usage = new Map();
  for (const { plan, steps } of withRollbacks(runs)) {
    if (plan === null) continue;
    const touched = new Set(
      steps.filter((each) => counts(each, since)).map(({ step }) => step.item),
    );
    for (const item of plan.items) {
      const removal = touched.has(item.id) ? removalOf(item, plan) : undefined;
      if (removal !== undefined) usage = withRemoval(usage, removal);
    }
  }
  return usage;
}

/** What a plan would take away beyond the limits, item by item: asked again before its first change. */
export function violations(
  plan: Pick<CleanupPlan, 'items' | 'clusters' | 'systems' | 'parents'>,
  usage: Usage,
  limits: Limits,
): string[] {
  const found: string[] = [];
  let used = usage;
  for (const item of plan.items) {
    const removal = removalOf(item, plan);
    if (removal === undefined) continue;
    const reason = whyTooMuch(removal, used, limits);
    if (reason !== undefined) found.push(`${item.subject.name}: ${reason}`);
    used = withRemoval(used, removal);
  }
  return found;
}
