import { type VolumeUser } from '../../correlate/claims.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type Lookup } from '../../model/rule.ts';
import { refToVolume } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { datasetBehind } from '../checks/backing.ts';
import { volumeFacts } from '../checks/facts.ts';
import { placeOfBackend } from '../checks/place.ts';

/** Names of volumes, with the cluster where it is another one. */
function namesOf(pv: PersistentVolume, sharers: readonly VolumeUser[]): string {
  const names = sharers
    .map(({ cluster, name }) => (cluster === pv.cluster ? name : `${name} of cluster ${cluster}`))
    .sort();
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
}

/**
 * Short handles repeat, and in another cluster they may stand for another dataset after all; the name the driver wrote on
 * the dataset does not repeat.
 */
function sameVolume(
  pv: PersistentVolume,
  sharers: readonly VolumeUser[],
  dataset: Dataset | undefined,
): Check {
  const written = dataset?.properties.csiVolumeName ?? null;
  const abroad = sharers.filter(({ cluster }) => cluster !== pv.cluster);
  const odd = written === null ? [] : [pv, ...abroad].filter(({ name }) => name !== written);
  const agrees = abroad.length === 0 || odd.length === 0;
  return assurance('same-volume', agrees, () => {
    if (!agrees) {
      return `the dataset was made for ${written ?? ''}, and not for ${odd.map(({ name }) => name).join(', ')}`;
    }
    return abroad.length === 0 || written === null
      ? 'driver and handle are the same'
      : `the dataset was made for ${written}, as all of them are called`;
  });
}

/** Under Retain the data is safe, and what is left is to be decided by people. */
function remedyFor(pv: PersistentVolume): Remedy {
  const retained = pv.reclaimPolicy === 'Retain';
  return {
    action: retained ? 'investigate' : 'retain-volumes',
    safe: !retained,
    steps: [
      retained
        ? 'Check that every one of these PersistentVolumes has the reclaim policy Retain: the first that is deleted under Delete takes the data of all.'
        : 'Set the reclaim policy of every one of these PersistentVolumes to Retain at once: the first that is deleted under Delete takes the data of all.',
      'Stop what uses all but one of them where the volume is a block device or its application does not share it: two file systems on one device destroy each other.',
      'Decide with the owners which of them stays; delete the claims and PersistentVolumes of the others, under Retain.',
      'Give the one that stays its reclaim policy back when it is alone.',
    ],
    command: null,
  };
}

function lookupsFor(dataset: Dataset | undefined): readonly Lookup[] {
  const volumes: Lookup = { kind: 'cluster-list', source: 'persistentVolumes' };
  if (dataset === undefined) return [volumes];
  return [volumes, { kind: 'dataset', system: dataset.system, id: dataset.id }];
}

export const volumeHandleDuplicate = defineRule({
  id: 'volume-handle-duplicate',
  category: 'drift',
  severity: 'high',
  title: 'PersistentVolumes that share one volume',
  scope: 'cluster',
  subjects: ['PersistentVolume'],
  requires: ['persistentVolumes', 'volumeLinks'],
  consults: [],

  *evaluate({ persistentVolumes, volumeLinks }, context) {
    for (const backed of volumeLinks.backed(persistentVolumes)) {
      const { volume: pv, backend } = backed;
      if (pv.source.kind !== 'csi') continue;
      const sharers = volumeLinks.sharersOf(backed);
      if (context.suspectsOnly && sharers.length === 0) continue;
      if (!volumeLinks.concerns(pv)) continue;
      const { handle } = pv.source;
      const dataset = datasetBehind(backend);
      const names = lazy(() => namesOf(pv, sharers));
      yield {
        subject: refToVolume(pv),
        place: placeOfBackend(backend),
        premise: condition('handle-shared', sharers.length > 0, () =>
          sharers.length > 0 ? `also of ${names()}` : `no other volume has handle ${handle}`,
        ),
        // Moving a volume from one PersistentVolume to the next takes both for a while.
        checks: () => [
          olderThanThreshold(lastTurn(pv), context, 'unchanged since'),
          sameVolume(pv, sharers, dataset),
        ],
        message: () =>
          `${dataset === undefined ? `handle ${handle}` : `dataset ${dataset.id}`} is also the volume of ${names()}`,
        lookups: () => lookupsFor(dataset),
        // Under Retain its own end harms nobody; that of the others still may.
        severity: pv.reclaimPolicy === 'Retain' ? 'medium' : 'high',
        facts: () => ({ ...volumeFacts(pv, dataset), remedy: remedyFor(pv) }),
      };
    }
  },
});
