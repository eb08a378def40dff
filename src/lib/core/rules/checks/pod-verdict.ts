import { type Severity } from '../../model/finding.ts';
import { type Pod } from '../../model/kubernetes.ts';
import { counted, firstFew } from '../../render/text/format.ts';
import { type Inspection } from '../define-check.ts';
import { describeProblem, healthOf, servingPods, type PodHealth } from './pod-health.ts';
import { be } from './wording.ts';

const NAMED = 3;

/** Pods of one purpose, one of which is enough, or each of which is needed. */
export interface PodGroup {
  /** Such as `controller pod`. */
  readonly noun: string;
  readonly pods: readonly Pod[];
  /** Replicas stand in for each other: it is only down when all of them are. */
  readonly oneIsEnough: boolean;
}

function severityOf(
  health: readonly PodHealth[],
  down: readonly PodHealth[],
  { oneIsEnough }: PodGroup,
): Severity {
  if (down.length === 0) return 'medium';
  const works = ({ state }: PodHealth): boolean => state === 'serving' || state === 'restarting';
  return oneIsEnough && health.some(works) ? 'medium' : 'high';
}

function said(problems: readonly PodHealth[]): string {
  return firstFew(problems.map(describeProblem).toSorted(), NAMED);
}

/** Judges pods that serve together; undefined where there is none. */
export function judgePods(group: PodGroup, now: Date): Omit<Inspection, 'subject'> | undefined {
  const pods = servingPods(group.pods);
  if (pods.length === 0) return undefined;
  const health = pods.map((pod) => healthOf(pod, now));
  const down = health.filter(({ state }) => state === 'down');
  const restarting = health.filter(({ state }) => state === 'restarting');
  const total = counted(pods.length, group.noun);
  if (down.length === 0 && restarting.length === 0) {
    const starting = health.filter(({ state }) => state === 'starting').length;
    const seen = starting === 0 ? `${total}, all ready` : `${total}, ${starting} just started`;
    return { sound: true, seen };
  }
  const severity = severityOf(health, down, group);
  return down.length > 0
    ? {
        sound: false,
        severity,
        seen: `${down.length} of ${total} ${be(down.length)} down: ${said(down)}`,
      }
    : { sound: false, severity, seen: `${total}, and not all stay up: ${said(restarting)}` };
}

/** What to do about pods that do not run. */
export const POD_STEPS: readonly string[] = [
  'Run `kubectl -n NAMESPACE describe pod POD`: its events say why it does not run.',
  'Run `kubectl -n NAMESPACE logs POD --all-containers --previous`: a driver that cannot reach TrueNAS or log in there says so.',
];
