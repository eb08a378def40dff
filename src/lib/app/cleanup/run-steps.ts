import { type PlanItem, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { type RunView, type StepView } from '../../core/cleanup/run-view.ts';
import { undoOf } from '../../core/cleanup/undo.ts';
import { otherWorld } from './same-world.ts';
import { expectedNow } from './look.ts';
import { performStep, settleStep, type StepResult, type Workbench } from './perform-step.ts';
import { type Proof, type Proven } from './proof.ts';
import { type RunObserver, type Wanted } from './requests.ts';
import { hasBegun, isHalfDone, isOver, isToTakeBack } from './step-progress.ts';

/** How a run is carried out, beside its steps. */
export interface Conduct {
  readonly bench: Workbench;
  readonly observer: RunObserver;
  /** Undefined for a rollback: what it undoes is known by the journal alone. */
  readonly proof: Proof | undefined;
  /** Of a plan; empty for a rollback. */
  readonly items: readonly PlanItem[];
  /**
   * Why nothing is begun any more, and what is half done is taken back; undefined where everything may be. Asked before each step: a
   * plan may expire while it is carried out, and its marks say that nobody reached the dataset since then.
   */
  readonly closed: () => string | undefined;
}

/** Why a run stops before its end; undefined where it goes on. */
interface Stop {
  readonly state: 'stopped' | 'failed' | 'unknown';
  readonly reason: string;
}

const GOES_ON = undefined;

/** Nothing is decided about the items that are left: they are asked about again once the run goes on. */
const STOPPED_BY_USER: Stop = { state: 'stopped', reason: 'you stopped it' };

function viewOf({ bench }: Conduct, id: string): StepView {
  const view = bench.log.view().steps.find(({ step }) => step.id === id);
  if (view === undefined) throw new Error(`the run has no step ${id}`);
  return view;
}

async function skip(conduct: Conduct, steps: readonly StepView[], detail: string): Promise<void> {
  for (const { step } of steps) {
    const view = viewOf(conduct, step.id);
    if (isOver(view) || isToTakeBack(view)) continue;
    await conduct.bench.log.outcome(step.id, {
      state: 'skipped',
      detail,
      observed: [],
      found: false,
    });
    conduct.observer.step(viewOf(conduct, step.id));
  }
}

function stopAfter({ state, detail }: StepResult): Stop | undefined {
  if (state === 'unclear') return { state: 'stopped', reason: detail };
  return state === 'failed' || state === 'unknown' ? { state, reason: detail } : GOES_ON;
}

/** Takes back what was done of an item that cannot be finished, last step first: half of it may be in somebody's way. */
async function takeBack(conduct: Conduct, steps: readonly PlanStep[]): Promise<Stop | undefined> {
  const { bench, observer } = conduct;
  for (const { id } of steps.toReversed()) {
    const view = viewOf(conduct, id);
    if (!isToTakeBack(view)) continue;
    const undo = undoOf({ ...view, state: 'done' }, bench.log.view().steps);
    if ('lost' in undo) continue;
    const result = await performStep(bench, undo.step, view, true);
    observer.step(viewOf(conduct, id));
    const stop = stopAfter(result);
    if (stop !== undefined) return stop;
  }
  return GOES_ON;
}

/** What was announced before an interruption is looked at before anything else is done. */
async function settle(conduct: Conduct, view: StepView): Promise<StepResult | undefined> {
  const { bench } = conduct;
  const undo = view.undoing ? undoOf({ ...view, state: 'done' }, bench.log.view().steps) : null;
  if (undo !== null && 'lost' in undo) return { state: 'failed', detail: undo.lost };
  const step = undo?.step ?? {
    ...view.step,
    before: [...expectedNow(view.step, earlier(conduct, view))],
  };
  return await settleStep(bench, step, undo !== null);
}

/** Steps that ran before this one. */
function earlier({ bench }: Conduct, { step }: StepView): readonly StepView[] {
  return bench.log.view().steps.filter((each) => each.step.id !== step.id && each.state !== null);
}

/** What a proof means for the run. */
async function weigh(
  conduct: Conduct,
  proven: Exclude<Proven, { state: 'holds' }>,
  steps: readonly StepView[],
): Promise<Stop | undefined> {
  const { state, reason } = proven;
  if (state === 'gone') return await giveUp(conduct, steps, reason);
  if (state === 'unclear') return { state: 'stopped', reason };
  const { log } = conduct.bench;
  await log.state('stopped', `another server answers: ${reason}`);
  throw otherWorld(reason, log.view().id);
}

type StepEnd = { readonly stop: Stop | undefined } | 'next' | 'item-over';

/** What an interrupted step came to; undefined where nothing has happened and it is still to be carried out. */
async function settled(conduct: Conduct, view: StepView): Promise<StepEnd | undefined> {
  if (!view.pending && view.state !== 'unknown') return undefined;
  const result = await settle(conduct, view);
  conduct.observer.step(viewOf(conduct, view.step.id));
  if (result !== undefined) return afterStep(result);
  // It was being taken back, and that is what goes on.
  return view.undoing ? 'item-over' : undefined;
}

/** Why the step may not be begun; undefined where it may. */
async function obstacle(
  conduct: Conduct,
  { step }: StepView,
  item: PlanItem | undefined,
  steps: readonly StepView[],
): Promise<StepEnd | undefined> {
  const { bench, proof } = conduct;
  bench.signal.throwIfAborted();
  const closed = conduct.closed();
  if (closed !== undefined) {
    const stop = await giveUp(conduct, steps, closed);
    return stop === undefined ? 'item-over' : { stop };
  }
  if (proof === undefined || item === undefined) return undefined;
  const proven = await proof(item, step);
  if (proven.state === 'holds') return undefined;
  const stop = await weigh(conduct, proven, steps);
  return stop === undefined ? 'item-over' : { stop };
}

/** One step of an item: settled where it was interrupted, proven, and carried out. */
async function runStep(
  conduct: Conduct,
  id: string,
  item: PlanItem | undefined,
  steps: readonly StepView[],
): Promise<StepEnd> {
  const { bench, observer } = conduct;
  const before = viewOf(conduct, id);
  if (isOver(before)) return before.state === 'done' ? 'next' : 'item-over';
  const end = (await settled(conduct, before)) ?? (await obstacle(conduct, before, item, steps));
  if (end !== undefined) return end;
  const view = viewOf(conduct, id);
  const step = { ...view.step, before: [...expectedNow(view.step, earlier(conduct, view))] };
  const result = await performStep(bench, step, view, false);
  observer.step(viewOf(conduct, id));
  return afterStep(result);
}

function afterStep(result: StepResult): StepEnd {
  const stop = stopAfter(result);
  if (stop !== undefined) return { stop };
  return result.state === 'done' ? 'next' : 'item-over';
}

/** Whether the user wants the item at all: asked before its first step, and not again of one that was interrupted. */
async function whatIsWanted(
  { observer, closed }: Conduct,
  item: PlanItem | undefined,
  steps: readonly StepView[],
): Promise<Wanted> {
  if (item === undefined || closed() !== undefined || hasBegun(steps)) return 'yes';
  return await observer.confirm(
    item,
    steps.map(({ step }) => step),
  );
}

/** Whether nothing is left to do about an item. */
function isFinished({ proof }: Conduct, steps: readonly StepView[]): boolean {
  return steps.every(isOver) && (proof === undefined || !isHalfDone(steps));
}

/** All steps of one item, or none: what cannot be finished is taken back. */
async function runItem(
  conduct: Conduct,
  item: PlanItem | undefined,
  steps: readonly StepView[],
): Promise<Stop | undefined> {
  if (isFinished(conduct, steps)) return GOES_ON;
  const wanted = await whatIsWanted(conduct, item, steps);
  if (wanted === 'stop') return STOPPED_BY_USER;
  if (wanted === 'no') {
    await skip(conduct, steps, 'declined');
    return GOES_ON;
  }
  for (const { step } of steps) {
    const end = await runStep(conduct, step.id, item, steps);
    // What a rollback cannot put back keeps nothing else from being put back.
    if (end === 'next' || (end === 'item-over' && conduct.proof === undefined)) continue;
    if (end !== 'item-over') return end.stop;
    return await giveUp(conduct, steps, 'the step before it could not be made');
  }
  return GOES_ON;
}

/** Nothing more of an item is done, and what was done of it is taken back. */
async function giveUp(
  conduct: Conduct,
  steps: readonly StepView[],
  reason: string,
): Promise<Stop | undefined> {
  await skip(conduct, steps, reason);
  return await takeBack(
    conduct,
    steps.map(({ step }) => step),
  );
}

/**
 * Carries out a run, or the rest of one that was interrupted, item by item. What changed since the plan is left alone and the next
 * item is looked at, since each is proven by itself; whatever surprises in a change ends the run.
 */
export async function runSteps(conduct: Conduct): Promise<RunView> {
  const { log, signal } = conduct.bench;
  try {
    const stop = await runItems(conduct);
    const end = log.view().kind === 'apply' ? 'done' : 'rolled_back';
    await log.state(stop?.state ?? end, stop?.reason ?? null);
    return log.view();
  } catch (error) {
    if (signal.aborted) await log.state('stopped', 'it was interrupted');
    throw error;
  }
}

async function runItems(conduct: Conduct): Promise<Stop | undefined> {
  const { bench, items } = conduct;
  for (const [id, steps] of Map.groupBy(bench.log.view().steps, ({ step }) => step.item)) {
    const item = items.find((each) => each.id === id);
    const stop = await runItem(conduct, item, steps);
    if (stop !== undefined) return stop;
  }
  return GOES_ON;
}
