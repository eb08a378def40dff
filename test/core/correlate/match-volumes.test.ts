import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { partial } from '../../../src/lib/core/model/coverage.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aDataset,
  aFolder,
  aMapping,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPod,
  aPv,
  aTarget,
  aWorkload,
  aZfsSnapshot,
  finished,
  HANDLE,
  PARENT,
  properties,
  SNAPSHOT_UID,
} from '../../support/builders.ts';
import { withoutList } from '../../support/rule-tester.ts';

const linksOf = (world: Parameters<typeof anInventory>[0]) =>
  correlate(anInventory(world), DEFAULT_POLICY).derived;
const dataset = aDataset();

test('a volume that was not part of the scan has no known backend', () => {
  expect(linksOf({}).volumeLinks.backendOf(aPv({ name: 'stranger' }))).toEqual({
    state: 'unknown',
    reason: 'this volume was not part of the scan',
  });
});

test('a pod that mounts a volume many times over uses it once', () => {
  const inline = { kind: 'nfs', server: 'nas1', path: `/mnt/${dataset.id}` } as const;
  const { volumeLinks } = linksOf({
    datasets: [dataset],
    pods: [aPod({ inlineVolumes: [inline, inline] }), aPod({ name: 'player-1' })],
  });
  expect(volumeLinks.usersOf(dataset)).toEqual([
    { kind: 'inline-volume', cluster: 'prod', name: 'media/player-0' },
  ]);
});

test('a volume found nowhere may be the one a pod’s dataset belongs to, and both count', () => {
  const stray = aPv({
    name: 'x',
    source: { kind: 'csi', driver: 'else', handle: HANDLE, attributes: {} },
  });
  const { volumeLinks } = linksOf({
    datasets: [dataset],
    persistentVolumes: [stray, { ...stray, name: 'y' }],
    pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: 'n', path: `/mnt/${dataset.id}` }] })],
  });
  expect(volumeLinks.usersOf(dataset).map(({ name }) => name)).toEqual([
    'media/player-0',
    'x',
    'y',
  ]);
});

test('a volume inside a dataset uses it, one inside a pool’s root or a parent uses neither', () => {
  const at = (path: string) =>
    aPv({ name: path, source: { kind: 'nfs', server: 'n', path: `/mnt/${path}` } });
  const world = anInventory({
    datasets: [aFolder('tank/media')],
    persistentVolumes: [at('tank/media/sub/dir'), at('tank/gone'), at(`${PARENT}/gone`)],
  });
  const { volumeLinks } = correlate(world, DEFAULT_POLICY).derived;
  // Users are known by the very datasets of the list.
  const users = world.systems[0]?.lists.datasets?.items.map((each) => [
    each.id,
    volumeLinks.usersOf(each).map(({ name }) => name),
  ]);
  expect(Object.fromEntries(users ?? [])).toMatchObject({
    tank: [],
    [PARENT]: [],
    'tank/media': ['tank/media/sub/dir'],
  });
});

test('a volume inside a dataset that lies in another uses that other only where it is a volume', () => {
  const datasets = ['tank/media', 'tank/media/films', dataset.id, `${dataset.id}/inside`].map(
    (each) => (each === dataset.id ? dataset : aFolder(each)),
  );
  const at = (name: string, path: string) =>
    aPv({ name, source: { kind: 'nfs', server: 'n', path: `/mnt/${path}` } });
  const { volumeLinks } = linksOf({
    datasets,
    persistentVolumes: [at('one', 'tank/media/films'), at('two', `${dataset.id}/inside`)],
  });
  expect(datasets.map((each) => volumeLinks.usersOf(each).map(({ name }) => name))).toEqual([
    [],
    ['one'],
    ['two'],
    ['two'],
  ]);
});

