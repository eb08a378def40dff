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

/** One person counts once, as often as they approve. */
function onceEach(approvals: readonly Approval[]): readonly Approval[] {
  const issuerOf = (actor: Actor): string => (actor.kind === 'token' ? actor.issuer : '');
  const same = (a: Actor, b: Actor): boolean =>
    a.kind === b.kind && a.name === b.name && issuerOf(a) === issuerOf(b);
  return approvals.filter(
    ({ by }, index) => approvals.findIndex((other) => same(other.by, by)) === index,
  );
}

type Vouched = Approval & { readonly by: Extract<Actor, { kind: 'kubernetes' }> };

function isVouchedIn({ clusters }: CleanupPlan, approval: Approval): approval is Vouched {
  const { by } = approval;
  return by.kind === 'kubernetes' && clusters.some(({ uid }) => uid === by.cluster_uid);
}

/**
 * Approvals that count: one a person, and of those whom a cluster vouches for only where it is one of the plan, since whoever likes can
 * set up a cluster that knows them by any name. Where several are asked for, neither the users of this machine count, whose owner can be
 * any of them, nor those of tokens, whose issuer is whom the configuration on this machine says, and all have to be known in one and the same cluster: nobody can tell whether two clusters speak of one person. What the
 * configuration said once does not count at all: it is asked anew.
 */
export function approvalsThatCount(
  { plan, approvals }: Pick<PlanView, 'plan' | 'approvals'>,
  needed: number,
): readonly Approval[] {
  const vouched = approvals.filter((each) => isVouchedIn(plan, each));
  if (needed <= 1) {
    return onceEach(
      approvals.filter((each) => ['os', 'token'].includes(each.by.kind) || isVouchedIn(plan, each)),
    );
  }
  const byCluster = [...Map.groupBy(vouched, ({ by }) => by.cluster_uid).values()].map(onceEach);
  return byCluster.reduce((most, each) => (each.length > most.length ? each : most), []);
}

/** Why approvals of others than those that count do not, each reason once. */
export function whyNotCounted(
  { plan, approvals }: Pick<PlanView, 'plan' | 'approvals'>,
  needed: number,
): readonly string[] {
  const counted = approvalsThatCount({ plan, approvals }, needed);
  const others = approvals.filter(
    ({ by }) => !counted.some((each) => each.by.kind === by.kind && each.by.name === by.name),
  );
  return [...new Set(others.map((each) => reasonAgainst(plan, each)))];
}

function reasonAgainst(plan: CleanupPlan, approval: Approval): string {
  const { by } = approval;
  if (by.kind === 'policy') return 'cleanup.auto_approve does not cover the plan any more';
  if (by.kind === 'os' || by.kind === 'token') return `no cluster vouches for ${by.name}`;
  return isVouchedIn(plan, approval)
    ? `${by.name} is known in cluster ${by.cluster}, and others in another`
    : `${by.name} is known in cluster ${by.cluster}, which is none of the plan`;
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

/**
 * Folds the journal of a plan; undefined where it does not begin as one. Only what names the hash of the plan counts.
 *
 * @param needed approvals that the configuration asks for
 * @param approvesAlone whether the configuration approves of a plan by itself, as it is now
 */
export function planView(
  id: string,
  entries: readonly JournalEntry[],
  needed: number,
  approvesAlone: (plan: CleanupPlan) => boolean = () => false,
): PlanView | undefined {
  const [planned] = entries;
  if (planned?.type !== 'planned') return undefined;
  const { plan, by: plannedBy } = planned;
  const verdicts = verdictsOn(plan, entries);
  const approvals = verdicts.filter(({ type }) => type === 'approved').map(approvalOf);
  const rejected = verdicts.findLast(({ type }) => type === 'rejected');
  const rejection = rejected === undefined ? null : approvalOf(rejected);
  const isApproved = (): boolean =>
    approvalsThatCount({ plan, approvals }, needed).length >= needed || approvesAlone(plan);
  const given = isApproved() ? 'approved' : 'awaiting_approval';
  const state = rejection === null ? given : 'rejected';
  return { id, plan, plannedBy, approvals, rejection, state };
}
