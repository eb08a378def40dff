import { targetKey, VOLATILE, type Expectation, type Identity } from './expectation.ts';
import { type Candidate } from './order.ts';
import { type PlanStep } from './plan-schema.ts';
import { type StepDraft } from './steps/making.ts';

/*
 * From items to the steps of a plan, one after another.
 */

function settled(identity: Identity): Identity {
  const volatile: readonly string[] = VOLATILE;
  return Object.fromEntries(Object.entries(identity).filter(([key]) => !volatile.includes(key)));
}

function homeOf({ target }: StepDraft): string {
  return target.side === 'truenas' ? `system ${target.system}` : `cluster ${target.cluster}`;
}

/** Looks at an object for what changes with every write the first time only: later it is as the step before left it. */
function comparable(
  { target, identity }: Expectation,
  home: string,
  seen: Set<string>,
): Expectation {
  if (identity === null) return { target, identity };
  const key = `${home} ${targetKey(target)}`;
  if (seen.has(key)) return { target, identity: settled(identity) };
  seen.add(key);
  return { target, identity };
}

/** Gives the steps of all items their numbers; what comes after a change is never told by what changes with every write. */
export function numbered(candidates: readonly Candidate[]): PlanStep[] {
  const drafts = candidates.flatMap(({ finding, made }) =>
    made.steps.map((draft) => ({ finding, draft })),
  );
  const width = Math.max(2, String(drafts.length).length);
  const seen = new Set<string>();
  return drafts.map(({ finding, draft }, index): PlanStep => {
    const home = homeOf(draft);
    const { title, target, subject, change, preconditions, undo, reversibleUntil, bytes } = draft;
    return {
      id: `s${String(index + 1).padStart(width, '0')}`,
      item: finding.id,
      title,
      target,
      subject,
      change,
      before: draft.before.map((each) => comparable(each, home, seen)),
      after: draft.after.map((each) => ({
        target: each.target,
        identity: each.identity === null ? null : settled(each.identity),
      })),
      preconditions: [`${finding.rule} still finds it so, for certain`, ...preconditions],
      undo,
      reversible_until: reversibleUntil?.toISOString() ?? null,
      bytes,
    };
  });
}