describe('a volume that was found by its handle', () => {
  const foreign = aDataset({ id: 'tank/other', kind: 'volume', properties: properties() });
  const folder = aFolder('tank/media');
  const usersWith = (attributes: Readonly<Record<string, string>>): number[] => {
    const driver = 'org.democratic-csi.nfs';
    const { volumeLinks } = linksOf({
      datasets: [dataset, foreign, folder],
      persistentVolumes: [aPv({ source: { kind: 'csi', driver, handle: HANDLE, attributes } })],
      iscsiTargets: [aTarget({ name: 'vm' })],
      iscsiExtents: [anExtent({ path: 'zvol/tank/other' })],
      iscsiTargetExtents: [aMapping()],
    });
    return [dataset, foreign, folder].map((each) => volumeLinks.usersOf(each).length);
  };

  test('uses its own dataset', () => {
    expect(usersWith({})).toEqual([1, 0, 0]);
    expect(usersWith({ node_attach_driver: 'nfs', share: `/mnt/${dataset.id}` })).toEqual([
      1, 0, 0,
    ]);
  });

  test('uses what it names beside: a share of another dataset, a target that serves another zvol', () => {
    expect(usersWith({ node_attach_driver: 'nfs', share: '/mnt/tank/media' })).toEqual([1, 0, 1]);
    expect(
      usersWith({ node_attach_driver: 'iscsi', iqn: 'iqn.2005-10.org.freenas.ctl:vm' }),
    ).toEqual([1, 1, 0]);
    const both = { share: `/mnt/${dataset.id}`, iqn: 'iqn.2005-10.org.freenas.ctl:vm' };
    expect(usersWith({ node_attach_driver: 'iscsi', ...both })).toEqual([1, 1, 0]);
  });
});

test('what a volume not of CSI names and is not there, is not known', () => {
  const gone = aPv({ source: { kind: 'nfs', server: 'n', path: '/mnt/tank/gone' } });
  expect(linksOf({ persistentVolumes: [gone] }).volumeLinks.backendOf(gone)).toEqual({
    state: 'unknown',
    reason: 'not a CSI volume',
  });
});

test('a volume found nowhere is no further user of a dataset that has its own', () => {
  const source = { kind: 'csi', driver: 'else', handle: HANDLE, attributes: {} } as const;
  const { volumeLinks } = linksOf({
    datasets: [dataset],
    persistentVolumes: [aPv(), aPv({ name: 'stray', source })],
  });
  expect(volumeLinks.usersOf(dataset).map(({ name }) => name)).toEqual([HANDLE]);
});

describe('a dataset of the same leaf elsewhere, that carries no name', () => {
  const copy = aDataset({ id: `tank/copy/${HANDLE}`, properties: properties() });
  const users = (...datasets: ReturnType<typeof aDataset>[]): string[] =>
    linksOf({ datasets: [...datasets, copy], persistentVolumes: [aPv()] })
      .volumeLinks.usersOf(copy)
      .map(({ name }) => name);

  test('may be the volume that was found nowhere', () => {
    expect(users()).toEqual([HANDLE]);
  });

  test('is nobody’s where the volume was found', () => {
    expect(users(dataset)).toEqual([]);
  });
});

describe('a whole volume', () => {
  const managed = (over: Parameters<typeof aDataset>[0]) => {
    const each = aDataset(over);
    const { volumeLinks } = linksOf({ datasets: [each], nfsShares: [byOfficial] });
    return [volumeLinks.isManaged(each), volumeLinks.isFinished(each)];
  };
  const byOfficial = anNfsShare({ comment: `CSI volume ${dataset.id}` });

  test('is what a driver marked as one, finished or not', () => {
    expect(managed({})).toEqual([true, true]);
    const begun = finished(HANDLE, { provisionSuccess: false });
    expect(managed({ properties: begun })).toEqual([true, false]);
  });

  test('is what csi.truenas.io exports, and leaves no mark on', () => {
    expect(managed({ properties: properties() })).toEqual([true, true]);
    expect(managed({ properties: properties({ owner: 'democratic-csi' }) })).toEqual([
      false,
      false,
    ]);
  });

  test('is no copy of a snapshot, and nothing deeper below the parent', () => {
    expect(managed({ properties: finished(HANDLE, { csiSnapshotName: 's' }) })[0]).toBe(false);
    expect(managed({ id: `${dataset.id}/child` })[0]).toBe(false);
  });
});

