import { type Actor, type EntryOf, type JournalEntry } from './journal-schema.ts';
import { type LifecycleState } from './lifecycle.ts';
import { type CleanupPlan } from './plan-schema.ts';

/** A plan, and who said what of it. */
export interface PlanView {
  readonly id: string;
  readonly plan: CleanupPlan;
  readonly plannedBy: Actor;
  readonly approvals: readonly Approval[];
  readonly rejection: Approval | null;
  readonly state: Extract<LifecycleState, 'awaiting_approval' | 'approved' | 'rejected'>;
}

export interface Approval {
  readonly by: Actor;
  readonly at: Date;
  readonly reason: string | null;
}

/** One person counts once, whatever they are called in different clusters of one name. */
function sameActor(a: Actor, b: Actor): boolean {
  if (a.kind === 'kubernetes' && b.kind === 'kubernetes') {
    return a.name === b.name && a.cluster_uid === b.cluster_uid;
  }
  return a.kind === b.kind && a.name === b.name;
}

/**
 * Approvals that count: one a person; where several are asked for, only of people whom a server vouches for, since whoever owns
 * this machine can be anybody on it.
 */
function counting(approvals: readonly Approval[], needed: number): readonly Approval[] {
  const vouched = needed > 1 ? approvals.filter(({ by }) => by.kind === 'kubernetes') : approvals;
  return vouched.filter(
    (each, index) => vouched.findIndex((other) => sameActor(other.by, each.by)) === index,
  );
}

type Verdict = EntryOf<'approved'> | EntryOf<'rejected'>;

/** What was said of a plan. Of an entry that names another hash nobody knows what it was said of. */
function verdictsOn({ plan_hash: hash }: CleanupPlan, entries: readonly JournalEntry[]): Verdict[] {
  return entries
    .filter((entry) => entry.type === 'approved' || entry.type === 'rejected')
    .filter(({ plan_hash: named }) => named === hash);
}

function approvalOf({ by, at, reason }: Verdict): Approval {
  return { by, at: new Date(at), reason };
}

function stateOf(
  approvals: readonly Approval[],
  rejection: Approval | null,
  needed: number,
): PlanView['state'] {
  if (rejection !== null) return 'rejected';
  const byPolicy = approvals.some(({ by }) => by.kind === 'policy');
  return byPolicy || counting(approvals, needed).length >= needed
    ? 'approved'
    : 'awaiting_approval';
}

/**
 * Folds the journal of a plan; undefined where it does not begin as one. Only what names the hash of the plan counts.
 *
 * @param needed approvals that the configuration asks for
 */
export function planView(
  id: string,
  entries: readonly JournalEntry[],
  needed: number,
): PlanView | undefined {
  const [planned] = entries;
  if (planned?.type !== 'planned') return undefined;
  const { plan, by: plannedBy } = planned;
  const verdicts = verdictsOn(plan, entries);
  const approvals = verdicts.filter(({ type }) => type === 'approved').map(approvalOf);
  const rejected = verdicts.findLast(({ type }) => type === 'rejected');
  const rejection = rejected === undefined ? null : approvalOf(rejected);
  const state = stateOf(approvals, rejection, needed);
  return { id, plan, plannedBy, approvals, rejection, state };
}
