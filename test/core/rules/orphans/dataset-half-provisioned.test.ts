import { expect, test } from 'vitest';
import { datasetHalfProvisioned } from '../../../../src/lib/core/rules/orphans/dataset-half-provisioned.ts';
import {
  aClaim,
  aCluster,
  aDataset,
  aDriver,
  anAttachment,
  anInventory,
  anNfsShare,
  aPod,
  aPool,
  aPv,
  aZfsSnapshot,
  details,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
  SNAPSHOT_UID,
  UID,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const id = `${PARENT}/${HANDLE}`;
const begun = properties({ csiVolumeName: HANDLE, managed: true });
const half = aDataset({ properties: begun });

testRule(datasetHalfProvisioned, {
  safe: 'every',
  certain: {
    'a dataset whose claim was given up': [anInventory({ datasets: [half] }), [id]],
    'a zvol whose claim was given up': [
      anInventory({ datasets: [aDataset({ kind: 'volume', properties: begun })] }),
      [id],
    ],
    'a dataset while other claims wait': [
      anInventory({
        datasets: [half],
        persistentVolumeClaims: [
          aClaim({
            uid: '0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901',
            phase: 'Pending',
            volumeName: null,
          }),
        ],
      }),
      [id],
    ],
  },
  likely: {
    'attachments that could not be read': [
      withoutList(anInventory({ datasets: [half] }), 'volumeAttachments'),
      [id],
      'nobody-remembers-it',
    ],
    'a parent that other clusters may use': [
      anInventory({ datasets: [half], drivers: [aDriver({ exclusive: false })] }),
      [id],
      'owner-registered',
    ],
    'SMB shares that could not be read': [
      withoutList(anInventory({ datasets: [half] }), 'smbShares'),
      [id],
      'no-foreign-export',
    ],
    'a share of it that somebody made by hand': [
      anInventory({ datasets: [half], nfsShares: [anNfsShare({ comment: 'office' })] }),
      [id],
      'no-foreign-export',
    ],
    'a cluster that was rebuilt since': [
      anInventory({ datasets: [half], cluster: aCluster({ createdAt: JUST_NOW }) }),
      [id],
      'younger-than-cluster',
    ],
  },
  silent: {
    'a volume that went under a pod, whose claim was made anew and still names it': anInventory({
      datasets: [half],
      persistentVolumeClaims: [
        aClaim({ uid: '0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901', phase: 'Lost', volumeName: HANDLE }),
      ],
    }),
    'a volume of which nothing but an attachment is left': anInventory({
      datasets: [half],
      volumeAttachments: [anAttachment()],
    }),
    'a claim that waits where names are shortened': anInventory({
      datasets: [
        aDataset({
          id: `${PARENT}/pvc-${UID.slice(0, 8)}`,
          properties: properties({ csiVolumeName: `pvc-${UID.slice(0, 8)}`, managed: true }),
        }),
      ],
      persistentVolumeClaims: [aClaim({ phase: 'Pending', volumeName: null, uid: UID })],
    }),
    'a name that does not tell for which claim it is': anInventory({
      datasets: [
        aDataset({
          id: `${PARENT}/library`,
          properties: properties({ csiVolumeName: 'media-library', managed: true }),
        }),
      ],
    }),
    'a claim that still waits for it': anInventory({
      datasets: [half],
      persistentVolumeClaims: [aClaim({ phase: 'Pending', volumeName: null, uid: UID })],
    }),
    'a claim that waits under another prefix of names': anInventory({
      datasets: [
        aDataset({
          id: `${PARENT}/k8s-${UID}`,
          properties: properties({ csiVolumeName: `k8s-${UID}`, managed: true }),
        }),
      ],
      persistentVolumeClaims: [aClaim({ phase: 'Pending', volumeName: null, uid: UID })],
    }),
    'a volume that was finished': anInventory({ datasets: [aDataset()] }),
    'a volume whose delete was blocked: it was finished once': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv({ phase: 'Released' })],
    }),
    'a volume that is used though the mark is missing': anInventory({
      datasets: [half],
      persistentVolumes: [aPv()],
    }),
    'a dataset without a mark, such as a copy in the making': anInventory({
      datasets: [aDataset({ properties: properties() })],
    }),
    'a detached snapshot in the making': anInventory({
      datasets: [
        aDataset({
          properties: properties({ managed: true, csiSnapshotName: `snapshot-${SNAPSHOT_UID}` }),
        }),
      ],
    }),
    'a dataset outside every parent': anInventory({
      datasets: [aDataset({ id: `tank/replica/${HANDLE}`, properties: begun })],
    }),
    'a dataset younger than the threshold': anInventory({
      datasets: [aDataset({ properties: begun, createdAt: JUST_NOW })],
    }),
    'a dataset that a pod mounts directly': anInventory({
      datasets: [half],
      pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: 'nas1', path: `/mnt/${id}` }] })],
    }),
    'a pool that is away': anInventory({
      datasets: [half],
      pools: [aPool({ status: 'OFFLINE' })],
    }),
  },
});

test('knows the claim by the uid that ends the name, or by the beginning of it', () => {
  const waiting = aClaim({ phase: 'Pending', volumeName: null, uid: UID });
  const seen = (name: string, claims: readonly (typeof waiting)[]) =>
    checkOf(
      datasetHalfProvisioned,
      anInventory({
        datasets: [
          aDataset({
            id: `${PARENT}/${name}`,
            properties: properties({ csiVolumeName: name, managed: true }),
          }),
        ],
        persistentVolumeClaims: claims,
      }),
      `${PARENT}/${name}`,
      'no-claim-waits',
    );
  const waits = ['failed', 'claim media/library is Pending'];
  const untold = ['unknown', 'its name does not tell for which claim it is made'];
  expect(seen(HANDLE, [waiting])).toEqual(waits);
  expect(seen(`pvc-${UID.replaceAll('-', '').slice(0, 12)}`, [waiting])).toEqual(waits);
  expect(seen(HANDLE, [])).toEqual(['passed', 'its claim is gone']);
  // The end of a uid, or a name that ends with nothing, says as little as one of words.
  expect(seen(`pvc-${UID.slice(-8)}`, [waiting])).toEqual(untold);
  expect(seen('library-', [waiting])).toEqual(untold);
});

test('names the volume that uses it', () => {
  const seen = (persistentVolumes: ReturnType<typeof aPv>[]) =>
    checkOf(
      datasetHalfProvisioned,
      anInventory({ datasets: [half], persistentVolumes }),
      id,
      'no-volume-refers',
    );
  expect(seen([])).toEqual(['passed', 'none']);
  expect(seen([aPv()])).toEqual(['failed', `used by ${HANDLE}`]);
});

test('what speaks against it comes first, and its snapshots go before it', () => {
  const [plain] = findingsOf(datasetHalfProvisioned, anInventory({ datasets: [half] }));
  expect(plain?.remedy).toMatchObject({ action: 'quarantine-dataset', safe: true });
  const [finding] = findingsOf(
    datasetHalfProvisioned,
    anInventory({
      datasets: [half],
      snapshotTasks: [
        {
          system: 'nas1',
          id: 7,
          dataset: id,
          recursive: false,
          enabled: true,
          keepsFor: null,
          naming: null,
        },
      ],
      zfsSnapshots: [aZfsSnapshot({ name: 'auto-1', details: details() })],
    }),
  );
  expect(finding?.remedy.action).toBe('investigate');
  expect(finding?.remedy.steps[0]).toContain('Find out what snapshot task 7 is for');
  expect(finding?.remedy.steps.join(' ')).toContain('Look at its 1 snapshot, @auto-1, and delete');
});
