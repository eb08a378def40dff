import { type ParentIndex } from '../../correlate/parents.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { refToCluster } from '../../model/surroundings.ts';
import { elapsed } from '../../model/units.ts';
import { counted, firstFew, formatInstant } from '../../render/text/format.ts';
import { failuresByVolume, lastFailure, type Failure } from '../checks/failed-deletes.ts';
import { excerpt } from '../checks/excerpt.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const DAY = 86_400_000;
const NAMED = 3;

function isOurs({ cluster, source }: PersistentVolume, parents: ParentIndex): boolean {
  return source.kind === 'csi' && parents.isTrueNasDriver(cluster, source.driver);
}

function isRecent({ at }: Failure, now: Date): boolean {
  return at === null || elapsed(at, now) <= DAY;
}

/** What its driver said, and when. */
function said({ at, message }: Failure): string {
  return `${at === null ? '' : `${formatInstant(at)}: `}${excerpt(message)}`;
}

function judge(failures: ReadonlyMap<string, Failure>): Omit<Inspection, 'subject'> {
  if (failures.size === 0) return { sound: true, seen: 'no deletion failed within the last day' };
  const latest = [...failures]
    .toSorted(
      ([a, one], [b, other]) =>
        (other.at?.getTime() ?? 0) - (one.at?.getTime() ?? 0) || (a < b ? -1 : 1),
    )
    .map(([name, failure]) => `${name} (${said(failure)})`);
  return {
    sound: false,
    seen: `the deletion of ${counted(failures.size, 'volume')} failed within the last day: ${firstFew(latest, NAMED)}`,
  };
}

export const volumeDeleteFailed = defineCheck({
  id: 'volume-delete-failed',
  category: 'health',
  severity: 'medium',
  component: 'volume',
  title: 'Volumes are deleted when they are to be',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['persistentVolumes', 'events', 'parents', 'clusters'],
  consults: [],
  steps: [
    'Run `truenas-monitor orphans --rule delete-blocked`: it says for each of them what stands in the way, and what to do.',
  ],

  *inspect({ persistentVolumes, events, parents, clusters }, { now }) {
    for (const { name: cluster } of clusters) {
      const byVolume = failuresByVolume(events.filter((event) => event.cluster === cluster));
      const failures = new Map<string, Failure>();
      for (const pv of persistentVolumes) {
        if (pv.cluster !== cluster || !isOurs(pv, parents)) continue;
        const failure = lastFailure(pv, byVolume);
        if (failure !== undefined && isRecent(failure, now)) failures.set(pv.name, failure);
      }
      yield { subject: refToCluster(cluster), ...judge(failures) };
    }
  },
});
