import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { runView, type RunView, type StepView } from '../../core/cleanup/run-view.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import { type Journal } from '../../ports/cleanup-store.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import {
  believableRuns,
  lackOfApproval,
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
import { isUnsettled, isUntouched } from './step-progress.ts';

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
  const { journal, closed } =
    earlier === undefined
      ? await begin(ports, scanning, plan, { id: wanted, runs })
      : await resume(ports, scanning, plan, { run: earlier, runs });
  const log = new RunLog(journal, ports.clock);
  return await runSteps({
    bench: { ...ports, lock, log, working: 'applying', signal: scanning.signal },
    observer: request.observer,
    proof: proofFor(ports, scanning, plan),
    items: plan.items,
    closed: () => closed ?? expiry(plan, ports.clock.now()),
  });
}

function expiry({ expires_at: at }: CleanupPlan, now: Date): string | undefined {
  return new Date(at) <= now ? `the plan expired at ${at}` : undefined;
}

async function rehearseApply(
  ports: CleanupPorts,
  scanning: CleanupScan,
  { plan, observer }: ApplyRequest,
): Promise<RunView> {
  requireCurrent(plan, ports.clock.now(), scanning.settings);
  const lack = await lackOfApproval(ports, scanning, plan);
  // Nobody has to approve of nothing.
  if (lack !== undefined && plan.steps.length > 0) {
    observer.note(`${lack}; with --execute it would be refused`);
  }
  const runs = believableRuns(await ports.store.runs());
  requireWithinLimits(
    notBegun(plan, runOf(plan, runs)),
    runs,
    scanning.settings,
    ports.clock.now(),
  );
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

/** The journal of a run, and why nothing more of it is begun, where something is. */
interface Opened {
  readonly journal: Journal;
  readonly closed: string | undefined;
}

async function begin(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
  { id, runs }: { readonly id: string; readonly runs: readonly RunView[] },
): Promise<Opened> {
  const { clock, operator, store } = ports;
  const { settings, signal, toolVersion } = scanning;
  requireCurrent(plan, clock.now(), settings);
  requireWithinLimits(plan, runs, settings, clock.now());
  await requireSameWorld(ports, plan, signal);
  await requireRights(ports, plan.steps, signal);
  const approved = await requireApproval(ports, scanning, plan);
  const journal = await store.create('run', id, {
    type: 'begun',
    at: clock.now().toISOString(),
    run_id: id,
    tool_version: toolVersion,
    by: await operator.identify(signal),
    approved_by: [...approved],
    work: { kind: 'apply', plan },
  });
  return { journal, closed: undefined };
}

/** A plan with the items alone of which nothing was done yet; what was done counts as used already. */
function notBegun(plan: CleanupPlan, run: RunView | undefined): CleanupPlan {
  if (run === undefined) return plan;
  const untouched = new Set(
    [...stepsByItem(run)].filter(([, steps]) => isUntouched(steps)).map(([item]) => item),
  );
  return { ...plan, items: plan.items.filter(({ id }) => untouched.has(id)) };
}

function stepsByItem({ steps }: RunView): ReadonlyMap<string, readonly StepView[]> {
  return Map.groupBy(steps, ({ step }) => step.item);
}

interface Interrupted {
  readonly run: RunView;
  readonly runs: readonly RunView[];
}

async function resume(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
  { run, runs }: Interrupted,
): Promise<Opened> {
  const { signal } = scanning;
  // Whoever saw the first half of it may have said no to the rest.
  await requireNotRejected(ports, scanning, plan);
  await requireSameWorld(ports, run, signal);
  await requireRights(
    ports,
    run.steps.map(({ step }) => step),
    signal,
  );
  const closed = await whyClosed(ports, scanning, plan, { run, runs });
  const journal = await ports.store.open('run', run.id);
  if (runView(journal.entries) === undefined) throw new Error(`${run.id} is no run any more`);
  return { journal, closed };
}

/**
 * Why nothing more of a run is begun: approvals and limits are those of now, since another plan may have used up what this one left.
 * What is half done is in somebody's way and may always be taken back; where nothing is, throws instead.
 */
async function whyClosed(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
  { run, runs }: Interrupted,
): Promise<string | undefined> {
  const now = ports.clock.now();
  const expired = expiry(plan, now);
  if (expired !== undefined) return expired;
  try {
    await requireApproval(ports, scanning, plan);
    requireWithinLimits(notBegun(plan, run), runs, scanning.settings, now);
    return undefined;
  } catch (error) {
    const isUnsettledNow = [...stepsByItem(run).values()].some(isUnsettled);
    if (!(error instanceof CleanupRefusedError) || !isUnsettledNow) throw error;
    return error.message;
  }
}
