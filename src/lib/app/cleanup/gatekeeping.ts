import { type Actor } from '../../core/cleanup/journal-schema.ts';
import { autoApproves } from '../../core/cleanup/auto-approval.ts';
import { usageOf, violations } from '../../core/cleanup/limits.ts';
import { type CleanupPlan, type Limits, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { runView, type RunView } from '../../core/cleanup/run-view.ts';
import { type CleanupSettings } from '../../core/cleanup/settings.ts';
import { CleanupRefusedError, CleanupStoreError } from '../../core/model/errors.ts';
import { planView, type PlanView } from '../../core/cleanup/plan-view.ts';
import { type Journal, type StoredJournal } from '../../ports/cleanup-store.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import { lackingFor } from './gate.ts';
import { openPlan, viewPlan } from './kept-plan.ts';
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
  const view = viewPlan(journal, plan, scanning);
  if (view.state !== 'rejected') return { journal, view };
  throw new CleanupRefusedError(`plan ${plan.plan_id} was rejected`, {
    remediation: ['Make a new plan with truenas-monitor cleanup plan.'],
  });
}

/** What was said of a plan so far, the configuration included; nothing is written down. */
export async function verdictOn(
  { store, clock }: Pick<CleanupPorts, 'store' | 'clock'>,
  { settings }: Pick<CleanupScan, 'settings'>,
  plan: CleanupPlan,
): Promise<PlanView['state']> {
  const kept = (await store.plans()).find(({ id }) => id === plan.plan_id);
  const view = kept && planView(kept.id, kept.entries, settings.approvals);
  if (view !== undefined && view.state !== 'awaiting_approval') return view.state;
  return autoApproves(plan, settings, clock.now()) ? 'approved' : 'awaiting_approval';
}

/** Who approved of the plan, the configuration included. Throws where that does not suffice. */
export async function requireApproval(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
): Promise<readonly Actor[]> {
  const { journal, view } = await requireNotRejected(ports, scanning, plan);
  if (view.state === 'approved') return view.approvals.map(({ by }) => by);
  const now = ports.clock.now();
  if (autoApproves(plan, scanning.settings, now)) {
    const by: Actor = { kind: 'policy', name: 'cleanup.auto_approve' };
    const at = now.toISOString();
    const { plan_hash } = plan;
    await journal.append({ type: 'approved', at, plan_hash, by, reason: null });
    await journal.append({ type: 'state', at, state: 'approved', reason: null });
    return [by];
  }
  const { approvals: needed } = scanning.settings;
  const given = new Set(view.approvals.map(({ by }) => by.name)).size;
  throw new CleanupRefusedError(
    `plan ${plan.plan_id} is not approved: ${given} of ${needed} approvals`,
    {
      remediation: [
        `Read it, and approve it with truenas-monitor cleanup approve ${plan.plan_id}.`,
        ...(needed > 1
          ? ['Several approvals count only from people whom Kubernetes knows by different names.']
          : []),
      ],
    },
  );
}

function limitsOf({ maxItems, maxBytes, maxPercent }: CleanupSettings): Limits {
  return { max_items: maxItems, max_bytes: maxBytes, max_percent: maxPercent };
}

/** Throws where the plan and the last 24 h together are beyond the limits as they are now. */
export function requireWithinLimits(
  plan: CleanupPlan,
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
