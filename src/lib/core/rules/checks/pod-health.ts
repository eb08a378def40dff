import { type Container } from '../../model/container.ts';
import { type Pod } from '../../model/kubernetes.ts';
import { elapsed } from '../../model/units.ts';
import { counted } from '../../render/text/format.ts';

/** Pods that pull an image and start take a while. */
const STARTING = 5 * 60_000;
const MANY_RESTARTS = 5;
/** What ended longer ago than this has recovered. */
const RECENT = 60 * 60_000;

/** How far a pod keeps what it is there for from being done. */
export type PodState = 'serving' | 'restarting' | 'starting' | 'down';

export interface PodHealth {
  readonly pod: Pod;
  readonly state: PodState;
  /** What is wrong, as the end of a sentence; empty where nothing is. */
  readonly problem: string;
}

/** Reasons to wait that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

function waitingOf({ containers }: Pod): Container | undefined {
  return containers.find(({ waiting }) => waiting !== null && !PASSING.has(waiting));
}

function restartingOf({ containers }: Pod, now: Date): Container | undefined {
  return containers.find(
    ({ restarts, lastEndedAt }) =>
      restarts > MANY_RESTARTS && lastEndedAt !== null && elapsed(lastEndedAt, now) < RECENT,
  );
}

function isYoung({ createdAt }: Pod, now: Date): boolean {
  return createdAt !== null && elapsed(createdAt, now) < STARTING;
}

/** How one pod is doing. */
export function healthOf(pod: Pod, now: Date): PodHealth {
  const waiting = waitingOf(pod);
  if (waiting !== undefined) {
    return { pod, state: 'down', problem: `${waiting.name} is in ${waiting.waiting ?? ''}` };
  }
  if (pod.ready !== true) {
    return isYoung(pod, now)
      ? { pod, state: 'starting', problem: '' }
      : { pod, state: 'down', problem: pod.phase === 'Pending' ? 'is Pending' : 'is not ready' };
  }
  const restarting = restartingOf(pod, now);
  if (restarting === undefined) return { pod, state: 'serving', problem: '' };
  const { name, restarts } = restarting;
  return {
    pod,
    state: 'restarting',
    problem: `${name} was restarted ${counted(restarts, 'time')}, within this hour too`,
  };
}

/** Pods that are there to serve: those that ended or are being deleted have a successor, or will have one. */
export function servingPods(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(
    ({ phase, deletedAt }) => phase !== 'Failed' && phase !== 'Succeeded' && deletedAt === null,
  );
}

/** `democratic-csi/nas-nfs-controller-0: csi-driver is in CrashLoopBackOff`. */
export function describeProblem({ pod, problem }: PodHealth): string {
  return `${pod.namespace}/${pod.name}: ${problem}`;
}

/** An image without its tag and digest; a registry may have a port. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
}

/** Whether a container is a sidecar of this role, such as `attacher`, by its name or its image. */
export function hasRole({ name, image }: Container, role: string): boolean {
  return name.endsWith(role) || repositoryOf(image).endsWith(role);
}
