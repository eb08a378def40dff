import { autoApproves } from '../../core/cleanup/auto-approval.ts';
import { isIntact } from '../../core/cleanup/plan-hash.ts';
import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { type CleanupSettings } from '../../core/cleanup/settings.ts';
import { unsoundness } from '../../core/cleanup/sound-plan.ts';
import { planView, type PlanView } from '../../core/cleanup/plan-view.ts';
import { CleanupRefusedError, CleanupStoreError } from '../../core/model/errors.ts';
import { type Journal } from '../../ports/cleanup-store.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';

const NEW_PLAN = 'Make a new plan with truenas-monitor cleanup plan.';

/** Throws a `CleanupRefusedError` where a plan was edited since it was made, or is none that this tool makes. */
export function requireIntact(plan: CleanupPlan): void {
  const fault = isIntact(plan) ? unsoundness(plan) : 'its hash differs';
  if (fault === undefined) return;
  throw new CleanupRefusedError(`plan ${plan.plan_id} is not as it was made: ${fault}`, {
    remediation: [NEW_PLAN],
  });
}

/** The same where its time is over as well, or longer than the configuration lets any plan be good for. */
export function requireCurrent(
  plan: CleanupPlan,
  now: Date,
  { planTtl }: Pick<CleanupSettings, 'planTtl'>,
): void {
  requireIntact(plan);
  const [made, over] = [plan.created_at, plan.expires_at].map((each) => new Date(each).getTime());
  if (made === undefined || over === undefined || over - made > planTtl) {
    throw new CleanupRefusedError(
      `plan ${plan.plan_id} is good for longer than cleanup.plan_ttl allows`,
      { remediation: [NEW_PLAN] },
    );
  }
  if (over > now.getTime()) return;
  throw new CleanupRefusedError(`plan ${plan.plan_id} expired at ${plan.expires_at}`, {
    remediation: [NEW_PLAN],
  });
}

/** The journal of a plan; one that came as a file from elsewhere begins here. */
export async function openPlan(
  ports: CleanupPorts,
  plan: CleanupPlan,
  signal: AbortSignal,
): Promise<Journal> {
  const kept = await keptPlan(ports, plan);
  if (kept !== undefined) return kept;
  const { store, operator, clock } = ports;
  const by = await operator.identify(signal);
  const at = clock.now().toISOString();
  const journal = await store.create('plan', plan.plan_id, { type: 'planned', at, plan, by });
  for (const state of ['detected', 'validated', 'awaiting_approval'] as const) {
    await journal.append({ type: 'state', at, state, reason: null });
  }
  return journal;
}

/** The journal of a plan where there is one; nothing is written. */
export async function keptPlan(
  { store }: Pick<CleanupPorts, 'store'>,
  plan: CleanupPlan,
): Promise<Journal | undefined> {
  const kept = (await store.plans()).some(({ id }) => id === plan.plan_id);
  return kept ? await store.open('plan', plan.plan_id) : undefined;
}

/** A plan and what was said of it, under the settings as they are now. Throws where the kept plan of this id is another than the given one. */
export function viewPlan(
  journal: Journal,
  plan: CleanupPlan,
  { settings }: Pick<CleanupScan, 'settings'>,
  now: Date,
): PlanView {
  const view = planView(journal.id, journal.entries, settings.approvals, (each) =>
    autoApproves(each, settings, now),
  );
  if (view === undefined) {
    throw new CleanupStoreError(`${journal.path} is no journal of a plan`, {
      remediation: ['Move it away after a look at it.'],
    });
  }
  if (view.plan.plan_hash !== plan.plan_hash) {
    throw new CleanupRefusedError(`plan ${plan.plan_id} is not the one that is kept here`, {
      remediation: [NEW_PLAN],
      details: { kept: view.plan.plan_hash, given: plan.plan_hash },
    });
  }
  return view;
}
