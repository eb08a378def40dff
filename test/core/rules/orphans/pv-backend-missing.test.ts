import { expect, test } from 'vitest';
import { pvBackendMissing } from '../../../../src/lib/core/rules/orphans/pv-backend-missing.ts';
import {
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  anExtent,
  anInventory,
  anIscsiPv,
  aPool,
  aPv,
  aSystem,
  aTarget,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
  systemWith,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const tns = (handle: string) =>
  aPv({
    source: { kind: 'csi', driver: 'tns.csi.io', handle, attributes: { protocol: 'nfs' } },
  });
const tnsDriver = aDriver({ driver: 'tns.csi.io', parent: 'tank/csi' });

testRule(pvBackendMissing, {
  certain: {
    'a bound volume whose dataset is not there': [
      anInventory({ persistentVolumes: [aPv()] }),
      [HANDLE],
    ],
    'a released volume whose dataset is not there': [
      anInventory({ persistentVolumes: [aPv({ phase: 'Released', claim: null })] }),
      [HANDLE],
    ],
    'an iSCSI volume without a zvol': [anInventory({ persistentVolumes: [anIscsiPv()] }), [HANDLE]],
    'a volume whose share was last somewhere that is gone as well': [
      anInventory({
        persistentVolumes: [
          aPv({
            source: {
              kind: 'csi',
              driver: 'org.democratic-csi.nfs',
              handle: HANDLE,
              attributes: {
                provisioner_driver: 'freenas-api-nfs',
                share: `/mnt/tank/old/${HANDLE}`,
              },
            },
          }),
        ],
      }),
      [HANDLE],
    ],
    'a volume of a driver whose handles are whole paths': [
      anInventory({
        datasets: [aFolder('tank/csi')],
        persistentVolumes: [tns('tank/csi/pvc-77')],
        drivers: [tnsDriver],
      }),
      [HANDLE],
    ],
    'a name that only begins like the one of another dataset': [
      anInventory({
        datasets: [aDataset({ id: `${PARENT}/${HANDLE}-2` })],
        persistentVolumes: [aPv()],
      }),
      [HANDLE],
    ],
  },
  likely: {
    'so many at once that it must be the wrong system': [
      anInventory({ persistentVolumes: ['pvc-1', 'pvc-2', 'pvc-3'].map((name) => aPv({ name })) }),
      ['pvc-1', 'pvc-2', 'pvc-3'],
      'few-missing-at-once',
    ],
    'a parent that was only inferred from its neighbour': [
      anInventory({ persistentVolumes: [aPv()], drivers: [] }),
      [HANDLE],
      'driver-declared',
    ],
  },
  silent: {
    'a volume where its driver put it': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv()],
    }),
    'a volume that was moved and still carries its name': anInventory({
      datasets: [
        aFolder('tank/elsewhere'),
        aDataset({ id: `tank/elsewhere/${HANDLE}`, properties: finished(HANDLE) }),
      ],
      persistentVolumes: [aPv()],
    }),
    'a volume whose share path is mounted from another dataset': anInventory({
      datasets: [
        aDataset({
          id: 'tank/renamed',
          mountpoint: `/mnt/${PARENT}/${HANDLE}`,
          properties: properties(),
        }),
      ],
      persistentVolumes: [aPv()],
    }),
    'an iSCSI volume whose target serves another zvol': anInventory({
      datasets: [aDataset({ id: 'tank/moved', kind: 'volume', properties: properties() })],
      iscsiTargets: [aTarget()],
      iscsiExtents: [anExtent({ path: 'zvol/tank/moved' })],
      iscsiTargetExtents: [aMapping()],
      persistentVolumes: [anIscsiPv()],
    }),
    'a volume of a driver with two parents': anInventory({
      datasets: [aFolder('tank/second')],
      persistentVolumes: [aPv()],
      drivers: [aDriver(), aDriver({ parent: 'tank/second' })],
    }),
    'a volume of a driver no parent is known of': anInventory({
      persistentVolumes: [tns('tank/csi/pvc-77')],
    }),
    'a whole path outside the parent of its driver': anInventory({
      datasets: [aFolder('tank/csi')],
      persistentVolumes: [tns('other/csi/pvc-77')],
      drivers: [tnsDriver],
    }),
    'a whole path that is there': anInventory({
      datasets: [aFolder('tank/csi'), aDataset({ id: 'tank/csi/pvc-77' })],
      persistentVolumes: [tns('tank/csi/pvc-77')],
      drivers: [tnsDriver],
    }),
    'a volume of some other storage': anInventory({
      persistentVolumes: [
        aPv({
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
        }),
        aPv({ name: 'local', source: { kind: 'other', type: 'local' } }),
      ],
    }),
    'a static volume on some other server': anInventory({
      persistentVolumes: [aPv({ source: { kind: 'nfs', server: 'x', path: '/srv/data' } })],
    }),
    'a volume younger than the threshold': anInventory({
      persistentVolumes: [aPv({ createdAt: JUST_NOW })],
    }),
    'a volume whose age is not known': anInventory({
      persistentVolumes: [aPv({ createdAt: null })],
    }),
    'a volume that is just being deleted': anInventory({
      persistentVolumes: [aPv({ phase: 'Released', deletedAt: JUST_NOW })],
    }),
    'a volume whose claim has just gone': anInventory({
      persistentVolumes: [aPv({ phase: 'Released', phaseSince: JUST_NOW })],
    }),
    'a pool that is exported': anInventory({ persistentVolumes: [aPv()], pools: [] }),
    'a pool that is degraded': anInventory({
      persistentVolumes: [aPv()],
      pools: [aPool({ status: 'DEGRADED' })],
    }),
    'a parent that is locked': {
      ...anInventory({ persistentVolumes: [aPv()] }),
      systems: [systemWith({ datasets: [aFolder('tank/locked', { locked: true })] }, aSystem())],
      drivers: [aDriver({ parent: 'tank/locked' })],
    },
    'a parent of a name that the API hides': anInventory({
      datasets: [aFolder('tank/ix-apps')],
      persistentVolumes: [aPv()],
      drivers: [aDriver({ parent: 'tank/ix-apps' })],
    }),
    'everything, when a parent that holds volumes is not in the list': anInventory({
      persistentVolumes: [aPv()],
      drivers: [aDriver({ parent: 'tank/invisible' })],
    }),
    'everything below a parent that looks empty though three volumes are on it': anInventory({
      datasets: [aFolder('tank/b')],
      persistentVolumes: ['pvc-1', 'pvc-2', 'pvc-3'].map((name) =>
        aPv({
          name,
          source: { kind: 'csi', driver: 'b.nfs', handle: name, attributes: {} },
        }),
      ),
      drivers: [aDriver(), aDriver({ driver: 'b.nfs', parent: 'tank/b' })],
    }),
  },
});

