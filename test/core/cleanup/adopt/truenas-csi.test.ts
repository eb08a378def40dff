import { describe, expect, test } from 'vitest';
import {
  adopted,
  aLostWorldOf,
  csiOf,
  LOST,
  originOf,
  refusal,
} from '../../../support/adopting.ts';
import {
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anNfsShare,
  aPv,
  aStorageClass,
  aSubsystem,
  aSystem,
  aTarget,
  properties,
  size,
  type SmallWorld,
} from '../../../support/builders.ts';

const DRIVER = 'csi.truenas.io';
const TARGET = 'spec.csi.volumeAttributes.targetIQN';
const NAME = `csi-${LOST.replaceAll('/', '-')}`;

const dataset = aDataset({ properties: properties() });
const zvol = aDataset({
  kind: 'volume',
  volsize: size(2 ** 30),
  refquota: null,
  properties: properties(),
});
const served = {
  datasets: [zvol],
  iscsiExtents: [anExtent({ comment: `CSI volume ${LOST}` })],
  iscsiTargets: [aTarget({ name: NAME })],
  iscsiTargetExtents: [aMapping()],
};
const shared = { datasets: [dataset], nfsShares: [anNfsShare({ comment: `CSI volume ${LOST}` })] };

const worldOf = (over: SmallWorld) => aLostWorldOf(DRIVER, over);

const sibling = (attributes: Readonly<Record<string, string>>) =>
  aPv({
    name: 'pvc-sibling',
    source: { kind: 'csi', driver: DRIVER, handle: 'tank/k8s/sibling', attributes },
  });

describe('a volume of csi.truenas.io over iSCSI', () => {
  test.each([
    ['nas1.example', 'nas1.example:3260'],
    ['10.0.0.5', '10.0.0.5:3260'],
    ['fd00::5', '[fd00::5]:3260'],
  ])('of a system at %s is reached by the usual port of iSCSI', (host, targetPortal) => {
    const adoption = adopted(worldOf({ ...served, system: aSystem({ host }) }));
    expect(csiOf(adoption)).toMatchObject({
      volumeHandle: LOST,
      volumeAttributes: { targetPortal, lun: '0' },
    });
  });

  test.each(['10.0.0.5:3261', '[fd00::5]:3261'])(
    'is reached by %s where other volumes are',
    (targetPortal) => {
      const persistentVolumes = [sibling({ targetPortal })];
      expect(csiOf(adopted(worldOf({ ...served, persistentVolumes })))).toMatchObject({
        volumeAttributes: { targetPortal },
      });
    },
  );

  test('has the base that names of targets there usually have, where nothing tells it', () => {
    const strangers = [
      sibling({ targetIQN: 'iqn.2020-01.example:not-of-this-system' }),
      aPv({ name: 'local', source: { kind: 'path', type: 'local', path: '/data' } }),
    ];
    const adoption = adopted(worldOf({ ...served, persistentVolumes: strangers }));
    expect(csiOf(adoption)).toMatchObject({
      volumeAttributes: { targetIQN: `iqn.2005-10.org.freenas.ctl:${NAME}` },
    });
    expect(originOf(adoption, TARGET)).toMatch(/what TrueNAS usually has: check/);
  });

  test.each<readonly [string, SmallWorld]>([
    [
      'a volume that is mounted from a target',
      { persistentVolumes: [sibling({ iqn: 'iqn.2020-01.example:other' })] },
    ],
    [
      'what democratic-csi noted of a target',
      {
        datasets: [
          zvol,
          aDataset({
            id: 'tank/k8s/noted',
            properties: properties({ shareContext: '{"iqn":"iqn.2020-01.example:OTHER"}' }),
          }),
        ],
      },
    ],
  ])('has the base that is told by %s', (_, over) => {
    const iscsiTargets = [...served.iscsiTargets, aTarget({ id: 20, name: 'other' })];
    const adoption = adopted(worldOf({ ...served, iscsiTargets, ...over }));
    expect(csiOf(adoption)).toMatchObject({
      volumeAttributes: { targetIQN: `iqn.2020-01.example:${NAME}` },
    });
    expect(originOf(adoption, TARGET)).toMatch(/other targets of this system/);
  });

  test('is given the name that its driver makes, where its target is gone', () => {
    const adoption = adopted(worldOf({ ...served, iscsiTargets: [], iscsiTargetExtents: [] }));
    expect(csiOf(adoption)).toMatchObject({
      volumeAttributes: { targetIQN: `iqn.2005-10.org.freenas.ctl:${NAME}` },
    });
    expect(adoption.cautions.join()).toMatch(/No iSCSI target exports the dataset/);
  });
});

describe('a volume of csi.truenas.io', () => {
  test('is not adopted over NVMe-oF', () => {
    const nvmetSubsystems = [aSubsystem()];
    const world = worldOf({
      datasets: [zvol],
      nvmetSubsystems,
      nvmetNamespaces: [aNamespace()],
    });
    expect(refusal(world)).toMatch(/writes into a volume over nvmeof is not known/);
  });

  test('is mounted from where its dataset usually is, where that is not mounted now', () => {
    const unmounted = worldOf({ ...shared, datasets: [{ ...dataset, mountpoint: null }] });
    expect(csiOf(adopted(unmounted))).toMatchObject({
      volumeAttributes: { nfsServer: 'nas1.example', nfsPath: `/mnt/${LOST}` },
    });
  });

  test('has the parameters of its class, and says which of them this tool does not read', () => {
    const parameters = {
      pool: 'tank',
      fsType: 'ext4',
      'csi.storage.k8s.io/node-stage-secret-name': 'chap',
    };
    const parameterNames = [...Object.keys(parameters), 'secretB', 'secretA'];
    const storageClasses = [
      aStorageClass({
        provisioner: DRIVER,
        parameters,
        parameterNames: [...parameterNames, 'csi.storage.k8s.io/unread'],
      }),
    ];
    const adoption = adopted(worldOf({ ...shared, storageClasses }));
    expect(csiOf(adoption)).toMatchObject({
      volumeAttributes: { pool: 'tank', nfsServer: 'nas1.example', nfsPath: `/mnt/${LOST}` },
    });
    expect(csiOf(adoption)).not.toHaveProperty('volumeAttributes.fsType');
    expect(adoption.cautions).toEqual([
      expect.stringMatching(/whose values this tool does not read .*: secretA, secretB\.$/),
    ]);
  });
});
