import { type ExportIndex } from '../../correlate/match-shares.ts';
import { condition, type Check } from '../../model/check.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetFacts } from '../checks/facts.ts';
import { forgottenByName, memoriesAgain, MEMORY_SOURCES } from '../checks/remembered.ts';
import { storageReadable } from '../checks/storage.ts';
import {
  certainlyForgotten,
  lookupsFor,
  SURROUNDING_SOURCES,
  WORLD_CHECKS,
} from '../checks/unclaimed.ts';
import { placeOf } from '../checks/place.ts';

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
    for (const dataset of datasets) {
      const users = volumeLinks.usersOf(dataset);
      if (context.suspectsOnly && users.length > 0) continue;
      const parent = parents.parentOf(dataset.system, dataset.id);
      if (parent === undefined || !volumeLinks.isManaged(dataset)) continue;
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
          remedy: remedyFor(dataset, exportOf(dataset, evidence.exports.value), checks),
        }),
      };
    }
  },
});

/** What exports the volume, in a word; undefined where nothing does. */
function exportOf(dataset: Dataset, exports: ExportIndex): string | undefined {
  if (exports.extentsOf(dataset).length > 0) return 'iSCSI extent';
  if (exports.namespacesOf(dataset).length > 0) return 'NVMe-oF namespace';
  if (exports.nfsSharesOf(dataset).length > 0) return 'NFS share';
  return exports.smbSharesOf(dataset).length > 0 ? 'SMB share' : undefined;
}

function remedyFor(
  dataset: Dataset,
  exported: string | undefined,
  checks: readonly Check[],
): Remedy {
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
  const steps =
    exported === undefined
      ? [
          `Set ${dataset.id} to read-only: nothing exports it, and nothing but this would tell who uses it.`,
          'Wait a week for somebody to miss it; make it writable again if somebody does.',
          'Delete the dataset without the recursive option, and check that it is gone.',
        ]
      : [
          `Disable the ${exported} of ${dataset.id} and leave the data where it is.`,
          'Wait a week for somebody to miss it; enable it again if somebody does.',
          `Delete the ${exported}, then the dataset without the recursive option, and check that it is gone.`,
        ];
  return { action: 'quarantine-dataset', safe: true, steps, command: null };
}
