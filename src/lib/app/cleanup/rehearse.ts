import { type Expectation, targetKey } from '../../core/cleanup/expectation.ts';
import { type CleanupPlan, type PlanItem, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { type RunView, type StepView } from '../../core/cleanup/run-view.ts';
import { type CleanupPorts, type CleanupScan } from './cleanup-ports.ts';
import { rehearseChange } from './gate.ts';
import { surprise } from './look.ts';
import { isUnclear, lookBefore } from './perform-step.ts';
import { type Proof, type Proven, proofFor } from './proof.ts';
import { type RunObserver } from './requests.ts';
import { otherWorld } from './same-world.ts';

/*
 * A run that proves and reads everything and changes nothing: no journal, no lock, no approval.
 */

function untouched(step: PlanStep): StepView {
  return {
    step,
    state: null,
    detail: null,
    at: null,
    pending: false,
    attempts: 0,
    undoing: false,
    saved: [],
    observed: [],
  };
}

/** Preconditions of a step that no step before it would bring about: those alone hold before anything is done. */
function standingAlone(step: PlanStep, before: readonly StepView[]): readonly Expectation[] {
  const changed = new Set(
    before
      .filter(({ state }) => state === 'done')
      .flatMap((each) => each.step.after.map(({ target }) => targetKey(target))),
  );
  return step.before.filter(({ target }) => !changed.has(targetKey(target)));
}

interface Rehearsed extends Pick<
  RunView,
  'kind' | 'undoes' | 'plan' | 'lost' | 'clusters' | 'systems'
> {
  readonly items: readonly PlanItem[];
  readonly steps: readonly PlanStep[];
}

interface Rehearsal {
  readonly ports: CleanupPorts;
  readonly items: readonly PlanItem[];
  readonly proof: Proof | undefined;
  readonly signal: AbortSignal;
}

async function provenFor(
  { items, proof }: Rehearsal,
  step: PlanStep,
  before: readonly StepView[],
): Promise<Proven> {
  const item = items.find(({ id }) => id === step.item);
  const isFirst = before.every((each) => each.step.item !== step.item);
  if (!isFirst || item === undefined || proof === undefined) return { state: 'holds' };
  return await proof(item, step);
}

/** What would become of a step, or why the run would stop before it. */
type Verdict = Pick<StepView, 'state' | 'detail'> | { readonly stop: string };

async function verdictOf(
  rehearsal: Rehearsal,
  step: PlanStep,
  before: readonly StepView[],
): Promise<Verdict> {
  const { ports, signal } = rehearsal;
  const proven = await provenFor(rehearsal, step, before);
  switch (proven.state) {
    case 'other-world':
      throw otherWorld(proven.reason, null);
    case 'unclear':
      return { stop: proven.reason };
    case 'gone':
      return { state: 'skipped', detail: proven.reason };
    case 'holds':
      return await seenFor({ ports, signal }, step, before);
  }
}

/** By what there is of the objects a step names. */
async function seenFor(
  { ports, signal }: Pick<Rehearsal, 'ports' | 'signal'>,
  step: PlanStep,
  before: readonly StepView[],
): Promise<Verdict> {
  const expected = standingAlone(step, before);
  const looks = await lookBefore({ writers: ports.writers, signal }, step, expected);
  if (isUnclear(looks)) return { stop: looks.detail };
  const changed = surprise(looks);
  if (changed !== undefined) {
    return { state: 'skipped', detail: `it is not as it was: ${changed}` };
  }
  // What an earlier step changes first cannot be rehearsed.
  if (expected.length < step.before.length) return { state: 'done', detail: null };
  const refusal = await rehearseChange(ports.writers, step, looks[0]?.seen[0], signal);
  return refusal === undefined
    ? { state: 'done', detail: null }
    : { state: 'failed', detail: `the server would refuse: ${refusal}` };
}

/** What a run of the steps would do now: the state of each step is what would become of it. */
export async function rehearseSteps(
  ports: CleanupPorts,
  { items, steps, ...work }: Rehearsed,
  proof: Proof | undefined,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<RunView> {
  const { clock, operator } = ports;
  const begunAt = clock.now();
  const by = await operator.identify(signal);
  const rehearsal = { ports, items, proof, signal };
  const views: StepView[] = [];
  let stop: string | null = null;
  for (const [index, step] of steps.entries()) {
    signal.throwIfAborted();
    const failed = views.some((each) => each.step.item === step.item && each.state !== 'done');
    const verdict: Verdict =
      failed && proof !== undefined
        ? { state: 'skipped', detail: 'the step before it could not be made' }
        : await verdictOf(rehearsal, step, views);
    if ('stop' in verdict) {
      ({ stop } = verdict);
      views.push(...steps.slice(index).map(untouched));
      break;
    }
    const view = { ...untouched(step), ...verdict };
    views.push(view);
    observer.step(view);
  }
  return {
    ...work,
    id: 'rehearsal',
    by,
    approvedBy: [],
    begunAt,
    lastAt: clock.now(),
    state: stop === null ? 'validated' : 'stopped',
    reason: stop,
    steps: views,
  };
}

/** What a run of the plan would do now. */
export async function rehearse(
  ports: CleanupPorts,
  scanning: CleanupScan,
  plan: CleanupPlan,
  observer: RunObserver,
): Promise<RunView> {
  const { items, steps, clusters, systems } = plan;
  return await rehearseSteps(
    ports,
    { kind: 'apply', undoes: null, plan, items, steps, lost: [], clusters, systems },
    proofFor(ports, scanning, plan),
    observer,
    scanning.signal,
  );
}
