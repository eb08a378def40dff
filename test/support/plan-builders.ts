import { planCleanup, type PlanRequest } from '../../src/lib/core/cleanup/plan-cleanup.ts';
import { type PlanBody } from '../../src/lib/core/cleanup/plan-schema.ts';
import { EVERYTHING } from '../../src/lib/core/cleanup/selection.ts';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type Remedy, type RemedyAction } from '../../src/lib/core/model/remedy.ts';
import { type DatasetPlace, type ResourceRef } from '../../src/lib/core/model/resource-ref.ts';
import { aDataset, NOW } from './builders.ts';
import { BOUNDLESS } from './planning.ts';
import { aFinding } from './report-builders.ts';

export function remedyTo(action: RemedyAction, over: Partial<Remedy> = {}): Remedy {
  return { action, safe: true, steps: ['Do it.'], command: null, ...over };
}

/** A certain finding about an object of a world. */
export function findingOf(
  action: RemedyAction,
  subject: ResourceRef,
  over: Partial<Finding> = {},
): Finding {
  const place: DatasetPlace | null =
    subject.type === 'Dataset' || subject.type === 'Zvol'
      ? { system: 'nas1', path: subject.name }
      : null;
  return aFinding({
    subject,
    place,
    remedy: remedyTo(action),
    kubernetesReference: null,
    labels: {},
    ...over,
  });
}

/** Plans for findings of a world, without limits unless some are given. */
export function planFor(
  inventory: Inventory,
  findings: readonly Finding[],
  over: Partial<PlanRequest> = {},
): PlanBody {
  return planCleanup({
    report: { findings, suppressed: [], complete: true },
    inventory,
    derived: correlate(inventory, DEFAULT_POLICY).derived,
    settings: BOUNDLESS,
    policy: DEFAULT_POLICY,
    now: NOW,
    toolVersion: '1.0.0',
    usage: new Map(),
    selection: EVERYTHING,
    ...over,
  });
}

/** A dataset that was put aside so many days ago. */
export function quarantined(days: number, over: Parameters<typeof aDataset>[0] = {}) {
  const dataset = aDataset(over);
  const since = new Date(NOW.getTime() - days * 24 * 3_600_000).toISOString();
  const mark = `${dataset.id};${since};0123456789abcdef`;
  return { ...dataset, marks: { ...dataset.marks, quarantined: mark } };
}

/** The one reason why nothing was planned. */
export function reasonOf({ items, left_out: out }: PlanBody): string {
  if (items.length > 0) return `planned: ${items.map(({ rule }) => rule).join(', ')}`;
  return out.map(({ reason }) => reason).join('; ');
}

export const titlesOf = ({ steps }: PlanBody): readonly string[] => steps.map(({ title }) => title);
