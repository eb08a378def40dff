import { ago, type Stage } from './stage.ts';

/** How a pod is, where it is not well. */
export interface PodHealth {
  readonly ready?: boolean;
  /** How often its driver was restarted. */
  readonly restarts?: number;
  /** How long ago its driver last ended, in days. */
  readonly endedDays?: number;
  /** What its driver waits for, such as `CrashLoopBackOff`. */
  readonly waiting?: string;
}

/** A container as a pod template has it. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly [key: string]: unknown;
}

export interface RunningPod {
  readonly days: number;
  readonly containers: readonly ContainerSpec[];
  /** The container whose health is that of the pod. */
  readonly main: string;
  readonly health: PodHealth;
}

/** The status of a pod, as the kubelet writes it. */
export function podStatus(stage: Stage, pod: RunningPod): Record<string, unknown> {
  const { days, containers, main, health } = pod;
  const ready = health.ready ?? health.waiting === undefined;
  const lastTransitionTime = ago(stage, Math.min(days, health.endedDays ?? days));
  return {
    phase: 'Running',
    podIP: '10.42.1.9',
    qosClass: 'BestEffort',
    conditions: ['ContainersReady', 'Ready'].map((type) => ({
      type,
      status: ready ? 'True' : 'False',
      lastTransitionTime,
    })),
    containerStatuses: containers.map(({ name, image }) => ({
      name,
      image,
      ...(name === main ? unwell(stage, pod, ready) : well(stage, days)),
    })),
  };
}

function well(stage: Stage, days: number): Record<string, unknown> {
  return {
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: ago(stage, days) } },
    lastState: {},
  };
}

function unwell(
  stage: Stage,
  { days, health }: RunningPod,
  ready: boolean,
): Record<string, unknown> {
  const { restarts = 0, endedDays, waiting } = health;
  const running = { startedAt: ago(stage, endedDays ?? days) };
  const terminated = { exitCode: 1, reason: 'Error', finishedAt: ago(stage, endedDays ?? 0) };
  return {
    ready,
    started: ready,
    restartCount: restarts,
    state: waiting === undefined ? { running } : { waiting: { reason: waiting } },
    lastState: endedDays === undefined ? {} : { terminated },
  };
}
