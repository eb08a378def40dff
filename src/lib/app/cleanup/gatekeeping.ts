import { type Actor } from '../../core/cleanup/journal-schema.ts';
import { autoApproves } from '../../core/cleanup/auto-approval.ts';
import { usageOf, violations } from '../../core/cleanup/limits.ts';
import { type CleanupPlan, type Limits, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { runView, type RunView } from '../../core/cleanup/run-view.ts';
import { type CleanupSettings } from '../../core/cleanup/settings.ts';
import { CleanupRefusedError, CleanupStoreError } from '../../core/model/errors.ts';
import { approvalsThatCount, type PlanView, whyNotCounted } from '../../core/cleanup/plan-view.ts';
import { type Journal, type StoredJournal } from '../../ports/cleanup-store.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import { lackingFor } from './gate.ts';
import { keptPlan, openPlan, viewPlan } from './kept-plan.ts';
import { otherWorld, worldDifference } from './same-world.ts';

/*
 * Everything that has to be in order before the first change of a run. Each throws a `MonitorError` where it is not, and nothing was
 * changed then.
 */

/** The runs of the past. What one journal hides may have used up the limits, or be under way still. */
export function believableRuns(journals: readonly StoredJournal[]): readonly RunView[] {
  const damaged = journals.find(({ damage }) => damage !== null);
  if (damaged !== undefined) {
    throw new CleanupStoreError(`${damaged.path} is damaged: ${damaged.damage ?? ''}`, {
      remediation: [
        'Compare what it tells with the servers: truenas-monitor cleanup history shows it.',
        'Move it away then; what it holds counts no longer for the limits, and cannot be rolled back.',
      ],
    });
  }
  return journals.flatMap(({ entries }) => runView(entries) ?? []);
}

/** The journal of a plan and what was said in it. Throws where somebody said no. */
export async function requireNotRejected(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
): Promise<{ readonly journal: Journal; readonly view: PlanView }> {
  const journal = await openPlan(ports, plan, scanning.signal);
  const view = viewPlan(journal, plan, scanning, ports.clock.now());
  refuseRejected(view);
  return { journal, view };
}

function refuseRejected({ state, plan }: PlanView): void {
  if (state !== 'rejected') return;
  throw new CleanupRefusedError(`plan ${plan.plan_id} was rejected`, {
    remediation: ['Make a new plan with truenas-monitor cleanup plan.'],
  });
}

/** What was said of a plan so far, the configuration included; nothing is written down. */
export async function verdictOn(
  ports: CleanupPorts,
  { settings }: Pick<CleanupScan, 'settings'>,
  plan: CleanupPlan,
): Promise<PlanView['state']> {
  const now = ports.clock.now();
  const journal = await keptPlan(ports, plan);
  if (journal !== undefined) return viewPlan(journal, plan, { settings }, now).state;
  return autoApproves(plan, settings, now) ? 'approved' : 'awaiting_approval';
}

/**
 * What keeps a plan from being carried out that a dry run goes through all the same; undefined where nothing does. Writes nothing,
 * and throws where somebody said no.
 */
export async function lackOfApproval(
  ports: CleanupPorts,
  { settings }: CleanupScan,
  plan: CleanupPlan,
): Promise<string | undefined> {
  const now = ports.clock.now();
  const journal = await keptPlan(ports, plan);
  if (journal === undefined) {
    if (autoApproves(plan, settings, now)) return undefined;
    return notApproved({ plan, approvals: [] }, settings.approvals);
  }
  const view = viewPlan(journal, plan, { settings }, now);
  refuseRejected(view);
  return view.state === 'approved' ? undefined : notApproved(view, settings.approvals);
}

function notApproved(view: Pick<PlanView, 'plan' | 'approvals'>, needed: number): string {
  const given = approvalsThatCount(view, needed).length;
  const others = whyNotCounted(view, needed);
  const why = others.length === 0 ? '' : `; others do not count: ${others.join('; ')}`;
  return `plan ${view.plan.plan_id} is not approved: ${given} of ${needed} approvals${why}`;
}

/** Who approved of the plan, the configuration included. Throws where that does not suffice. */
export async function requireApproval(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
): Promise<readonly Actor[]> {
  const { journal, view } = await requireNotRejected(ports, scanning, plan);
  const { approvals: needed } = scanning.settings;
  if (view.state !== 'approved') {
    throw new CleanupRefusedError(notApproved(view, needed), {
      remediation: [
        `Read it, and approve it with truenas-monitor cleanup approve ${plan.plan_id}.`,
        ...(needed > 1
          ? ['Several approvals count only from people whom one cluster knows by different names.']
          : []),
      ],
    });
  }
  const people = approvalsThatCount(view, needed).map(({ by }) => by);
  return people.length >= needed ? people : [await approvedByPolicy(ports, journal, view)];
}

/** Writes down, once, that the configuration approved of a plan alone. That is for the history: it is asked anew each time. */
async function approvedByPolicy(
  { clock }: CleanupPorts,
  journal: Journal,
  { plan: { plan_hash }, approvals }: PlanView,
): Promise<Actor> {
  const by: Actor = { kind: 'policy', name: 'cleanup.auto_approve' };
  if (approvals.some((each) => each.by.kind === 'policy')) return by;
  const at = clock.now().toISOString();
  await journal.append({ type: 'approved', at, plan_hash, by, reason: null });
  await journal.append({ type: 'state', at, state: 'approved', reason: null });
  return by;
}

function limitsOf({ maxItems, maxBytes, maxPercent }: CleanupSettings): Limits {
  return { max_items: maxItems, max_bytes: maxBytes, max_percent: maxPercent };
}

/** Throws where the plan and the last 24 h together are beyond the limits as they are now. */
export function requireWithinLimits(
  plan: Parameters<typeof violations>[0],
  runs: readonly RunView[],
  settings: CleanupSettings,
  now: Date,
): void {
  const [first, ...others] = violations(plan, usageOf(runs, now), limitsOf(settings));
  if (first === undefined) return;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  throw new CleanupRefusedError(`the plan is beyond the limits: ${first}${more}`, {
    remediation: [
      'Make a new plan, which takes up what the limits leave, or wait until 24 h are over.',
      'Raise the limit in cleanup: of the configuration if so much is meant to go.',
    ],
  });
}

/** Throws where the users of this tool may not do all that is to be done. */
export async function requireRights(
  { writers }: CleanupPorts,
  steps: readonly PlanStep[],
  signal: AbortSignal,
): Promise<void> {
  const lacking = await lackingFor(writers, steps, signal);
  if (lacking.length === 0) return;
  throw new CleanupRefusedError(`rights are missing: ${lacking.join('; ')}`, {
    remediation: [
      'Grant them: docs/truenas-access.md and docs/kubernetes-access.md say how, for clean-up alone.',
    ],
  });
}

/** Throws where the servers behind the configuration are others than those a plan was made for. */
export async function requireSameWorld(
  { clusters, systems }: CleanupPorts,
  plan: Pick<CleanupPlan, 'clusters' | 'systems'>,
  signal: AbortSignal,
): Promise<void> {
  const [foundClusters, foundSystems] = await Promise.all([
    Promise.all(clusters.map(async (each) => await each.identify(signal))),
    Promise.all(systems.map(async (each) => await each.identify(signal))),
  ]);
  const difference = worldDifference(plan, { clusters: foundClusters, systems: foundSystems });
  if (difference === undefined) return;
  throw otherWorld(difference, null);
}
