import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import { requireSameWorld } from './gatekeeping.ts';
import { openPlan, requireCurrent, viewPlan } from './kept-plan.ts';
import { type JudgeRequest } from './requests.ts';

/**
 * Writes down who approves of a plan, or does not. Throws a `CleanupRefusedError` for a plan that was edited, is expired or rejected,
 * for other servers than those behind the configuration, and for an approval that could not count.
 */
export async function judgePlan(
  ports: CleanupPorts,
  scanning: CleanupScan,
  { plan, verdict, reason }: JudgeRequest,
): Promise<PlanView> {
  const { clock, operator } = ports;
  requireCurrent(plan, clock.now(), scanning.settings);
  const by = await operator.identify(scanning.signal);
  const { approvals } = scanning.settings;
  // Before the journal is made as well: who speaks of a plan here has to see the servers it is for.
  await requireSameWorld(ports, plan, scanning.signal);
  if (verdict === 'approve' && approvals > 1 && by.kind !== 'kubernetes') {
    throw new CleanupRefusedError(
      `${approvals} people have to approve, and no cluster says who ${by.name} is`,
      {
        remediation: [
          by.kind === 'token'
            ? 'Approve with a token of Kubernetes where server.auth.mode is kubernetes, or with truenas-monitor cleanup approve and a kubeconfig of your own: an identity provider does not count for several.'
            : 'Use a kubeconfig of your own: Kubernetes 1.28 tells who you are without any further right.',
        ],
      },
    );
  }
  const journal = await openPlan(ports, plan, scanning.signal);
  const before = viewPlan(journal, plan, scanning, clock.now());
  if (before.state === 'rejected') {
    throw new CleanupRefusedError(`plan ${plan.plan_id} was rejected`, {
      remediation: ['Make a new plan with truenas-monitor cleanup plan.'],
    });
  }
  const at = clock.now().toISOString();
  const type = verdict === 'approve' ? 'approved' : 'rejected';
  await journal.append({ type, at, plan_hash: plan.plan_hash, by, reason });
  const after = viewPlan(journal, plan, scanning, clock.now());
  if (after.state !== before.state) {
    await journal.append({ type: 'state', at, state: after.state, reason });
  }
  return after;
}
