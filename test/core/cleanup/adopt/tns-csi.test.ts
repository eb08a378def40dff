import { describe, expect, test } from 'vitest';
import {
  adopted,
  aLostWorldOf,
  csiOf,
  LOST,
  ofTns,
  originOf,
  refusal,
} from '../../../support/adopting.ts';
import {
  aDataset,
  aDriverSecret,
  aMapping,
  aNamespace,
  anExtent,
  anNfsShare,
  anSmbShare,
  aPv,
  aStorageClass,
  aSubsystem,
  aTarget,
  HANDLE,
  size,
  type SmallWorld,
} from '../../../support/builders.ts';

const DRIVER = 'tns.csi.io';
const SERVER = 'spec.csi.volumeAttributes.server';

const NOTED = {
  nfsShareId: '71',
  smbShareId: '72',
  iscsiTargetId: '73',
  iscsiExtentId: '74',
  iscsiIqn: `iqn.2005-10.org.freenas.ctl:${HANDLE}`,
  nvmetSubsystemId: '75',
  nvmetNamespaceId: '76',
  nvmetNqn: 'nqn.noted',
};
const dataset = aDataset({ properties: ofTns(NOTED) });
const zvol = aDataset({
  kind: 'volume',
  volsize: size(5 * 2 ** 30),
  refquota: null,
  properties: ofTns(NOTED),
});

const worldOf = (lost: typeof dataset, over: SmallWorld = {}) =>
  aLostWorldOf(DRIVER, { datasets: [lost], ...over });

const only = (lost: typeof dataset, ...noted: readonly (keyof typeof NOTED)[]) => ({
  ...lost,
  properties: ofTns(Object.fromEntries(noted.map((key) => [key, NOTED[key]]))),
});

describe('a volume of tns-csi', () => {
  test.each<readonly [string, typeof dataset, SmallWorld, Readonly<Record<string, string>>]>([
    [
      'an NFS share',
      dataset,
      { nfsShares: [anNfsShare({ comment: '' })] },
      { protocol: 'nfs', share: `/mnt/${LOST}`, nfsShareID: '42', expectedCapacity: '1073741824' },
    ],
    [
      'an SMB share',
      dataset,
      { smbShares: [anSmbShare({ name: 'films' })] },
      { protocol: 'smb', share: 'films', smbShareID: '7' },
    ],
    [
      'an iSCSI target',
      zvol,
      { iscsiExtents: [anExtent()], iscsiTargets: [aTarget()], iscsiTargetExtents: [aMapping()] },
      { protocol: 'iscsi', iscsiIQN: NOTED.iscsiIqn, iscsiTargetID: '17', iscsiExtentID: '19' },
    ],
    [
      'an NVMe-oF subsystem',
      zvol,
      { nvmetSubsystems: [aSubsystem()], nvmetNamespaces: [aNamespace()] },
      {
        protocol: 'nvmeof',
        nqn: aSubsystem().nqn ?? '',
        nvmeofSubsystemID: '5',
        nvmeofNamespaceID: '9',
      },
    ],
  ])('is given what exports it now, whatever was noted once: %s', (_, lost, world, attributes) => {
    const volumeAttributes = { datasetID: LOST, datasetName: LOST, ...attributes };
    expect(csiOf(adopted(worldOf(lost, world)))).toMatchObject({
      volumeHandle: LOST,
      volumeAttributes,
    });
  });

  test.each<readonly [string, typeof dataset, Readonly<Record<string, string>>]>([
    ['an NFS share', only(dataset, 'nfsShareId'), { share: `/mnt/${LOST}`, nfsShareID: '71' }],
    ['an SMB share', only(dataset, 'smbShareId'), { share: HANDLE, smbShareID: '72' }],
    [
      'an iSCSI target',
      only(zvol, 'iscsiTargetId', 'iscsiExtentId', 'iscsiIqn'),
      { iscsiTargetID: '73', iscsiExtentID: '74', iscsiIQN: NOTED.iscsiIqn, lun: '0' },
    ],
    [
      'an NVMe-oF subsystem',
      only(zvol, 'nvmetSubsystemId', 'nvmetNamespaceId', 'nvmetNqn'),
      { nvmeofSubsystemID: '75', nvmeofNamespaceID: '76', nqn: 'nqn.noted', nsid: '1' },
    ],
  ])('is given what was noted where nothing exports it any more: %s', (_, lost, attributes) => {
    const adoption = adopted(worldOf(lost));
    expect(csiOf(adoption)).toMatchObject({ volumeAttributes: attributes });
    expect(adoption.cautions.join()).toMatch(/exports the dataset, so nothing can mount/);
  });

  test('is mounted from where its dataset usually is, where that is not mounted now', () => {
    const unmounted = { ...only(dataset, 'nfsShareId'), mountpoint: null };
    expect(csiOf(adopted(worldOf(unmounted)))).toMatchObject({
      volumeAttributes: { share: `/mnt/${LOST}` },
    });
  });

  test('has no capacity to expect where no quota tells one', () => {
    const boundless = { ...only(dataset, 'nfsShareId'), refquota: null };
    expect(csiOf(adopted(worldOf(boundless)))).not.toHaveProperty(
      'volumeAttributes.expectedCapacity',
    );
  });

  test.each<readonly [typeof dataset, RegExp]>([
    [only(zvol, 'iscsiTargetId'), /its property iscsi_iqn is missing/],
    [only(zvol, 'nvmetSubsystemId'), /by what name nodes find its NVMe-oF subsystem/],
  ])('is not adopted where nothing says what nodes log in to (%#)', (lost, reason) => {
    expect(refusal(worldOf(lost))).toMatch(reason);
  });
});

