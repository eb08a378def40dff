import { damagedError } from '../../adapters/store/cleanup/failures.ts';
import { fileCleanupStore } from '../../adapters/store/cleanup/file-store.ts';
import { judgePlan } from '../../app/cleanup/approve.ts';
import { planAndKeep } from '../../app/cleanup/plan.ts';
import { autoApproves } from '../../core/cleanup/auto-approval.ts';
import { type CleanupHistory, cleanupHistory } from '../../core/cleanup/cleanup-history.ts';
import { hashDiffers, planUnknown } from '../../core/cleanup/desk-failures.ts';
import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { type PlanScope } from '../../core/cleanup/plan-scope.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { ReceivedFailure } from '../../core/serve/failure.ts';
import { type MadePlan, type PlanVerdict } from '../../ports/cleanup-desk.ts';
import { type CleanupStore } from '../../ports/cleanup-store.ts';
import { type CleanupBench } from '../cleanup/cleanup-of.ts';
import { type Estate } from '../wiring.ts';

/*
 * What is done for whoever asks from afar. Plans are named by their whole id alone: what somebody sends is never the name of a file.
 */

/** What the journals of this machine tell. */
export async function readHistory({ ports, changes }: Estate): Promise<CleanupHistory> {
  const { settings, directory } = changes;
  const store = fileCleanupStore(directory);
  const now = ports.clock.now();
  const [plans, runs] = [await store.plans(), await store.runs()];
  return cleanupHistory(plans, runs, settings.approvals, (plan) =>
    autoApproves(plan, settings, now),
  );
}

export async function makePlan({ ports, scan }: CleanupBench, scope: PlanScope): Promise<MadePlan> {
  const { view, notIncluded, report } = await planAndKeep(ports, scan, scope);
  return { view, notIncluded, warnings: report.warnings.map(({ message }) => message) };
}

export async function judgeKept(
  { ports, scan }: CleanupBench,
  { verdict, reason, ...named }: PlanVerdict,
): Promise<PlanView> {
  const plan = await planThatWasRead(ports.store, named);
  return await judgePlan(ports, scan, { plan, verdict, reason });
}

/** The plan of an id, if it is the one whose hash was read. Throws where it is not, and where there is none. */
export async function planThatWasRead(
  store: Pick<CleanupStore, 'plans'>,
  { planId, planHash }: Pick<PlanVerdict, 'planId' | 'planHash'>,
): Promise<CleanupPlan> {
  const journal = (await store.plans()).find(({ id }) => id === planId);
  if (journal === undefined) throw new ReceivedFailure(planUnknown(planId));
  const { path, damage, entries } = journal;
  if (damage !== null) throw damagedError(path, damage);
  const [planned] = entries;
  if (planned?.type !== 'planned') throw damagedError(path, 'it does not begin as a plan');
  const { plan } = planned;
  if (plan.plan_hash === planHash) return plan;
  throw new ReceivedFailure(hashDiffers(planId, plan.plan_hash, planHash));
}
