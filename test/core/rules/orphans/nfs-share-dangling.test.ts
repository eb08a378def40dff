import { expect, test } from 'vitest';
import { nfsShareDangling } from '../../../../src/lib/core/rules/orphans/nfs-share-dangling.ts';
import {
  aCluster,
  aDataset,
  aDriver,
  anInventory,
  anNfsShare,
  aPool,
  aPv,
  aSystem,
  clusterWith,
  HANDLE,
  LONG_AGO,
  PARENT,
  properties,
  systemWith,
} from '../../../support/builders.ts';
import { findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const path = `/mnt/${PARENT}/${HANDLE}`;
const elsewhere = anNfsShare({
  path: '/mnt/tank/films',
  comment: 'democratic-csi (org.democratic-csi.nfs): tank/films',
});

const official = aDriver({ driver: 'csi.truenas.io' });
const byOfficial = anNfsShare({ comment: `CSI volume ${PARENT}/${HANDLE}` });
const shared = aDriver({ exclusive: false });

testRule(nfsShareDangling, {
  safe: 'every',
  certain: {
    'a share the driver made, of a dataset that is gone': [
      anInventory({ nfsShares: [anNfsShare()] }),
      [path],
    ],
    'two such shares of one path': [
      anInventory({ nfsShares: [anNfsShare(), anNfsShare({ id: 43 })] }),
      [path, path],
    ],
    'a share of a volume whose comment somebody wrote anew': [
      anInventory({ nfsShares: [anNfsShare({ comment: `${PARENT}/${HANDLE} of the shop` })] }),
      [path],
    ],
    'a share of the official driver, which is declared': [
      anInventory({ drivers: [aDriver(), official], nfsShares: [byOfficial] }),
      [path],
    ],
    'a share below a parent that others may use too, made by its driver for this dataset': [
      anInventory({ drivers: [shared], nfsShares: [anNfsShare()] }),
      [path],
    ],
    'a share of a clone below such a parent, made by the official driver': [
      anInventory({
        drivers: [shared, aDriver({ driver: 'csi.truenas.io', exclusive: false })],
        nfsShares: [anNfsShare({ comment: `CSI volume clone ${PARENT}/${HANDLE}` })],
      }),
      [path],
    ],
  },
  likely: {
    'a share of the official driver, which nobody declared': [
      anInventory({ nfsShares: [byOfficial] }),
      [path],
      'no-foreign-owner',
    ],
    // It may be a plain directory, which no list tells from nothing.
    'a share below a parent that others may use too, whose comment somebody wrote': [
      anInventory({
        drivers: [shared],
        nfsShares: [anNfsShare({ comment: `${PARENT}/${HANDLE} of the shop` })],
      }),
      [path],
      'owner-registered',
    ],
    'a share below such a parent, whose comment names another dataset too': [
      anInventory({
        drivers: [shared],
        nfsShares: [
          anNfsShare({
            comment: `democratic-csi (org.democratic-csi.nfs): ${PARENT}/${HANDLE}, was ${PARENT}/a`,
          }),
        ],
      }),
      [path],
      'owner-registered',
    ],
    'a share below such a parent, made by a driver nobody declared for it': [
      anInventory({ drivers: [shared], nfsShares: [byOfficial] }),
      [path],
      'owner-registered',
    ],
    'a second cluster that shows not a single volume': [
      {
        ...anInventory({ nfsShares: [anNfsShare()] }),
        clusters: [
          ...anInventory().clusters,
          clusterWith({}, aCluster({ name: 'dev', uid: 'dev' })),
        ],
      },
      [path],
      'owner-registered',
    ],
    'a share that may be on the replica of the system where the driver works': [
      {
        ...anInventory({ nfsShares: [anNfsShare()] }),
        systems: [
          ...anInventory({ nfsShares: [anNfsShare()] }).systems,
          systemWith({}, aSystem({ name: 'nas2', hostId: 'other' })),
        ],
      },
      [path],
      'owner-registered',
    ],
    'a share somebody made by hand below the parent': [
      anInventory({ nfsShares: [anNfsShare({ comment: 'office' })] }),
      [path],
      'made-by-driver',
    ],
    'a plain directory among the volumes, whose comment says where it is': [
      anInventory({
        nfsShares: [
          anNfsShare({ path: `/mnt/${PARENT}/photos`, comment: `photos, see ${PARENT}/photos` }),
        ],
      }),
      [`/mnt/${PARENT}/photos`],
      'made-by-driver',
    ],
    'volumes that may not be listed': [
      withoutList(anInventory({ nfsShares: [anNfsShare()] }), 'persistentVolumes'),
      [path],
      'no-volume-refers',
    ],
    'a share that a volume still mounts': [
      anInventory({ nfsShares: [anNfsShare()], persistentVolumes: [aPv()] }),
      [path],
      'no-volume-refers',
    ],
    'a parent that was only inferred': [
      anInventory({ nfsShares: [anNfsShare()], drivers: [] }),
      [path],
      'below-declared-parent',
    ],
    'a share of a dataset outside every parent': [
      anInventory({ nfsShares: [elsewhere] }),
      ['/mnt/tank/films'],
      'below-declared-parent',
    ],
  },
  silent: {
    'a share of a dataset that is there': anInventory({
      datasets: [aDataset()],
      nfsShares: [anNfsShare()],
    }),
    'a share of a dataset that is mounted elsewhere': anInventory({
      datasets: [aDataset({ id: 'tank/a', mountpoint: path, properties: properties() })],
      nfsShares: [anNfsShare()],
    }),
    'a share of a directory inside a dataset': anInventory({
      nfsShares: [anNfsShare({ path: '/mnt/tank/films/new', comment: 'office' })],
    }),
    'a share of a directory inside a dataset, whose comment says where it is': anInventory({
      nfsShares: [anNfsShare({ path: '/mnt/tank/films/new', comment: 'new: tank/films/new' })],
    }),
    'a share of a directory inside a volume': anInventory({
      datasets: [aDataset()],
      nfsShares: [anNfsShare({ path: `${path}/sub`, comment: '' })],
    }),
    'a share outside the pools': anInventory({
      nfsShares: [anNfsShare({ path: '/srv/data' }), anNfsShare({ path: '/mnt/' })],
    }),
    'a share of a locked dataset': anInventory({ nfsShares: [anNfsShare({ locked: true })] }),
    'a share on a pool that is exported': anInventory({
      nfsShares: [anNfsShare()],
      pools: [aPool({ name: 'other' })],
    }),
    'a share of a dataset that the API hides': anInventory({
      nfsShares: [anNfsShare({ path: `/mnt/${PARENT}/ix-apps-data` })],
    }),
  },
});

test('outside every parent a dangling share is no more than a remark', () => {
  const [finding] = findingsOf(nfsShareDangling, anInventory({ nfsShares: [elsewhere] }));
  expect(finding?.severity).toBe('info');
});

test('has no age, and beside that the instant it was first seen', () => {
  const firstSeen = new Map([[`host-id nfs-share-dangling NfsShare//${path}/42`, LONG_AGO]]);
  const [finding] = findingsOf(
    nfsShareDangling,
    anInventory({ nfsShares: [anNfsShare()], firstSeen }),
  );
  expect(finding).toMatchObject({ createdAt: null, age: null, firstSeen: LONG_AGO });
});