describe('nodes reach TrueNAS', () => {
  const lost = only(dataset, 'nfsShareId');
  const sibling = (server: string, over: Partial<ReturnType<typeof aPv>> = {}) =>
    aPv({
      name: 'pvc-sibling',
      source: { kind: 'csi', driver: DRIVER, handle: 'tank/k8s/sibling', attributes: { server } },
      ...over,
    });
  const server = (world: SmallWorld) => {
    const adoption = adopted(worldOf(lost, world));
    const { volumeAttributes } = csiOf(adoption) as { volumeAttributes: { server: string } };
    return [volumeAttributes.server, originOf(adoption, SERVER)];
  };
  const ofClass = (named: string) => ({
    storageClasses: [aStorageClass({ provisioner: DRIVER, parameters: { server: named } })],
  });
  const secret = aDriverSecret({ driver: DRIVER, hosts: ['nas1.example:8443'] });

  test('where other volumes of the driver do', () => {
    const persistentVolumes = [sibling(''), sibling('10.0.0.9', { name: 'pvc-other' })];
    expect(server({ ...ofClass('10.0.0.8'), persistentVolumes })).toEqual([
      '10.0.0.9',
      'other volumes of this driver',
    ]);
  });

  test.each([
    ['of another driver', aPv({ name: 'pvc-other' })],
    [
      'that is none of a driver',
      aPv({ name: 'local', source: { kind: 'path', type: 'local', path: '/d' } }),
    ],
    ['of another cluster', sibling('10.0.0.9', { cluster: 'dev' })],
  ])('not where a volume does %s', (_, other) => {
    expect(server({ ...ofClass('10.0.0.8'), persistentVolumes: [other] })).toEqual([
      '10.0.0.8',
      'the StorageClass',
    ]);
  });

  test('where the driver does, by another port than that of its API', () => {
    expect(server({ driverSecrets: [secret] })).toEqual([
      'nas1.example',
      'the configuration of the driver',
    ]);
  });

  test('else where this tool does, to be checked', () => {
    expect(server({})).toEqual(['nas1.example', expect.stringMatching(/check that nodes reach/)]);
  });

  test('not at a name that the class leaves empty', () => {
    expect(server({ ...ofClass(''), driverSecrets: [secret] })).toEqual([
      'nas1.example',
      'the configuration of the driver',
    ]);
  });
});
