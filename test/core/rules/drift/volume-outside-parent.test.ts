import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { type PersistentVolume } from '../../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { volumeOutsideParent } from '../../../../src/lib/core/rules/drift/volume-outside-parent.ts';
import { judgeMember } from '../../../../src/lib/core/rules/evaluate.ts';
import {
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  anSmbShare,
  aPool,
  aPv,
  aSystem,
  aTarget,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  systemWith,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const MOVED = `tank/old/${HANDLE}`;
const expected = `${PARENT}/${HANDLE}`;
const moved = aDataset({ id: MOVED });
const old = aFolder('tank/old');

function pvWith(attributes: Readonly<Record<string, string>>, handle = HANDLE): PersistentVolume {
  const driver = 'org.democratic-csi.nfs';
  return aPv({ source: { kind: 'csi', driver, handle, attributes } });
}

const nfs = pvWith({ node_attach_driver: 'nfs', share: `/mnt/${MOVED}` });
const world = (over: Parameters<typeof anInventory>[0] = {}) =>
  anInventory({ datasets: [old, moved], persistentVolumes: [nfs], ...over });

const zvol = aDataset({ id: MOVED, kind: 'volume' });
const iscsi = {
  datasets: [old, zvol],
  iscsiExtents: [anExtent({ path: `zvol/${MOVED}` })],
  iscsiTargets: [aTarget()],
  iscsiTargetExtents: [aMapping()],
};

const TNS = 'tns.csi.io';
const tns = (handle: string, datasetID: string): PersistentVolume =>
  aPv({
    source: { kind: 'csi', driver: TNS, handle, attributes: { protocol: 'nfs', datasetID } },
  });
const tnsDriver = [aDriver(), aDriver({ driver: TNS, parent: 'tank/csi' })];

/** A driver of nas1 finds its volume there, and the replica is listed first. */
const twoSystems: Pick<Inventory, 'clusters' | 'systems' | 'drivers'> = (() => {
  const { clusters, systems, drivers } = anInventory({
    datasets: [old, aFolder('tank/csi'), moved],
    persistentVolumes: [tns(MOVED, MOVED)],
    drivers: [aDriver(), aDriver({ driver: TNS, parent: 'tank/csi', system: 'nas1' })],
  });
  const replica = systemWith(
    { datasets: [aFolder('tank/old', { system: 'nas2' }), aDataset({ ...moved, system: 'nas2' })] },
    aSystem({ name: 'nas2', hostId: 'two' }),
  );
  return { clusters, systems: [replica, ...systems], drivers };
})();

testRule(volumeOutsideParent, {
  certain: {
    'a volume that stayed where the parent was': [world(), [HANDLE]],
    'a volume on another pool': [
      anInventory({
        datasets: [aFolder('flash'), aDataset({ id: `flash/${HANDLE}` })],
        pools: [aPool(), aPool({ name: 'flash' })],
        persistentVolumes: [pvWith({ share: `/mnt/flash/${HANDLE}` })],
      }),
      [HANDLE],
    ],
    'a zvol its target still serves': [
      anInventory({ ...iscsi, persistentVolumes: [anIscsiPv()] }),
      [HANDLE],
    ],
    'a zvol that one of two targets serves': [
      anInventory({
        ...iscsi,
        iscsiTargets: [aTarget({ id: 16, name: 'second' }), aTarget()],
        iscsiTargetExtents: [aMapping({ id: 1, target: 16 }), aMapping()],
        persistentVolumes: [anIscsiPv()],
      }),
      [HANDLE],
    ],
    'an SMB share that went along': [
      world({
        persistentVolumes: [pvWith({ node_attach_driver: 'smb', share: 'films' })],
        smbShares: [anSmbShare({ name: 'Films', path: `/mnt/${MOVED}` })],
      }),
      [HANDLE],
    ],
    'a volume below the parent of another driver': [
      world({ drivers: [aDriver(), aDriver({ driver: 'other', parent: 'tank/old' })] }),
      [HANDLE],
    ],
    'a driver that takes the whole path for its handle': [
      anInventory({
        datasets: [old, aFolder('tank/csi'), moved],
        persistentVolumes: [tns(`tank/csi/${HANDLE}`, MOVED)],
        drivers: tnsDriver,
      }),
      [HANDLE],
    ],
  },
  likely: {
    'a share path from before the parent was renamed': [
      world({ persistentVolumes: [aPv()] }),
      [HANDLE],
      'volume-names-it',
    ],
    'a target that serves another zvol': [
      anInventory({ datasets: [old, zvol], persistentVolumes: [anIscsiPv()] }),
      [HANDLE],
      'volume-names-it',
    ],
    'a parent that was only inferred': [world({ drivers: [] }), [HANDLE], 'driver-declared'],
    'an SMB share of another name': [
      world({
        persistentVolumes: [pvWith({ node_attach_driver: 'smb', share: 'films' })],
        smbShares: [anSmbShare({ name: 'music', path: `/mnt/${MOVED}` })],
      }),
      [HANDLE],
      'volume-names-it',
    ],
    'an SMB share that stayed behind': [
      world({ persistentVolumes: [pvWith({ node_attach_driver: 'smb', share: 'films' })] }),
      [HANDLE],
      'volume-names-it',
    ],
    'attributes that name no place': [
      world({ persistentVolumes: [pvWith({ node_attach_driver: 'nvmeof' })] }),
      [HANDLE],
      'volume-names-it',
    ],
    'exports that may not be listed': [
      withoutList(
        world({
          persistentVolumes: [pvWith({ node_attach_driver: 'smb', share: 'films' })],
          smbShares: [anSmbShare({ name: 'films', path: `/mnt/${MOVED}` })],
        }),
        'nfsShares',
      ),
      [HANDLE],
      'volume-names-it',
    ],
  },
  silent: {
    'a volume where its driver looks': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv()],
    }),
    'a volume that is nowhere': anInventory({ persistentVolumes: [aPv()] }),
    'a static NFS volume': world({
      persistentVolumes: [
        aPv({ name: 'by-hand', source: { kind: 'nfs', server: 'nas1', path: `/mnt/${MOVED}` } }),
      ],
    }),
    'a volume of a driver that makes none': world({
      persistentVolumes: [
        aPv({
          name: 'by-hand',
          source: {
            kind: 'csi',
            driver: 'nfs.csi.k8s.io',
            handle: 'x',
            attributes: { share: `/mnt/${MOVED}` },
          },
        }),
      ],
    }),
    'a driver that takes the whole path, and finds it there': anInventory({
      datasets: [old, aFolder('tank/csi'), moved],
      persistentVolumes: [tns(MOVED, MOVED)],
      drivers: tnsDriver,
    }),
    'a whole path of a driver nobody knows the parent of': anInventory({
      datasets: [old, moved],
      persistentVolumes: [tns(`tank/csi/${HANDLE}`, MOVED)],
    }),
    'a whole path that is there, of which another system holds a replica': {
      ...anInventory(),
      ...twoSystems,
    },
    'a volume that was just made': world({
      persistentVolumes: [aPv({ ...nfs, createdAt: JUST_NOW, phaseSince: JUST_NOW })],
    }),
    'a pool that is away where the driver looks': anInventory({
      datasets: [aFolder('flash'), aDataset({ id: `flash/${HANDLE}` })],
      pools: [aPool({ status: 'OFFLINE' }), aPool({ name: 'flash' })],
      persistentVolumes: [pvWith({ share: `/mnt/flash/${HANDLE}` })],
    }),
    'a pool that is degraded where the data lies': anInventory({
      datasets: [aFolder('flash'), aDataset({ id: `flash/${HANDLE}` })],
      pools: [aPool(), aPool({ name: 'flash', status: 'DEGRADED' })],
      persistentVolumes: [pvWith({ share: `/mnt/flash/${HANDLE}` })],
    }),
    'a volume that was put in quarantine elsewhere': world({
      datasets: [
        old,
        aDataset({
          id: MOVED,
          marks: { quarantined: `${expected};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
    'a hashed handle where its driver looks': anInventory({
      datasets: [aDataset({ id: `${PARENT}/20803`, properties: finished(HANDLE) })],
      persistentVolumes: [pvWith({ share: `/mnt/${PARENT}/20803` }, '20803')],
      nfsShares: [anNfsShare({ path: `/mnt/${PARENT}/20803` })],
    }),
  },
});

test('says where the data lies and where its driver looks', () => {
  const [finding] = findingsOf(volumeOutsideParent, world());
  expect(finding?.reason).toBe(`its data lies at ${MOVED}, and its driver looks at ${expected}`);
  expect(finding?.severity).toBe('medium');
  expect(finding?.truenasReference).toBe(MOVED);
  expect(finding?.remedy).toMatchObject({ action: 'investigate', safe: false });
});

test('an explanation is told of volumes that lie well, too', () => {
  const evidence = correlate(
    anInventory({ datasets: [aDataset()], persistentVolumes: [aPv()] }),
    DEFAULT_POLICY,
  );
  const member = { scope: 'cluster', name: 'prod' } as const;
  const { verdicts } = judgeMember(volumeOutsideParent, member, evidence, DEFAULT_POLICY, false);
  const judged = [...verdicts].find(({ verdict }) => verdict.subject.name === HANDLE);
  expect(judged?.holds).toBe(false);
});

test('a volume is not where its driver looks only if the second read says so again', () => {
  const evidence = correlate(world(), DEFAULT_POLICY);
  const member = { scope: 'cluster', name: 'prod' } as const;
  const { verdicts } = judgeMember(volumeOutsideParent, member, evidence, DEFAULT_POLICY, true);
  const lookups = [...verdicts].flatMap(({ verdict }) => [...verdict.lookups()]);
  expect(lookups).toContainEqual({ kind: 'dataset', system: 'nas1', id: expected });
  expect(lookups).toContainEqual({ kind: 'dataset', system: 'nas1', id: MOVED });
});

test('data on another system than the driver’s is said to be there, and is no more than likely', () => {
  const world = anInventory({
    drivers: [aDriver({ system: 'nas1' })],
    persistentVolumes: [aPv()],
  });
  const replica = systemWith(
    { datasets: [aDataset({ system: 'nas2' })] },
    aSystem({ name: 'nas2', hostId: 'two' }),
  );
  const [finding] = findingsOf(volumeOutsideParent, {
    ...world,
    systems: [...world.systems, replica],
  });
  expect(finding).toMatchObject({ confidence: 'likely' });
  expect(finding?.reason).toBe(
    `its data lies at ${PARENT}/${HANDLE} on nas2, and its driver looks at ${PARENT}/${HANDLE} on nas1`,
  );
});

test('whether the volume names its dataset is shown, and unknown where nothing could be compared', () => {
  const seen = (inventory: Inventory) =>
    checkOf(volumeOutsideParent, inventory, HANDLE, 'volume-names-it');
  expect(seen(world())).toEqual(['passed', 'the volume names it']);
  expect(seen(world({ persistentVolumes: [aPv()] }))).toEqual([
    'failed',
    'the volume names another place',
  ]);
  expect(seen(world({ persistentVolumes: [pvWith({ node_attach_driver: 'nvmeof' })] }))).toEqual([
    'unknown',
    'what exports it was not seen',
  ]);
});

test('a replica on another system hides nothing that lies where the driver looks', () => {
  const inventory = { ...anInventory(), ...twoSystems };
  const seen = (check: string) => checkOf(volumeOutsideParent, inventory, HANDLE, check)?.[0];
  expect([seen('lies-elsewhere'), seen('nothing-where-driver-looks')]).toEqual([
    'passed',
    'failed',
  ]);
});

test('a volume that lies well does not lie elsewhere', () => {
  const sound = anInventory({ datasets: [aDataset()], persistentVolumes: [aPv()] });
  expect(checkOf(volumeOutsideParent, sound, HANDLE, 'lies-elsewhere')).toEqual([
    'failed',
    `its data lies where its driver looks, at ${expected}`,
  ]);
});
