import { condition, type Check } from '../../model/check.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { DELETE_DATASET, exportWords, snapshotSteps } from '../checks/deletion.ts';
import {
  CHECK_CLUSTERS,
  isClusterMissing,
  mindOfDoubts,
  otherHandsSteps,
} from '../checks/doubts.ts';
import { datasetFacts } from '../checks/facts.ts';
import { forgottenByName, memoriesAgain, MEMORY_SOURCES } from '../checks/remembered.ts';
import { storageReadable } from '../checks/storage.ts';
import {
  certainlyForgotten,
  lookupsFor,
  SURROUNDING_SOURCES,
  type Surroundings,
} from '../checks/unclaimed.ts';
import { placeOf } from '../checks/place.ts';
import { suspectsAmong } from '../checks/suspects.ts';

export const datasetUnclaimed = defineRule({
  id: 'dataset-unclaimed',
  category: 'orphan',
  severity: 'high',
  title: 'Managed dataset without a PersistentVolume',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: ['datasets', 'volumeLinks', 'parents', 'storage', 'clusters', 'persistentVolumes'],
  consults: [...SURROUNDING_SOURCES, ...MEMORY_SOURCES],

  *evaluate(evidence, context) {
    const { datasets, parents, volumeLinks, storage, snapshotLinks } = evidence;
    for (const dataset of suspectsAmong(datasets, context, (each) => !volumeLinks.isUsed(each))) {
      const parent = parents.parentOf(dataset.system, dataset.id);
      if (parent === undefined || !volumeLinks.isManaged(dataset)) continue;
      const users = volumeLinks.usersOf(dataset);
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition('no-volume-refers', users.length === 0, () =>
          users.length === 0
            ? 'no PersistentVolume in any registered cluster refers to it'
            : `used by ${users.map(({ name }) => name).join(', ')}`,
        ),
        checks: () => [
          condition(
            'provisioned',
            volumeLinks.isFinished(dataset),
            'the driver finished making it',
          ),
          olderThanThreshold(dataset.createdAt, context),
          storageReadable(storage, dataset.system, dataset.id),
          forgottenByName(dataset, evidence),
          ...certainlyForgotten(dataset, parent, evidence, context),
        ],
        message: 'no PersistentVolume in any registered cluster refers to this dataset',
        lookups: () => [...lookupsFor(dataset, snapshotLinks), ...memoriesAgain()],
        facts: (checks) => ({
          ...datasetFacts(dataset),
          remedy: remedyFor(dataset, evidence, checks),
        }),
      };
    }
  },
});

function adoption({ id }: Dataset, checks: readonly Check[]): Remedy {
  return {
    action: 'adopt-dataset',
    safe: true,
    steps: [
      ...otherHandsSteps(checks),
      CHECK_CLUSTERS,
      `Where the cluster was rebuilt or restored, create a PersistentVolume with reclaim policy Retain for ${id} and a claim that binds it.`,
    ],
    command: null,
  };
}

function remedyFor(
  dataset: Dataset,
  { exports, snapshotLinks }: Pick<Surroundings, 'exports' | 'snapshotLinks'>,
  checks: readonly Check[],
): Remedy {
  if (isClusterMissing(checks)) return adoption(dataset, checks);
  const { id } = dataset;
  const exported = exportWords(dataset, exports.value);
  const aside =
    exported === undefined
      ? [
          `Set ${id} to read-only: nothing exports it, and nothing but this would tell who uses it.`,
          'Wait a week for somebody to miss it; make it writable again if somebody does.',
        ]
      : [
          `Disable the ${exported.name} of ${id} and leave the data where it is.`,
          'Wait a week for somebody to miss it; enable it again if somebody does.',
          `Delete the ${exported.parts}, after a look at path and name: ids are used again.`,
        ];
  const steps = [...aside, ...snapshotSteps(dataset, snapshotLinks), DELETE_DATASET];
  return mindOfDoubts({ action: 'quarantine-dataset', safe: true, steps, command: null }, checks);
}
