import { type Expectation, type Identity } from '../../core/cleanup/expectation.ts';
import { type EntryOf, type Saved } from '../../core/cleanup/journal-schema.ts';
import { type StepState } from '../../core/cleanup/lifecycle.ts';
import { type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { READ_BACK, type StepView } from '../../core/cleanup/run-view.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type JsonObject } from '../../core/cleanup/change.ts';
import { withoutLastApplied, withoutSecrets } from '../../core/cleanup/without-secrets.ts';
import { type Sent, type Writers } from '../../ports/change-writer.ts';
import { type HeldLock } from '../../ports/cleanup-store.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Pause } from '../../ports/pause.ts';
import { sendChange } from './gate.ts';
import { type Look, lookAt, lookUntil, surprise } from './look.ts';
import { type RunLog } from './run-log.ts';

/** What steps are carried out with. */
export interface Workbench {
  readonly writers: Writers;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly lock: HeldLock;
  readonly log: RunLog;
  /** The state of the run while a step is under way. */
  readonly working: 'applying' | 'rolling_back';
  readonly signal: AbortSignal;
}

/** What became of a step: as the journal has it, or `unclear` and not begun, because it cannot be told how things are. */
export interface StepResult {
  readonly state: StepState | 'unclear';
  readonly detail: string;
}

interface Concluded {
  readonly state: StepState;
  readonly detail: string;
}

type Observation = EntryOf<'outcome'>['observed'];

function observationOf(looks: readonly Look[], created: Identity | null): Observation {
  const seen = looks.map(({ target, seen: [first] }) => ({
    target,
    identity: first?.identity ?? null,
  }));
  const [first, ...others] = seen;
  // The id of what was made is known from the answer, wherever it was looked for.
  const identity = first?.identity ?? null;
  if (created === null || first === undefined || identity === null) return seen;
  return [{ ...first, identity: { ...created, ...identity } }, ...others];
}

function savedFrom(looks: readonly Look[]): readonly Saved[] {
  return looks.flatMap(({ target, seen: [first] }) =>
    first === undefined
      ? []
      : [{ target, identity: { ...first.identity }, raw: toKeep(target, first.raw as JsonObject) }],
  );
}

function toKeep({ side }: Saved['target'], raw: JsonObject): JsonObject {
  return side === 'truenas' ? withoutSecrets(raw) : withoutLastApplied(raw);
}

async function conclude(
  bench: Workbench,
  step: PlanStep,
  result: Concluded & { readonly observed?: Observation; readonly found?: boolean },
): Promise<StepResult> {
  const { state, detail, observed = [], found = false } = result;
  await bench.log.outcome(step.id, { state, detail, observed, found });
  return { state, detail };
}

/** The state a step ends in where its effect is seen: an undo within a run leaves the step taken back. */
function seenState(undo: boolean): 'done' | 'rolled_back' {
  return undo ? 'rolled_back' : 'done';
}

function describeSent(sent: Sent): string {
  return sent.state === 'answered' ? 'done' : `${sent.state}: ${sent.reason}`;
}

/** What is said of a step whose effect is not seen. */
function unseen(sent: Sent, wrong: string): Concluded {
  switch (sent.state) {
    case 'answered':
      return {
        state: 'failed',
        detail: `the server says that it is done, and it is not: ${wrong}`,
      };
    case 'no-answer':
      return {
        state: 'unknown',
        detail: `no answer came (${sent.reason}), and it is not done yet: ${wrong}`,
      };
    case 'refused':
    case 'not-sent':
      return { state: 'failed', detail: `the server refused: ${sent.reason}` };
  }
}

/** Once something was sent, an interruption waits until it is known what became of it; this long at most. */
const PATIENCE = 120_000;

/** Reads back, whatever the server said: only what is seen counts. */
async function readBack(
  bench: Workbench,
  step: PlanStep,
  sent: Sent,
  undo: boolean,
): Promise<StepResult> {
  const heard = sent.state === 'no-answer' ? 'silence' : 'answer';
  let looks: readonly Look[];
  try {
    looks = await lookUntil(bench, step, heard, AbortSignal.timeout(PATIENCE));
  } catch (error) {
    if (!isFailedLook(error)) throw error;
    const detail = `it was sent (${describeSent(sent)}) and cannot be read back: ${error.message}`;
    return await conclude(bench, step, { state: 'unknown', detail });
  }
  const observed = observationOf(looks, sent.state === 'answered' ? sent.created : null);
  const wrong = surprise(looks);
  if (wrong !== undefined) return await conclude(bench, step, { ...unseen(sent, wrong), observed });
  const found = sent.state !== 'answered';
  const detail = found ? 'no answer came, and it is done' : READ_BACK;
  return await conclude(bench, step, { state: seenState(undo), detail, observed, found });
}

/** Looks where nothing has been sent yet; in words where somebody could not be asked, since nothing is done blindly. */
export async function lookBefore(
  { writers, signal }: Pick<Workbench, 'writers' | 'signal'>,
  step: PlanStep,
  expectations: readonly Expectation[],
): Promise<readonly Look[] | StepResult> {
  try {
    return await lookAt(writers, step, expectations, signal);
  } catch (error) {
    if (signal.aborted || !isFailedLook(error)) throw error;
    return { state: 'unclear', detail: `it cannot be looked at: ${error.message}` };
  }
}

export function isUnclear(looks: readonly Look[] | StepResult): looks is StepResult {
  return 'state' in looks;
}

/** Whether somebody could not be asked, or asking took too long. */
function isFailedLook(error: unknown): error is Error {
  return error instanceof MonitorError || (error instanceof Error && error.name === 'TimeoutError');
}

/**
 * Carries out one step: looks at everything it expects, announces it in the journal, sends it once, and reads back.
 *
 * @param step with its preconditions as they are now
 * @param undo whether it takes back a step of the same run
 */
export async function performStep(
  bench: Workbench,
  step: PlanStep,
  { attempts }: Pick<StepView, 'attempts'>,
  undo: boolean,
): Promise<StepResult> {
  const { log } = bench;
  const looks = await lookBefore(bench, step, step.before);
  if (isUnclear(looks)) return looks;
  const changed = surprise(looks);
  if (changed !== undefined) {
    return await conclude(bench, step, {
      state: undo ? 'failed' : 'skipped',
      detail: `it is not as it was: ${changed}`,
    });
  }
  await log.state(bench.working, null);
  await log.intent(step.id, { attempt: attempts + 1, undo, saved: savedFrom(looks) });
  const sent = await sendChange(bench, step, looks[0]?.seen[0]);
  if (sent.state === 'not-sent') {
    return await conclude(bench, step, {
      state: 'failed',
      detail: `it was not sent: ${sent.reason}`,
    });
  }
  await log.state('verifying', null);
  return await readBack(bench, step, sent, undo);
}

/**
 * Finds out what became of a step that was announced and of which nothing was heard: undefined where nothing has happened, so that
 * it may be carried out after all.
 */
export async function settleStep(
  bench: Workbench,
  step: PlanStep,
  undo: boolean,
): Promise<StepResult | undefined> {
  const after = await lookBefore(bench, step, step.after);
  if (isUnclear(after)) return after;
  const notDone = surprise(after);
  if (notDone === undefined) {
    return await conclude(bench, step, {
      state: seenState(undo),
      detail: 'it was interrupted, and is done',
      observed: observationOf(after, null),
      found: true,
    });
  }
  const before = await lookBefore(bench, step, step.before);
  if (isUnclear(before)) return before;
  const changed = surprise(before);
  if (changed === undefined) return undefined;
  return await conclude(bench, step, {
    state: 'unknown',
    detail: `it was interrupted, and is neither done nor as it was: ${changed}`,
  });
}
