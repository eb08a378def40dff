import { type Change, isNasChange } from '../../core/cleanup/change.ts';
import { type Observed, type Target } from '../../core/cleanup/expectation.ts';
import { type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import {
  type ClusterWriter,
  type NasWriter,
  type Sent,
  type Writers,
} from '../../ports/change-writer.ts';
import { type HeldLock } from '../../ports/cleanup-store.ts';

/*
 * The one gate: whatever changes a server goes through here, and a tool enforces that nothing else calls a writer's `send`.
 */

type StepTarget = PlanStep['target'];

function named<T extends { readonly name: string }>(writers: readonly T[], name: string): T {
  const writer = writers.find((each) => each.name === name);
  if (writer !== undefined) return writer;
  throw new CleanupRefusedError(`the plan is about ${name}, which is not configured here`, {
    remediation: ['Use the configuration that the plan was made with, or make a new plan.'],
  });
}

function systemOf(writers: Writers, target: StepTarget): NasWriter {
  return named(writers.systems, target.side === 'truenas' ? target.system : '');
}

function clusterOf(writers: Writers, target: StepTarget): ClusterWriter {
  return named(writers.clusters, target.side === 'kubernetes' ? target.cluster : '');
}

/** Looks an object up where a step acts. Throws a `MonitorError` where it cannot be told whether it is there. */
export async function observe(
  writers: Writers,
  step: PlanStep,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  return target.side === 'truenas'
    ? await systemOf(writers, step.target).observe(target, signal)
    : await clusterOf(writers, step.target).observe(target, signal);
}

/** By what Kubernetes refuses what has changed since it was looked at; null for what is made. */
function guardFor(change: Change, seen: Observed | undefined): GuardOrNone {
  if (change.type === 'create-resource') return null;
  const { uid, resource_version: resourceVersion } = seen?.identity ?? {};
  if (typeof uid === 'string' && typeof resourceVersion === 'string') {
    return { uid, resourceVersion };
  }
  return undefined;
}

type GuardOrNone = { readonly uid: string; readonly resourceVersion: string } | null | undefined;

/** What one change needs beside itself. */
export interface Passage {
  readonly writers: Writers;
  readonly lock: HeldLock;
  readonly signal: AbortSignal;
}

/**
 * Sends the change of a step, once. Nothing leaves unless the lock is still ours; what Kubernetes is asked goes as a rehearsal first,
 * and names uid and resourceVersion of what was just seen.
 *
 * @param seen the object of the step's first precondition as it was observed a moment ago
 */
export async function sendChange(
  { writers, lock, signal }: Passage,
  step: PlanStep,
  seen: Observed | undefined,
): Promise<Sent> {
  const { change } = step;
  signal.throwIfAborted();
  await lock.stillHeld(signal);
  if (isNasChange(change)) return await systemOf(writers, step.target).send(change, signal);
  const writer = clusterOf(writers, step.target);
  const guard = guardFor(change, seen);
  if (guard === undefined) return { state: 'not-sent', reason: 'its uid and version are unknown' };
  const refusal = await writer.rehearse(change, guard, signal);
  if (refusal !== undefined) return { state: 'refused', reason: refusal };
  return await writer.send(change, guard, signal);
}

/** The same without sending: why Kubernetes would refuse; TrueNAS has no way to be asked. */
export async function rehearseChange(
  writers: Writers,
  step: PlanStep,
  seen: Observed | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { change } = step;
  if (isNasChange(change)) return undefined;
  const guard = guardFor(change, seen);
  if (guard === undefined) return 'its uid and version are unknown';
  return await clusterOf(writers, step.target).rehearse(change, guard, signal);
}

/** What the users of this tool lack for the changes, a line each. */
export async function lackingFor(
  writers: Writers,
  steps: readonly PlanStep[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lacking = new Set<string>();
  for (const writer of writers.systems) {
    const changes = steps.flatMap(({ target, change }) =>
      target.side === 'truenas' && target.system === writer.name && isNasChange(change)
        ? [change]
        : [],
    );
    if (changes.length === 0) continue;
    for (const line of await writer.lacking(changes, signal)) lacking.add(line);
  }
  for (const writer of writers.clusters) {
    const changes = steps.flatMap(({ target, change }) =>
      target.side === 'kubernetes' && target.cluster === writer.name && !isNasChange(change)
        ? [change]
        : [],
    );
    // Even a cluster in which nothing changes holds a Lease of ours.
    for (const line of await writer.lacking(changes, signal)) lacking.add(line);
  }
  return [...lacking];
}