test('clones are found by the dataset and by the snapshot they hang on', () => {
  const clones = ['a', 'b'].map((leaf) =>
    aDataset({ id: `${PARENT}/${leaf}`, origin: `${dataset.id}@s`, properties: finished(leaf) }),
  );
  const { volumeLinks } = linksOf({ datasets: [dataset, ...clones] });
  expect(volumeLinks.clonesOf(dataset)).toEqual(clones);
  expect(volumeLinks.clonesOfSnapshot('nas1', `${dataset.id}@s`)).toEqual(clones);
  expect(volumeLinks.clonesOfSnapshot('nas1', `${dataset.id}@t`)).toEqual([]);
  expect(volumeLinks.clonesOfSnapshot('nas2', `${dataset.id}@s`)).toEqual([]);
});

test('two datasets of one volume name, in two places, are both its own', () => {
  const replica = aDataset({ id: `tank/replica/${HANDLE}`, properties: finished(HANDLE) });
  const { volumeLinks } = linksOf({ datasets: [dataset, replica], persistentVolumes: [aPv()] });
  expect([dataset, replica].map((each) => volumeLinks.usersOf(each).length)).toEqual([1, 1]);
});

test('snapshots are found by dataset', () => {
  const { snapshotLinks } = linksOf({
    datasets: [dataset],
    zfsSnapshots: [aZfsSnapshot(), aZfsSnapshot({ name: 'auto' })],
  });
  expect(snapshotLinks.snapshotsOf(dataset).map(({ name }) => name)).toEqual([
    `snapshot-${SNAPSHOT_UID}`,
    'auto',
  ]);
  expect(snapshotLinks.snapshotsOf(aDataset({ system: 'nas2' }))).toEqual([]);
});

describe('an SMB volume whose dataset is gone', () => {
  const source = {
    kind: 'csi',
    driver: 'org.democratic-csi.nfs',
    handle: HANDLE,
    attributes: { node_attach_driver: 'smb', share: HANDLE },
  } as const;
  const pv = aPv({ source });
  const world = anInventory({ persistentVolumes: [pv], smbShares: [anSmbShare()] });

  test('is gone, though its share is left and lies inside the parent', () => {
    const { volumeLinks } = correlate(world, DEFAULT_POLICY).derived;
    expect(volumeLinks.backendOf(pv)).toMatchObject({
      state: 'absent',
      path: `${PARENT}/${HANDLE}`,
    });
  });

  test('may yet be behind a share that was not seen', () => {
    const blind = withoutList(world, 'smbShares');
    expect(correlate(blind, DEFAULT_POLICY).derived.volumeLinks.backendOf(pv)).toEqual({
      state: 'unknown',
      reason: 'smbShares could not be read: the server said no',
    });
  });

  test('may yet be behind a share that was left out of a list', () => {
    const short = { coverage: partial('page 2'), items: [] };
    const inventory = {
      ...world,
      systems: world.systems.map((each) => ({
        ...each,
        lists: { ...each.lists, smbShares: short },
      })),
    };
    const { volumeLinks } = correlate(inventory, DEFAULT_POLICY).derived;
    expect(volumeLinks.backendOf(pv)).toEqual({
      state: 'unknown',
      reason: 'smbShares could not be read: page 2',
    });
  });

  test('is missing from its parent, whether or not its share was seen', () => {
    for (const inventory of [world, withoutList(world, 'smbShares')]) {
      const { parents, volumeLinks } = correlate(inventory, DEFAULT_POLICY).derived;
      const parent = parents.find('nas1', PARENT);
      expect(parent && volumeLinks.lossOf(parent)).toEqual({ volumes: 2, missing: 1 });
    }
  });
});

describe('an SMB share', () => {
  const media = aFolder('tank/media');
  const films = aFolder('tank/media/films');
  const replica = aFolder('tank/media', { system: 'nas2' });
  const usersWith = (attributes: Readonly<Record<string, string>>): number[] => {
    const source = { kind: 'csi', driver: 'smb.csi.k8s.io', handle: 'x', attributes } as const;
    const { volumeLinks } = linksOf({
      datasets: [media, films, replica],
      persistentVolumes: [aPv({ name: 'office', source })],
      smbShares: [anSmbShare({ name: 'Media', path: '/mnt/tank/media' })],
    });
    return [media, films, replica].map((each) => volumeLinks.usersOf(each).length);
  };

  test('uses the dataset it exports, on its own system', () => {
    expect(usersWith({ share: 'media' })).toEqual([1, 0, 0]);
    expect(usersWith({ source: '//nas1/MEDIA' })).toEqual([1, 0, 0]);
  });

  test('uses a dataset inside, where the volume lies there', () => {
    expect(usersWith({ source: '//nas1/media/films' })).toEqual([1, 1, 0]);
    expect(usersWith({ source: '//nas1/media', subdir: 'films' })).toEqual([1, 1, 0]);
  });

  test('of another name uses nothing', () => {
    expect(usersWith({ share: 'office' })).toEqual([0, 0, 0]);
  });
});

