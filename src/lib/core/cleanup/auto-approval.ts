import { globMatcher } from '../model/glob.ts';
import { type CleanupPlan, type PlanItem } from './plan-schema.ts';
import { type AutoApproval, type CleanupSettings } from './settings.ts';

/** Whether an entry covers an item: a quarantine by a rule it names, of something old and small enough. */
function covers({ rule, minAge, maxBytes }: AutoApproval, item: PlanItem, now: Date): boolean {
  const { intent, created_at: createdAt, bytes } = item;
  return (
    intent === 'quarantine' &&
    globMatcher(rule)(item.rule) &&
    createdAt !== null &&
    now.getTime() - new Date(createdAt).getTime() >= minAge &&
    bytes <= maxBytes
  );
}

/** Whether the configuration alone approves of a plan: only where it covers every item. */
export function autoApproves(
  { items }: Pick<CleanupPlan, 'items'>,
  { autoApprove }: Pick<CleanupSettings, 'autoApprove'>,
  now: Date,
): boolean {
  return (
    items.length > 0 && items.every((item) => autoApprove.some((entry) => covers(entry, item, now)))
  );
}
