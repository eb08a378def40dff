import { leafName, parentPath } from '../../correlate/paths.ts';
import { condition, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type Consulted } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { CopyCensus, VolumeCensus, keeperOf, unnoted } from '../checks/detached-copy.ts';
import { DELETE_DATASET, snapshotSteps } from '../checks/deletion.ts';
import {
  CHECK_CLUSTERS,
  isClusterMissing,
  mindOfDoubts,
  otherHandsSteps,
} from '../checks/doubts.ts';
import { datasetFacts } from '../checks/facts.ts';
import { placeOf } from '../checks/place.ts';
import { forgottenByName, memoriesAgain, MEMORY_SOURCES } from '../checks/remembered.ts';
import { noClassKeeps } from '../checks/retained.ts';
import { noRunningJob } from '../checks/running-job.ts';
import { storageReadable } from '../checks/storage.ts';
import { certainlyForgotten, lookupsFor, SURROUNDING_SOURCES } from '../checks/unclaimed.ts';

function remedyFor(
  dataset: Dataset,
  snapshotLinks: Consulted<'snapshotLinks'>,
  checks: readonly Check[],
): Remedy {
  const { id } = dataset;
  if (isClusterMissing(checks)) {
    return {
      action: 'investigate',
      safe: false,
      steps: [
        ...otherHandsSteps(checks),
        CHECK_CLUSTERS,
        `Where the cluster was rebuilt or restored, create a VolumeSnapshotContent with deletion policy Retain and the handle ${leafName(parentPath(id))}/${leafName(id)}, and a VolumeSnapshot that binds it.`,
      ],
      command: null,
    };
  }
  const remedy: Remedy = {
    action: 'quarantine-dataset',
    safe: true,
    steps: [
      'Find out whether its volume still exists: a detached snapshot is often the only backup that is left of one.',
      `Make sure that nobody kept ${id} on purpose: with deletion policy Retain it outlives its VolumeSnapshot.`,
      `Set ${id} to read-only and leave it for a month.`,
      ...snapshotSteps(dataset, snapshotLinks),
      DELETE_DATASET,
      'Delete its container only once that is empty.',
    ],
    command: null,
  };
  return mindOfDoubts(remedy, checks);
}

export const detachedSnapshotUnclaimed = defineRule({
  id: 'detached-snapshot-unclaimed',
  category: 'orphan',
  severity: 'medium',
  title: 'Detached snapshot without a VolumeSnapshotContent',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: [
    'datasets',
    'volumeSnapshotContents',
    'volumeSnapshots',
    'volumeLinks',
    'parents',
    'storage',
    'clusters',
    'persistentVolumes',
  ],
  consults: [...SURROUNDING_SOURCES, ...MEMORY_SOURCES, 'runningJobs', 'volumeSnapshotClasses'],

  *evaluate(evidence, context) {
    const { datasets, parents, volumeLinks, snapshotLinks, storage } = evidence;
    const claimantOf = ({ id }: Dataset): string | undefined =>
      snapshotLinks.value.claimantOf(leafName(id));
    const census = lazy(
      () => new CopyCensus(datasets, parents, (copy) => claimantOf(copy) !== undefined),
    );
    const volumes = lazy(() => new VolumeCensus(evidence));
    for (const dataset of datasets) {
      const keeper = keeperOf(dataset, parents);
      if (keeper === undefined) continue;
      const claimant = claimantOf(dataset);
      if (context.suspectsOnly && claimant !== undefined) continue;
      const { system, id } = dataset;
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition(
          'no-content-refers',
          claimant === undefined,
          claimant ?? 'none in any registered cluster',
        ),
        checks: () => {
          const users = volumeLinks.usersOf(dataset);
          return [
            condition(
              'no-volume-refers',
              users.length === 0,
              users.map(({ name }) => name).join(', ') || 'no PersistentVolume and no pod does',
            ),
            olderThanThreshold(dataset.createdAt, context, 'taken'),
            storageReadable(storage, system, id),
            forgottenByName(unnoted(dataset), evidence),
            noRunningJob(system, id, evidence.runningJobs),
            census().plausibleAt(keeper, context.policy),
            volumes().sourceKnown(dataset, keeper),
            noClassKeeps(true, keeper, evidence.volumeSnapshotClasses),
            ...certainlyForgotten(dataset, keeper, evidence, context),
          ];
        },
        message: 'no VolumeSnapshotContent in any registered cluster refers to this copy',
        lookups: () => [
          ...lookupsFor(dataset, snapshotLinks),
          ...memoriesAgain(),
          { kind: 'system-list', system, source: 'runningJobs' },
        ],
        facts: (checks) => ({
          ...datasetFacts(dataset),
          remedy: remedyFor(dataset, snapshotLinks, checks),
        }),
      };
    }
  },
});
