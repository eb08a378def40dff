import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { runView, type RunView } from '../../core/cleanup/run-view.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import { type Journal } from '../../ports/cleanup-store.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import {
  believableRuns,
  requireApproval,
  requireNotRejected,
  requireRights,
  requireSameWorld,
  requireWithinLimits,
} from './gatekeeping.ts';
import { requireCurrent, requireIntact } from './kept-plan.ts';
import { proofFor } from './proof.ts';
import { rehearse } from './rehearse.ts';
import { type ApplyRequest } from './requests.ts';
import { isResumable, runId } from './run-id.ts';
import { RunLog } from './run-log.ts';
import { runSteps } from './run-steps.ts';

/**
 * Carries out a plan, or goes on with it where an earlier run was interrupted. Throws a `MonitorError` where something is not in
 * order before the first change; what happens after that is in the run.
 */
export async function applyPlan(
  ports: CleanupPorts,
  scanning: CleanupScan,
  request: ApplyRequest,
): Promise<RunView> {
  const { plan } = request;
  requireIntact(plan);
  if (request.mode === 'rehearse') return await rehearseApply(ports, scanning, request);
  const past = believableRuns(await ports.store.runs());
  const wanted = runOf(plan, past)?.id ?? runId(plan.plan_id, ports.clock.now(), past);
  await using lock = await ports.lock.acquire(wanted, scanning.signal);
  // Whoever had the lock until now may have carried out this very plan.
  const runs = believableRuns(await ports.store.runs());
  const earlier = runOf(plan, runs);
  const journal =
    earlier === undefined
      ? await begin(ports, scanning, plan, { id: wanted, runs })
      : await resume(ports, scanning, plan, earlier);
  const log = new RunLog(journal, ports.clock);
  return await runSteps({
    bench: { ...ports, lock, log, working: 'applying', signal: scanning.signal },
    observer: request.observer,
    proof: proofFor(ports, scanning, plan),
    items: plan.items,
    closed: () =>
      new Date(plan.expires_at) <= ports.clock.now()
        ? `the plan expired at ${plan.expires_at}`
        : undefined,
  });
}

async function rehearseApply(
  ports: CleanupPorts,
  scanning: CleanupScan,
  { plan, observer }: ApplyRequest,
): Promise<RunView> {
  requireCurrent(plan, ports.clock.now(), scanning.settings);
  const runs = believableRuns(await ports.store.runs());
  if (runOf(plan, runs) === undefined) {
    requireWithinLimits(plan, runs, scanning.settings, ports.clock.now());
  }
  await requireSameWorld(ports, plan, scanning.signal);
  await requireRights(ports, plan.steps, scanning.signal);
  return await rehearse(ports, scanning, plan, observer);
}

/** The run of a plan that can be gone on with. Throws where the plan was carried out, or given up. */
function runOf(plan: CleanupPlan, runs: readonly RunView[]): RunView | undefined {
  const run = runs.findLast((each) => each.plan?.plan_hash === plan.plan_hash);
  if (run === undefined || isResumable(run)) return run;
  throw new CleanupRefusedError(
    `plan ${plan.plan_id} was carried out by run ${run.id}: ${run.state}`,
    {
      remediation: [
        `See what it did with truenas-monitor cleanup history ${run.id}.`,
        'Make a new plan for what is left.',
      ],
    },
  );
}

async function begin(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
  { id, runs }: { readonly id: string; readonly runs: readonly RunView[] },
): Promise<Journal> {
  const { clock, operator, store } = ports;
  const { settings, signal, toolVersion } = scanning;
  requireCurrent(plan, clock.now(), settings);
  requireWithinLimits(plan, runs, settings, clock.now());
  await requireSameWorld(ports, plan, signal);
  await requireRights(ports, plan.steps, signal);
  const approved = await requireApproval(ports, scanning, plan);
  return await store.create('run', id, {
    type: 'begun',
    at: clock.now().toISOString(),
    run_id: id,
    tool_version: toolVersion,
    by: await operator.identify(signal),
    approved_by: [...approved],
    work: { kind: 'apply', plan },
  });
}

async function resume(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
  run: RunView,
): Promise<Journal> {
  const { signal } = scanning;
  // Whoever saw the first half of it may have said no to the rest.
  await requireNotRejected(ports, scanning, plan);
  await requireSameWorld(ports, run, signal);
  await requireRights(
    ports,
    run.steps.map(({ step }) => step),
    signal,
  );
  const journal = await ports.store.open('run', run.id);
  if (runView(journal.entries) === undefined) throw new Error(`${run.id} is no run any more`);
  return journal;
}
