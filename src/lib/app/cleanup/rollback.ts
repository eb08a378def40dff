import { type EntryOf } from '../../core/cleanup/journal-schema.ts';
import { type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { runView, type RunView, withRollbacks } from '../../core/cleanup/run-view.ts';
import { undoSteps } from '../../core/cleanup/undo-run.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import { type Journal } from '../../ports/cleanup-store.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import { believableRuns, requireRights, requireSameWorld } from './gatekeeping.ts';
import { rehearseSteps } from './rehearse.ts';
import { type RollbackRequest } from './requests.ts';
import { isResumable, runId } from './run-id.ts';
import { RunLog } from './run-log.ts';
import { runSteps } from './run-steps.ts';

/**
 * Undoes a run, as far as it can be undone: last step first, each only where its object is as the run left it. It needs no approval
 * and no limit, since it puts back and takes nothing away. Throws a `MonitorError` where something is not in order before the first
 * change.
 */
export async function rollbackRun(
  ports: CleanupPorts,
  scanning: CleanupScan,
  request: RollbackRequest,
): Promise<RunView> {
  const { signal } = scanning;
  const { store, clock } = ports;
  if (request.mode === 'rehearse') return await rehearseRollback(ports, scanning, request);
  const past = believableRuns(await store.runs());
  const id = unfinished(request.runId, past)?.id ?? runId(planOf(request.runId), clock.now(), past);
  await using lock = await ports.lock.acquire(id, signal);
  const runs = believableRuns(await store.runs());
  const earlier = unfinished(request.runId, runs);
  const journal =
    earlier === undefined
      ? await begin(ports, scanning, request.runId, { id, runs })
      : await goOn(ports, scanning, earlier);
  return await runSteps({
    bench: {
      ...ports,
      lock,
      log: new RunLog(journal, clock),
      working: 'rolling_back',
      signal,
    },
    observer: request.observer,
    proof: undefined,
    items: [],
    closed: () => undefined,
  });
}

/** What the name of a run says of its plan. */
function planOf(id: string): string {
  return id.split('-')[1] ?? id;
}

/** A rollback of the run that was interrupted. */
function unfinished(of: string, runs: readonly RunView[]): RunView | undefined {
  return runs.findLast((each) => each.undoes === of && isResumable(each));
}

type Work = Extract<EntryOf<'begun'>['work'], { kind: 'rollback' }>;

/** What there is to undo. Throws where that is nothing, or cannot be known yet. */
function workFor(id: string, runs: readonly RunView[]): Work {
  const run = withRollbacks(runs).find((each) => each.id === id);
  if (run === undefined) {
    throw new CleanupRefusedError(`there is no run ${id}`, {
      remediation: ['truenas-monitor cleanup history lists them.'],
    });
  }
  if (run.kind === 'rollback') {
    throw new CleanupRefusedError(`run ${id} is a rollback itself`, {
      remediation: ['Make a new plan: what was put back is found again.'],
    });
  }
  if (run.steps.some(({ state, pending }) => pending || state === 'unknown')) {
    throw new CleanupRefusedError(`it is not known what became of all steps of run ${id}`, {
      remediation: [
        `Run truenas-monitor cleanup apply ${run.plan?.plan_id ?? ''} --execute again: it looks at them first, and does nothing more once the plan is expired.`,
      ],
    });
  }
  const { steps, lost } = undoSteps(run.steps);
  if (steps.length === 0) {
    const why = lost[0]?.reason ?? 'it changed nothing that is not rolled back already';
    throw new CleanupRefusedError(`there is nothing to roll back in run ${id}: ${why}`, {
      remediation: [`See what it did with truenas-monitor cleanup history ${id}.`],
    });
  }
  return {
    kind: 'rollback',
    run_id: id,
    clusters: [...run.clusters],
    systems: [...run.systems],
    steps: [...steps],
    lost: [...lost],
  };
}

async function requireOrder(
  ports: CleanupPorts,
  { signal }: CleanupScan,
  work: Pick<RunView, 'clusters' | 'systems'>,
  steps: readonly PlanStep[],
): Promise<void> {
  await requireSameWorld(
    ports,
    { clusters: [...work.clusters], systems: [...work.systems] },
    signal,
  );
  await requireRights(ports, steps, signal);
}

async function begin(
  ports: CleanupPorts,
  scanning: CleanupScan,
  of: string,
  { id, runs }: { readonly id: string; readonly runs: readonly RunView[] },
): Promise<Journal> {
  const { clock, operator, store } = ports;
  const work = workFor(of, runs);
  await requireOrder(ports, scanning, work, work.steps);
  return await store.create('run', id, {
    type: 'begun',
    at: clock.now().toISOString(),
    run_id: id,
    tool_version: scanning.toolVersion,
    by: await operator.identify(scanning.signal),
    approved_by: [],
    work,
  });
}

async function goOn(ports: CleanupPorts, scanning: CleanupScan, run: RunView): Promise<Journal> {
  await requireOrder(
    ports,
    scanning,
    run,
    run.steps.map(({ step }) => step),
  );
  const journal = await ports.store.open('run', run.id);
  if (runView(journal.entries) === undefined) throw new Error(`${run.id} is no run any more`);
  return journal;
}

async function rehearseRollback(
  ports: CleanupPorts,
  scanning: CleanupScan,
  { runId: of, observer }: RollbackRequest,
): Promise<RunView> {
  const work = workFor(of, believableRuns(await ports.store.runs()));
  await requireOrder(ports, scanning, work, work.steps);
  return await rehearseSteps(
    ports,
    {
      kind: 'rollback',
      undoes: of,
      plan: null,
      items: [],
      steps: work.steps,
      lost: work.lost,
      clusters: work.clusters,
      systems: work.systems,
    },
    undefined,
    observer,
    scanning.signal,
  );
}
