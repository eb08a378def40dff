import { type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { condition } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetFacts } from '../checks/facts.ts';
import { storageReadable } from '../checks/storage.ts';
import { certainlyForgotten, lookupsFor, SURROUNDING_SOURCES } from '../checks/unclaimed.ts';

/** The volume's name ends with the uid of the claim it is made for, whatever prefix the provisioner was given. */
function claimOf(
  dataset: Dataset,
  byUid: ReadonlyMap<string, PersistentVolumeClaim>,
): PersistentVolumeClaim | undefined {
  return byUid.get(dataset.properties.csiVolumeName?.slice(-36) ?? '');
}

export const datasetHalfProvisioned = defineRule({
  id: 'dataset-half-provisioned',
  category: 'orphan',
  severity: 'medium',
  title: 'Dataset of a volume that was never finished',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: [
    'datasets',
    'volumeLinks',
    'parents',
    'storage',
    'clusters',
    'persistentVolumes',
    'persistentVolumeClaims',
  ],
  consults: SURROUNDING_SOURCES,

  *evaluate(evidence, context) {
    const { datasets, parents, volumeLinks, storage, snapshotLinks } = evidence;
    const claims = lazy(
      () => new Map(evidence.persistentVolumeClaims.map((claim) => [claim.uid, claim])),
    );
    for (const dataset of datasets) {
      const unfinished = !dataset.properties.provisionSuccess;
      if (context.suspectsOnly && !unfinished) continue;
      const parent = parents.parentOf(dataset.system, dataset.id);
      if (parent === undefined || !volumeLinks.isManaged(dataset)) continue;
      yield {
        subject: refToDataset(dataset),
        premise: condition('never-finished', unfinished, () =>
          unfinished ? 'the driver did not mark it as finished' : 'the driver finished making it',
        ),
        checks: () => {
          const users = volumeLinks.usersOf(dataset);
          const claim = claimOf(dataset, claims());
          return [
            condition('no-volume-refers', users.length === 0, () =>
              users.length === 0 ? 'none' : `used by ${users.map(({ name }) => name).join(', ')}`,
            ),
            condition('no-claim-waits', claim === undefined, () =>
              claim === undefined
                ? 'its claim is gone'
                : `claim ${claim.namespace}/${claim.name} is ${claim.phase}`,
            ),
            olderThanThreshold(dataset.createdAt, context),
            storageReadable(storage, dataset.system, dataset.id),
            ...certainlyForgotten(dataset, parent, evidence, context),
          ];
        },
        message: 'the driver never finished this volume, and its claim is gone',
        lookups: () => [
          ...lookupsFor(dataset, snapshotLinks),
          { kind: 'cluster-list', source: 'persistentVolumeClaims' },
        ],
        facts: () => ({
          ...datasetFacts(dataset),
          remedy: {
            action: 'quarantine-dataset',
            safe: true,
            steps: [
              `Check that ${dataset.id} holds no data of its own (usedbydataset).`,
              'Disable its share or extent if one was made, and wait a week.',
              'Delete mapping, extent, target or share, then the dataset without the recursive option.',
            ],
            command: null,
          },
        }),
      };
    }
  },
});