test('a name that was not needed leaves no doubt, though it could not be followed', () => {
  const attributes = { node_attach_driver: 'smb', share: HANDLE };
  const driver = 'org.democratic-csi.nfs';
  const pv = aPv({ source: { kind: 'csi', driver, handle: HANDLE, attributes } });
  const unfollowedIn = (world: Parameters<typeof anInventory>[0]) =>
    correlate(withoutList(anInventory(world), 'smbShares'), DEFAULT_POLICY).derived.volumeLinks
      .unfollowed;
  expect(unfollowedIn({ datasets: [dataset], persistentVolumes: [pv] })).toBeUndefined();
  expect(unfollowedIn({ persistentVolumes: [pv] })).toContain('smbShares');
});

test('a name in a pod that could not be followed may be of any dataset', () => {
  const nqn = 'nqn.2011-06.com.truenas:x:by-hand';
  const driver = 'org.democratic-csi.node-manual';
  const source = { kind: 'csi', driver, handle: 'x', attributes: { nqn } } as const;
  const world = anInventory({ pods: [aPod({ inlineVolumes: [source] })] });
  const unfollowedIn = (inventory: typeof world) =>
    correlate(inventory, DEFAULT_POLICY).derived.volumeLinks.unfollowed;
  expect(unfollowedIn(world)).toBeUndefined();
  expect(unfollowedIn(withoutList(world, 'nvmetNamespaces'))).toContain('nvmetNamespaces');
});

test('an NFS volume whose dataset is gone is gone, whatever else could not be read', () => {
  const pv = aPv();
  const world = anInventory({ persistentVolumes: [pv] });
  for (const list of ['smbShares', 'nvmetNamespaces'] as const) {
    const { volumeLinks } = correlate(withoutList(world, list), DEFAULT_POLICY).derived;
    expect(volumeLinks.backendOf(pv).state).toBe('absent');
    expect(volumeLinks.unfollowed).toBeUndefined();
  }
});

test('an NVMe-oF volume whose dataset is gone may yet be behind a subsystem that was not seen', () => {
  const attributes = { node_attach_driver: 'nvmeof', nqn: `nqn.2011-06.com.truenas:x:${HANDLE}` };
  const pv = aPv({
    source: { kind: 'csi', driver: 'org.democratic-csi.nfs', handle: HANDLE, attributes },
  });
  const world = anInventory({ persistentVolumes: [pv] });
  const stateIn = (inventory: typeof world) =>
    correlate(inventory, DEFAULT_POLICY).derived.volumeLinks.backendOf(pv).state;
  expect(stateIn(world)).toBe('absent');
  expect(stateIn(withoutList(world, 'nvmetNamespaces'))).toBe('unknown');
  expect(stateIn(withoutList(world, 'nvmetSubsystems'))).toBe('unknown');
});

test('a volume in the template of what makes pods now and then claims its dataset', () => {
  const inline = { kind: 'nfs', server: 'nas1', path: `/mnt/${dataset.id}` } as const;
  const usersWith = (over: Parameters<typeof aWorkload>[0]): string[] => {
    const world = {
      datasets: [dataset],
      cronJobs: [aWorkload({ inlineVolumes: [inline], ...over })],
    };
    return linksOf(world)
      .volumeLinks.usersOf(dataset)
      .map(({ name }) => name);
  };
  expect(usersWith({ kind: 'CronJob' })).toEqual(['CronJob media/player']);
  expect(usersWith({ kind: 'Deployment', replicas: 0 })).toEqual(['Deployment media/player']);
  expect(usersWith({ kind: 'Job', finished: true })).toEqual([]);
});
