import {
  type Expectation,
  type Identity,
  mismatch,
  type Observed,
  type Target,
  targetKey,
} from '../../core/cleanup/expectation.ts';
import { type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { type StepView } from '../../core/cleanup/run-view.ts';
import { millis } from '../../core/model/units.ts';
import { type Writers } from '../../ports/change-writer.ts';
import { type Pause } from '../../ports/pause.ts';
import { observe } from './gate.ts';

/** One expectation and what there is of it. */
export interface Look {
  readonly target: Target;
  readonly seen: readonly Observed[];
  /** Why it is not as expected; undefined where it is. */
  readonly mismatch: string | undefined;
}

/** What Kubernetes is deleting is as good as gone: nothing takes that back, and only its finalizers keep it. */
function isGoing(expectation: Expectation, seen: readonly Observed[]): boolean {
  return (
    expectation.identity === null &&
    expectation.target.side === 'kubernetes' &&
    seen.every(({ identity }) => (identity['deleted_at'] ?? null) !== null)
  );
}

/** Looks at everything a step expects. Throws a `MonitorError` where something cannot be seen. */
export async function lookAt(
  writers: Writers,
  step: PlanStep,
  expectations: readonly Expectation[],
  signal: AbortSignal,
): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (const expectation of expectations) {
    const { target } = expectation;
    const seen = await observe(writers, step, target, signal);
    const wrong = isGoing(expectation, seen) ? undefined : mismatch(expectation, seen);
    looks.push({ target, seen, mismatch: wrong });
  }
  return looks;
}

/** The first thing that is not as expected, in words. */
export function surprise(looks: readonly Look[]): string | undefined {
  const [first] = looks.filter((look) => look.mismatch !== undefined);
  if (first === undefined) return undefined;
  const name = Object.values(first.target.where).filter((each) => each !== null);
  return `${first.target.kind} ${name.join(' ')}: ${first.mismatch ?? ''}`;
}

/** How long after a change it is looked at: what a server does in the background takes a moment. */
const AFTER_ANSWER = [0, 250, 1_000, 3_000].map(millis);
/** The same where no answer came, and the change may still be under way. */
const AFTER_SILENCE = [0, 1_000, 4_000, 10_000].map(millis);

/** Looks again until everything is as expected, or time is up. */
export async function lookUntil(
  { writers, pause }: { readonly writers: Writers; readonly pause: Pause },
  step: PlanStep,
  heard: 'answer' | 'silence',
  signal: AbortSignal,
): Promise<readonly Look[]> {
  let looks: readonly Look[] = [];
  for (const span of heard === 'answer' ? AFTER_ANSWER : AFTER_SILENCE) {
    if (span > 0) await pause(span, signal);
    looks = await lookAt(writers, step, step.after, signal);
    if (surprise(looks) === undefined) return looks;
  }
  return looks;
}

/**
 * What a run knows of an object since it last wrote to it, and no plan could know. The resourceVersion is not among it: once a policy is
 * Retain, the provisioner takes its finalizer off, which is no stranger's doing. The change itself names the version seen last.
 */
const KNOWN_SINCE = ['used_by_dataset', 'uid'] as const;

/** A step's preconditions, with what the steps before it left behind. */
export function expectedNow(step: PlanStep, earlier: readonly StepView[]): readonly Expectation[] {
  const left = new Map<string, Identity>();
  for (const { observed } of earlier) {
    for (const { target, identity } of observed) {
      if (identity === null) left.delete(targetKey(target));
      else left.set(targetKey(target), identity);
    }
  }
  return step.before.map((expectation) => {
    const known = left.get(targetKey(expectation.target));
    if (known === undefined || expectation.identity === null) return expectation;
    const added = KNOWN_SINCE.flatMap((key) => {
      const value = known[key];
      return value === undefined || key in (expectation.identity ?? {})
        ? []
        : [[key, value] as const];
    });
    return { ...expectation, identity: { ...expectation.identity, ...Object.fromEntries(added) } };
  });
}
