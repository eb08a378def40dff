import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { type DriverProperties } from '../../../../src/lib/core/model/truenas.ts';
import { RecordedIds } from '../../../../src/lib/core/rules/checks/recorded-ids.ts';
import {
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aSubsystem,
  aTarget,
  finished,
  HANDLE,
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';

/** What the ids recorded on a volume belong to, where that is another's. */
function straysOf(
  recorded: Partial<DriverProperties>,
  world: SmallWorld,
  kind: 'filesystem' | 'volume' = 'volume',
): string[] {
  const dataset = aDataset({ kind, properties: finished(HANDLE, recorded) });
  const { exports } = correlate(
    anInventory({ ...world, datasets: [dataset] }),
    DEFAULT_POLICY,
  ).derived;
  const {
    nfsShares = [],
    smbShares = [],
    iscsiTargets = [],
    iscsiExtents = [],
    nvmetSubsystems = [],
    nvmetNamespaces = [],
  } = world;
  const lists = {
    nfsShares,
    smbShares,
    iscsiTargets,
    iscsiExtents,
    nvmetSubsystems,
    nvmetNamespaces,
  };
  return new RecordedIds(lists, exports)
    .strays(dataset)
    .map(({ source, what }) => `${source}: ${what}`);
}

describe('a share a driver recorded', () => {
  const nfs = (path: string, nfsShareId = '42') =>
    straysOf({ nfsShareId }, { nfsShares: [anNfsShare({ path })] }, 'filesystem');
  const smb = (path: string) =>
    straysOf({ smbShareId: '7' }, { smbShares: [anSmbShare({ path })] }, 'filesystem');

  test('is the volume’s own at its mount point, and at the path it had before it was moved', () => {
    expect(nfs(`/mnt/${PARENT}/${HANDLE}`)).toEqual([]);
    expect(nfs(`/mnt/tank/old/${HANDLE}/`)).toEqual([]);
    expect(smb(`/mnt/tank/old/${HANDLE}`)).toEqual([]);
  });

  test('is another’s at another path', () => {
    expect(nfs('/mnt/tank/office')).toEqual(['nfsShares: NFS share 42 exports /mnt/tank/office']);
    expect(smb('/mnt/tank/office')).toEqual(['smbShares: SMB share 7 exports /mnt/tank/office']);
  });

  test('that is gone is what a deletion leaves', () => {
    expect(nfs('/mnt/tank/office', '43')).toEqual([]);
  });

  test('is of no matter for a zvol, nor is the number 0 of a dataset that records none', () => {
    const nfsShares = [anNfsShare({ id: 42, path: '/mnt/tank/office' })];
    expect(straysOf({ nfsShareId: '42' }, { nfsShares })).toEqual([]);
    const zero = { nfsShares: [anNfsShare({ id: 0, path: '/mnt/tank/office' })] };
    expect(straysOf({}, zero, 'filesystem')).toEqual([]);
  });
});

describe('an extent a driver recorded', () => {
  const extent = (over: Parameters<typeof anExtent>[0]) =>
    straysOf(
      { iscsiExtentId: '19' },
      { iscsiExtents: [anExtent({ path: 'zvol/tank/vm', ...over })] },
    );

  test('is the volume’s own by its zvol, or by its name', () => {
    expect(extent({ path: `zvol/${PARENT}/${HANDLE}`, name: 'vm' })).toEqual([]);
    expect(extent({})).toEqual([]);
  });

  test('is another’s by both', () => {
    expect(extent({ name: 'vm' })).toEqual(['iscsiExtents: extent 19 is vm of zvol/tank/vm']);
    expect(extent({ name: 'vm', path: '/mnt/tank/vm.img' })).toHaveLength(1);
  });
});

describe('a target a driver recorded', () => {
  const world = {
    iscsiTargets: [aTarget({ name: 'vm' }), aTarget({ id: 1, name: `csi-${HANDLE}` })],
    iscsiExtents: [anExtent(), anExtent({ id: 20, name: 'second' })],
  };
  const target = (...mappings: Parameters<typeof aMapping>[0][]) =>
    straysOf({ iscsiTargetId: '17' }, { ...world, iscsiTargetExtents: mappings.map(aMapping) });

  test('is another’s by its name, unless it serves the volume, beside whatever else', () => {
    expect(target()).toEqual(['iscsiTargets: target 17 is vm']);
    expect(target({ target: 1 })).toEqual(['iscsiTargets: target 17 is vm']);
    expect(target({ target: 1, extent: 20 }, { id: 2 })).toEqual([]);
  });

  test('is the volume’s own by its name', () => {
    expect(straysOf({ iscsiTargetId: '1' }, world)).toEqual([]);
  });
});

describe('what a driver recorded of NVMe-oF', () => {
  const recorded = { nvmetNamespaceId: '9', nvmetSubsystemId: '5' };
  const strays = (
    namespaces: readonly Parameters<typeof aNamespace>[0][],
    subsystem: Parameters<typeof aSubsystem>[0],
  ) =>
    straysOf(recorded, {
      nvmetNamespaces: namespaces.map(aNamespace),
      nvmetSubsystems: [aSubsystem(subsystem)],
    });

  test('is the volume’s own by its zvol, and by its name', () => {
    expect(strays([{ subsystem: 'vm' }], {})).toEqual([]);
    expect(strays([{ devicePath: 'zvol/tank/vm' }], {})).toEqual([]);
  });

  test('is another’s by both', () => {
    const office = { devicePath: 'zvol/tank/vm', subsystem: 'vm' };
    expect(strays([office], { name: 'vm' })).toEqual([
      'nvmetNamespaces: namespace 9 exports zvol/tank/vm',
      'nvmetSubsystems: subsystem 5 is vm',
    ]);
    expect(strays([office, { id: 10, subsystemId: 6 }], { name: 'vm' })).toHaveLength(2);
  });

  test('is a subsystem of its own where that serves it, beside others', () => {
    expect(strays([{ id: 10, subsystemId: 6 }, { subsystem: 'vm' }], { name: 'vm' })).toEqual([]);
  });
});
