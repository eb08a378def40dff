import { type Finding } from '../model/finding.ts';
import { type Inventory } from '../model/inventory.ts';
import { type Policy } from '../model/policy.ts';
import { millis } from '../model/units.ts';
import { canonicalJson } from './plan-hash.ts';
import { type PlanBody } from './plan-schema.ts';
import { type CleanupSettings } from './settings.ts';
import { isMade } from './steps/making.ts';
import { STEP_MAKERS } from './steps/makers.ts';
import { type PlanEvidence } from './steps/scene.ts';

/** What there is to make the steps of a finding from, as it is now. */
export interface Again {
  readonly finding: Finding;
  readonly inventory: Inventory;
  readonly derived: PlanEvidence;
  readonly policy: Policy;
  readonly settings: Pick<CleanupSettings, 'quarantineParent'>;
}

type Planned = Pick<PlanBody, 'plan_id' | 'created_at' | 'expires_at' | 'steps'>;

function snapshotsIn(steps: PlanBody['steps']): ReadonlySet<string> {
  return new Set(
    steps.flatMap(({ change }) => (change.type === 'delete-snapshot' ? change.snapshot : [])),
  );
}

/**
 * Why the steps of an item are not what this tool would make of its finding now, in words; undefined where they are. A hash says that a
 * plan is as somebody made it, and not who: a file may hold the steps of one thing under the name and the finding of another.
 *
 * @param again the finding as it was just found again, before any step of the item was made
 */
export function notAsMadeNow(plan: Planned, again: Again): string | undefined {
  const { finding, inventory, derived, policy, settings } = again;
  const now = new Date(plan.created_at);
  const making = STEP_MAKERS[finding.remedy.action]?.(finding, {
    inventory,
    derived,
    policy,
    quarantineParent: settings.quarantineParent,
    planTtl: millis(new Date(plan.expires_at).getTime() - now.getTime()),
    snapshots: snapshotsIn(plan.steps),
    now,
    planId: plan.plan_id,
    goneTargets: new Set(),
  });
  if (making === undefined) return 'nothing is known to do about it';
  if (!isMade(making)) return making.reason;
  const made = new Set(
    making.steps.map(({ title, target, change }) => canonicalJson({ title, target, change })),
  );
  const strange = plan.steps.find(
    ({ item, title, target, change }) =>
      item === finding.id && !made.has(canonicalJson({ title, target, change })),
  );
  return strange && `step ${strange.id} is not what would be done about it now`;
}
