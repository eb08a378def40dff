import { condition, type Check } from '../../model/check.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetFacts } from '../checks/facts.ts';
import { storageReadable } from '../checks/storage.ts';
import { certainlyForgotten, lookupsFor, SURROUNDING_SOURCES } from '../checks/unclaimed.ts';

export const datasetUnclaimed = defineRule({
  id: 'dataset-unclaimed',
  category: 'orphan',
  severity: 'high',
  title: 'Managed dataset without a PersistentVolume',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: ['datasets', 'volumeLinks', 'parents', 'storage', 'clusters', 'persistentVolumes'],
  consults: SURROUNDING_SOURCES,

  *evaluate(evidence, context) {
    const { datasets, parents, volumeLinks, storage, snapshotLinks } = evidence;
    for (const dataset of datasets) {
      const users = volumeLinks.usersOf(dataset);
      if (context.suspectsOnly && users.length > 0) continue;
      const parent = parents.parentOf(dataset.system, dataset.id);
      if (parent === undefined || !volumeLinks.isManaged(dataset)) continue;
      yield {
        subject: refToDataset(dataset),
        premise: condition('no-volume-refers', users.length === 0, () =>
          users.length === 0
            ? 'no PersistentVolume in any registered cluster refers to it'
            : `used by ${users.map(({ name }) => name).join(', ')}`,
        ),
        checks: () => [
          condition(
            'provisioned',
            dataset.properties.provisionSuccess,
            'the driver finished making it',
          ),
          olderThanThreshold(dataset.createdAt, context),
          storageReadable(storage, dataset.system, dataset.id),
          ...certainlyForgotten(dataset, parent, evidence, context),
        ],
        message: 'no PersistentVolume in any registered cluster refers to this dataset',
        lookups: () => lookupsFor(dataset, snapshotLinks),
        facts: (checks) => ({ ...datasetFacts(dataset), remedy: remedyFor(dataset, checks) }),
      };
    }
  },
});

/** Signs that the cluster, not the volume, is what is missing. */
const WORLD_CHECKS: readonly string[] = ['younger-than-cluster', 'few-unclaimed-at-once'];

function remedyFor(dataset: Dataset, checks: readonly Check[]): Remedy {
  const rebuilt = checks.some(({ id, result }) => result === 'failed' && WORLD_CHECKS.includes(id));
  if (rebuilt) {
    return {
      action: 'adopt-dataset',
      safe: true,
      steps: [
        'Check that every cluster that uses this TrueNAS is configured and that the context is the right one.',
        `Where the cluster was rebuilt, create a PersistentVolume with reclaim policy Retain for ${dataset.id} and a claim that binds it.`,
      ],
      command: null,
    };
  }
  const share = dataset.kind === 'volume' ? 'iSCSI extent' : 'share';
  return {
    action: 'quarantine-dataset',
    safe: true,
    steps: [
      `Disable the ${share} of ${dataset.id} and leave the data where it is.`,
      'Wait a week for somebody to miss it; enable it again if somebody does.',
      `Delete the ${share}, then the dataset without the recursive option, and check that it is gone.`,
    ],
    command: null,
  };
}
