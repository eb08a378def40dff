import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { exportOf, isReachable } from '../../../../src/lib/core/rules/checks/volume-export.ts';
import { type Protocol } from '../../../../src/lib/core/correlate/protocol.ts';
import {
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPv,
  aSubsystem,
  aTarget,
  HANDLE,
  PARENT,
} from '../../../support/builders.ts';

const filesystem = aDataset();
const zvol = aDataset({ kind: 'volume' });
const there = false;
const missing = true;

/** Whether the export a volume names is missing, what is said of it, and whether a host would reach it. */
function said(
  protocol: Protocol,
  attributes: Readonly<Record<string, string>>,
  world: Parameters<typeof anInventory>[0],
): [boolean, string, boolean] {
  const dataset = protocol === 'nfs' || protocol === 'smb' ? filesystem : zvol;
  const driver = 'org.democratic-csi.nfs';
  const pv = aPv({ source: { kind: 'csi', driver, handle: HANDLE, attributes } });
  const { exports } = correlate(anInventory(world), DEFAULT_POLICY).derived;
  const state = exportOf(protocol, pv, dataset, exports);
  return [state.missing, state.detail(), isReachable(protocol, pv, dataset, exports)];
}

test('an NFS volume is mounted from whichever share exports its dataset', () => {
  const disabled = anNfsShare({ enabled: false });
  expect(said('nfs', {}, {})).toEqual([
    missing,
    `no NFS share exports /mnt/${PARENT}/${HANDLE}`,
    false,
  ]);
  expect(said('nfs', {}, { nfsShares: [disabled] })).toEqual([there, 'NFS share 42', false]);
  expect(said('nfs', {}, { nfsShares: [disabled, anNfsShare({ id: 43 })] })[2]).toBe(true);
});

describe('an SMB volume', () => {
  const shares = {
    smbShares: [anSmbShare({ name: 'other' }), anSmbShare({ id: 8, name: 'Mine' })],
  };

  test('is mounted from the share it names, in any case', () => {
    expect(said('smb', { share: 'mine' }, shares)).toEqual([there, 'SMB share other, Mine', true]);
  });

  test('misses it where only others export its dataset, or none', () => {
    const at = `/mnt/${PARENT}/${HANDLE}`;
    expect(said('smb', { share: 'gone' }, shares)).toEqual([
      missing,
      `its SMB share gone does not export ${at}, other, Mine does`,
      false,
    ]);
    expect(said('smb', {}, {})).toEqual([missing, `no SMB share exports ${at}`, false]);
  });

  test('that names none is mounted from any', () => {
    expect(said('smb', {}, shares)).toEqual([there, 'SMB share other, Mine', true]);
  });
});

describe('an iSCSI volume', () => {
  const iqn = (name: string) => `iqn.2005-10.org.freenas.ctl:${name}`;
  const served = {
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget(), aTarget({ id: 21, name: 'Second' })],
    iscsiTargetExtents: [aMapping(), aMapping({ id: 22, target: 21 })],
  };
  const both = `target csi-${HANDLE}, second`;

  test('is mounted from a target it names, among others, in any case', () => {
    expect(said('iscsi', { iqn: iqn('second') }, served)).toEqual([there, both, true]);
    const attributes = { iqn: iqn('gone'), targetIQN: iqn(`csi-${HANDLE}`) };
    expect(said('iscsi', attributes, served)).toEqual([there, both, true]);
    expect(said('iscsi', {}, served)).toEqual([there, both, true]);
  });

  test('misses it where the target serves something else, however alike the names are', () => {
    expect(said('iscsi', { iqn: iqn('cond') }, served)).toEqual([
      missing,
      `its target cond does not serve zvol ${zvol.id}, csi-${HANDLE}, second does`,
      false,
    ]);
    expect(said('iscsi', { iqn: iqn('x-second') }, served)[0]).toBe(missing);
    expect(said('iscsi', { iqn: iqn('x:Second') }, served)[0]).toBe(missing);
  });

  test('misses it where no extent is of its zvol, or that is mapped to nothing', () => {
    expect(said('iscsi', {}, {})).toEqual([missing, `no extent exports zvol ${zvol.id}`, false]);
    expect(said('iscsi', {}, { iscsiExtents: [anExtent()] })).toEqual([
      missing,
      `extent csi-${HANDLE} is mapped to no target`,
      false,
    ]);
  });

  test('is not reached through an extent that is off, or a target without a group', () => {
    const off = { ...served, iscsiExtents: [anExtent({ enabled: false })] };
    expect(said('iscsi', {}, off)).toEqual([there, both, false]);
    const closed = { ...served, iscsiTargets: [aTarget({ groups: [] })] };
    expect(said('iscsi', {}, closed)).toEqual([there, `target csi-${HANDLE}`, false]);
  });
});

describe('an NVMe-oF volume', () => {
  const nqn = (name: string) => `nqn.2011-06.com.truenas:uuid:1:${name}`;
  const served = {
    nvmetNamespaces: [aNamespace(), aNamespace({ id: 10, subsystem: 'second', subsystemId: 6 })],
    nvmetSubsystems: [aSubsystem(), aSubsystem({ id: 6, name: 'second', nqn: nqn('second') })],
  };
  const both = `subsystem ${HANDLE}, second`;

  test('is mounted from a subsystem it names, among others', () => {
    expect(said('nvmeof', { nqn: nqn('second') }, served)).toEqual([there, both, true]);
    expect(said('nvmeof', {}, served)).toEqual([there, both, true]);
  });

  test('misses it where the subsystem serves something else, or nothing serves its zvol', () => {
    expect(said('nvmeof', { nqn: nqn('gone') }, served)).toEqual([
      missing,
      `its subsystem ${nqn('gone')} does not serve zvol ${zvol.id}, ${HANDLE}, second does`,
      false,
    ]);
    expect(said('nvmeof', {}, {})).toEqual([
      missing,
      `no NVMe-oF namespace exports zvol ${zvol.id}`,
      false,
    ]);
  });

  test('is told by the name of a subsystem that is in no list, and not said to be reached', () => {
    const bare = { nvmetNamespaces: [aNamespace()] };
    expect(said('nvmeof', { nqn: nqn(HANDLE) }, bare)).toEqual([
      there,
      `subsystem ${HANDLE}`,
      false,
    ]);
    expect(said('nvmeof', { nqn: nqn('gone') }, bare)[0]).toBe(missing);
  });

  test('is not reached through a namespace that is off, or a subsystem without a port', () => {
    const off = { ...served, nvmetNamespaces: [aNamespace({ enabled: false })] };
    expect(said('nvmeof', {}, off)[2]).toBe(false);
    const shut = { nvmetNamespaces: [aNamespace()], nvmetSubsystems: [aSubsystem({ ports: [] })] };
    expect(said('nvmeof', {}, shut)[2]).toBe(false);
  });
});
