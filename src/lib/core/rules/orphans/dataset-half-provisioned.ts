import { type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { condition, type Check } from '../../model/check.ts';
import { COMPLETE } from '../../model/coverage.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type Consulted } from '../../model/rule.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { type ClaimIndex, indexClaims } from '../checks/claim-index.ts';
import { DELETE_DATASET, snapshotSteps } from '../checks/deletion.ts';
import { mindOfDoubts } from '../checks/doubts.ts';
import { datasetFacts } from '../checks/facts.ts';
import { forgottenByName, memoriesAgain } from '../checks/remembered.ts';
import { storageReadable } from '../checks/storage.ts';
import { certainlyForgotten, lookupsFor, SURROUNDING_SOURCES } from '../checks/unclaimed.ts';
import { placeOf } from '../checks/place.ts';
import { suspectsAmong } from '../checks/suspects.ts';

const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The claim a volume is made for. The volume's name ends with its uid, whatever prefix the provisioner was given, or with
 * the beginning of it where it was told to shorten names.
 *
 * @returns null where there is none, undefined where the name does not tell
 */
function claimOf(
  { properties }: Dataset,
  claims: ClaimIndex,
): PersistentVolumeClaim | null | undefined {
  const name = properties.csiVolumeName ?? '';
  const uid = UID.exec(name)?.[0];
  if (uid !== undefined) return claims.byUid(uid) ?? null;
  const short = name.slice(name.lastIndexOf('-') + 1);
  if (short === '') return undefined;
  return claims.byShortUid(short);
}

function noClaimWaits(claim: PersistentVolumeClaim | null | undefined): Check {
  if (claim === undefined) {
    return condition(
      'no-claim-waits',
      undefined,
      'its name does not tell for which claim it is made',
    );
  }
  return condition(
    'no-claim-waits',
    claim === null,
    claim === null
      ? 'its claim is gone'
      : `claim ${claim.namespace}/${claim.name} is ${claim.phase}`,
  );
}

function remedyFor(dataset: Dataset, snapshotLinks: Consulted<'snapshotLinks'>): Remedy {
  return {
    action: 'quarantine-dataset',
    safe: true,
    steps: [
      `Check that ${dataset.id} holds no data of its own (usedbydataset).`,
      'Disable its share or extent if one was made, and wait a week.',
      'Delete mapping, extent and target, or the share, each after a look at its path or name: ids are used again.',
      ...snapshotSteps(dataset, snapshotLinks),
      DELETE_DATASET,
    ],
    command: null,
  };
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
  consults: [...SURROUNDING_SOURCES, 'volumeAttachments'],

  *evaluate(evidence, context) {
    const { datasets, parents, volumeLinks, storage, snapshotLinks, persistentVolumeClaims } =
      evidence;
    const memories = {
      ...evidence,
      persistentVolumeClaims: { coverage: COMPLETE, items: persistentVolumeClaims },
    };
    const isUnfinished = (dataset: Dataset): boolean => !volumeLinks.isFinished(dataset);
    for (const dataset of suspectsAmong(datasets, context, isUnfinished)) {
      const unfinished = isUnfinished(dataset);
      const parent = parents.parentOf(dataset.system, dataset.id);
      if (parent === undefined || !volumeLinks.isManaged(dataset)) continue;
      yield {
        subject: refToDataset(dataset),
        place: placeOf(dataset),
        premise: condition('never-finished', unfinished, () =>
          unfinished ? 'the driver did not mark it as finished' : 'the driver finished making it',
        ),
        checks: () => {
          const users = volumeLinks.usersOf(dataset);
          return [
            condition('no-volume-refers', users.length === 0, () =>
              users.length === 0 ? 'none' : `used by ${users.map(({ name }) => name).join(', ')}`,
            ),
            noClaimWaits(claimOf(dataset, indexClaims(persistentVolumeClaims))),
            olderThanThreshold(dataset.createdAt, context),
            storageReadable(storage, dataset.system, dataset.id),
            forgottenByName(dataset, memories),
            ...certainlyForgotten(dataset, parent, evidence, context),
          ];
        },
        message: 'the driver never finished this volume, and its claim is gone',
        lookups: () => [...lookupsFor(dataset, snapshotLinks), ...memoriesAgain()],
        facts: (checks) => ({
          ...datasetFacts(dataset),
          remedy: mindOfDoubts(remedyFor(dataset, snapshotLinks), checks),
        }),
      };
    }
  },
});