test('names the path where its driver would look', () => {
  const reasonOf = (world: Parameters<typeof anInventory>[0]) =>
    findingsOf(pvBackendMissing, anInventory(world))[0]?.reason;
  expect(reasonOf({ persistentVolumes: [aPv()] })).toBe(`no dataset ${PARENT}/${HANDLE} on nas1`);
  expect(
    reasonOf({
      datasets: [aFolder('tank/csi')],
      persistentVolumes: [tns('tank/csi/pvc-77')],
      drivers: [tnsDriver],
    }),
  ).toBe('no dataset tank/csi/pvc-77 on nas1');
});

test('is the worse where somebody still asks for the data', () => {
  const [bound] = findingsOf(pvBackendMissing, anInventory({ persistentVolumes: [aPv()] }));
  const [released] = findingsOf(
    pvBackendMissing,
    anInventory({ persistentVolumes: [aPv({ phase: 'Released' })] }),
  );
  expect([bound?.severity, bound?.remedy.action]).toEqual(['critical', 'restore-volume']);
  expect([released?.severity, released?.remedy.action]).toEqual([
    'medium',
    'delete-persistent-volume',
  ]);
});

test('says of each volume what stands behind it, or why that is not known', () => {
  const moved = `tank/elsewhere/${HANDLE}`;
  const seen = (world: Parameters<typeof anInventory>[0]) =>
    checkOf(pvBackendMissing, anInventory(world), HANDLE, 'no-backend');
  expect(seen({ datasets: [aDataset()], persistentVolumes: [aPv()] })).toEqual([
    'failed',
    `backed by ${PARENT}/${HANDLE}`,
  ]);
  expect(
    seen({
      datasets: [aFolder('tank/elsewhere'), aDataset({ id: moved })],
      persistentVolumes: [aPv()],
    }),
  ).toEqual(['failed', `its data lies at ${moved}`]);
  expect(seen({ persistentVolumes: [aPv()] })).toEqual([
    'passed',
    `no dataset ${PARENT}/${HANDLE}, and none elsewhere that carries the volume's name`,
  ]);
  expect(
    seen({
      datasets: [aFolder('tank/csi')],
      persistentVolumes: [tns('other/csi/pvc-77')],
      drivers: [tnsDriver],
    })?.[0],
  ).toBe('unknown');
});

test('names the dataset it misses', () => {
  const [finding] = findingsOf(pvBackendMissing, anInventory({ persistentVolumes: [aPv()] }));
  expect(finding?.truenasReference).toBe(`${PARENT}/${HANDLE}`);
  expect(finding?.place).toEqual({ system: 'nas1', path: `${PARENT}/${HANDLE}` });
});

test('has nothing to say of a volume on some other storage', () => {
  const source = {
    kind: 'csi',
    driver: 'ebs.csi.aws.com',
    handle: 'vol-1',
    attributes: {},
  } as const;
  const world = anInventory({ persistentVolumes: [aPv({ source })] });
  expect(checkOf(pvBackendMissing, world, HANDLE, 'no-backend')).toBeUndefined();
});
