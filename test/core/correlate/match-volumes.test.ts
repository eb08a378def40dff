import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aDataset,
  aFolder,
  anInventory,
  anSmbShare,
  aPod,
  aPv,
  aWorkload,
  aZfsSnapshot,
  finished,
  HANDLE,
  PARENT,
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
  const media = aFolder('tank/media');
  const { volumeLinks } = linksOf({
    datasets: [media],
    persistentVolumes: [at('tank/media/sub/dir'), at('tank/gone'), at(`${PARENT}/gone`)],
  });
  expect(volumeLinks.usersOf(media).map(({ name }) => name)).toEqual(['tank/media/sub/dir']);
  expect(volumeLinks.usersOf(aFolder('tank'))).toEqual([]);
  expect(volumeLinks.usersOf(aFolder(PARENT))).toEqual([]);
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
