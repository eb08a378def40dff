import { globMatcher } from '../model/glob.ts';
import { type Change } from './change.ts';
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

/** Whether a change only puts aside, and can be taken back. */
function putsAside(change: Change): boolean {
  if (change.type === 'set-enabled') return !change.enabled;
  if (change.type === 'set-mark') return change.mark !== null;
  return change.type === 'move-dataset';
}

/**
 * Whether the configuration alone approves of a plan: only where it covers every item, and every step puts aside one of them. What an item
 * says of itself is not what is sent.
 */
export function autoApproves(
  { items, steps }: Pick<CleanupPlan, 'items' | 'steps'>,
  { autoApprove }: Pick<CleanupSettings, 'autoApprove'>,
  now: Date,
): boolean {
  const covered = new Set(
    items
      .filter((item) => autoApprove.some((entry) => covers(entry, item, now)))
      .map(({ id }) => id),
  );
  return (
    items.length > 0 &&
    items.every(({ id }) => covered.has(id)) &&
    steps.every(({ item, change }) => covered.has(item) && putsAside(change))
  );
}
