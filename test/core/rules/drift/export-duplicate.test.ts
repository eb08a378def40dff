import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { exportDuplicate } from '../../../../src/lib/core/rules/drift/export-duplicate.ts';
import {
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  aPv,
  aSubsystem,
  aSystem,
  aTarget,
  clusterWith,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
  systemWith,
  type SmallWorld,
} from '../../../support/builders.ts';
import { findingsOf, testRule } from '../../../support/rule-tester.ts';

const OTHER = 'pvc-0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901';
const mine = `${PARENT}/${HANDLE}`;
const zvol = aDataset({ kind: 'volume' });
const other = aDataset({ id: `${PARENT}/${OTHER}`, kind: 'volume' });
const served = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [zvol],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget()],
    iscsiTargetExtents: [aMapping()],
    ...world,
  });
/** A further extent of the same zvol, with a target of its own. */
const twice = (name: string, world: SmallWorld = {}): Inventory =>
  served({
    iscsiExtents: [anExtent(), anExtent({ id: 20, name })],
    iscsiTargets: [aTarget(), aTarget({ id: 21, name })],
    iscsiTargetExtents: [aMapping(), aMapping({ id: 22, target: 21, extent: 20 })],
    ...world,
  });
/** The target of one volume on the zvol of another. */
const adopted = (world: SmallWorld = {}): Inventory =>
  served({
    datasets: [zvol, other],
    iscsiTargets: [aTarget({ name: `csi-${OTHER}` })],
    iscsiExtents: [anExtent({ name: `csi-${OTHER}` })],
    ...world,
  });
const noted = (leaf: string, name: string) =>
  aDataset({
    id: `${PARENT}/${leaf}`,
    kind: 'volume',
    properties: finished(`pvc-${leaf}`, { iscsiAssetsName: name }),
  });
const hashedPv = (leaf: string, iqn: string) =>
  anIscsiPv({
    name: `pvc-${leaf}`,
    source: {
      kind: 'csi',
      driver: 'org.democratic-csi.nfs',
      handle: leaf,
      attributes: { node_attach_driver: 'iscsi', iqn: `iqn.2005-10.org.x:${iqn}` },
    },
  });

testRule(exportDuplicate, {
  certain: {
    'a zvol served under the name of another volume': [adopted(), [mine]],
    'a name of another volume in capitals, as a whole IQN': [
      adopted({
        iscsiTargets: [aTarget({ name: `iqn.2005-10.org.x:CSI-${OTHER.toUpperCase()}` })],
      }),
      [mine],
    ],
    'a subsystem that has the name of another volume': [
      anInventory({
        datasets: [zvol, other],
        nvmetNamespaces: [aNamespace({ subsystem: OTHER })],
        nvmetSubsystems: [aSubsystem({ name: OTHER })],
      }),
      [mine],
    ],
    'a name its driver noted on another volume': [
      served({
        datasets: [noted('128', 'csi-128'), noted('1280', 'csi-1280')],
        iscsiExtents: [anExtent({ name: 'csi-1280', path: `zvol/${PARENT}/128` })],
        iscsiTargets: [aTarget({ name: 'csi-1280' })],
      }),
      [`${PARENT}/128`],
    ],
    'two volumes whose drivers gave them one name, and one target': [
      served({
        datasets: [noted('20803', 'csi-20803'), noted('20804', 'csi-20803')],
        persistentVolumes: [hashedPv('20803', 'csi-20803'), hashedPv('20804', 'csi-20803')],
        iscsiExtents: [anExtent({ name: 'csi-20803', path: `zvol/${PARENT}/20803` })],
        iscsiTargets: [aTarget({ name: 'csi-20803' })],
      }),
      [`${PARENT}/20803`],
    ],
    'two extents of one zvol': [twice('backup'), [mine]],
    'two extents of which one is mapped to nothing': [
      served({ iscsiExtents: [anExtent(), anExtent({ id: 20, name: 'backup' })] }),
      [mine],
    ],
    'an extent and a namespace of one zvol': [
      served({ nvmetNamespaces: [aNamespace()], nvmetSubsystems: [aSubsystem()] }),
      [mine],
    ],
    'two NFS shares of one volume': [
      anInventory({ datasets: [aDataset()], nfsShares: [anNfsShare(), anNfsShare({ id: 43 })] }),
      [mine],
    ],
  },
  likely: {
    'a disk of a cluster of virtual machines': [
      served({
        datasets: [aDataset({ id: 'tank/vms/quorum', kind: 'volume', properties: properties() })],
        iscsiExtents: [
          anExtent({ name: 'a', path: 'zvol/tank/vms/quorum' }),
          anExtent({ id: 20, name: 'b', path: 'zvol/tank/vms/quorum' }),
        ],
      }),
      ['tank/vms/quorum'],
      'below-declared-parent',
    ],
    'a parent that was only inferred': [
      twice('backup', { drivers: [] }),
      [mine],
      'below-declared-parent',
    ],
  },
  silent: {
    'a zvol with its own extent and target': served(),
    'an extent mapped to two targets: one disk, two ways to it': served({
      iscsiTargets: [aTarget(), aTarget({ id: 21, name: 'second-path' })],
      iscsiTargetExtents: [aMapping(), aMapping({ id: 22, target: 21 })],
    }),
    'a target of a name that is nobody’s': served({ iscsiTargets: [aTarget({ name: 'disk' })] }),
    'a name that was cut, and so tells no volume': served({
      datasets: [zvol, other],
      iscsiExtents: [
        anExtent({ name: `${PARENT}/a-very-long-path-of-many-departments/pvc-6f1d2c9` }),
      ],
    }),
    'a volume moved by hand, whose old copy is still there': adopted({
      datasets: [
        zvol,
        aDataset({ id: `${PARENT}/${OTHER}`, kind: 'volume', properties: finished(HANDLE) }),
      ],
    }),
    'a target set on a copy that is no volume': adopted({
      datasets: [aDataset({ kind: 'volume', properties: properties() }), other],
    }),
    'a volume of the same name on another system': {
      ...anInventory({ drivers: [] }),
      clusters: [
        clusterWith({
          persistentVolumes: [
            hashedPv('20803', 'csi-20803'),
            {
              ...hashedPv('20803', 'csi-20803'),
              name: 'pvc-2',
              source: {
                kind: 'csi',
                driver: 'org.democratic-csi.second',
                handle: '20803',
                attributes: { node_attach_driver: 'iscsi', iqn: 'iqn.2005-10.org.x:csi-20803' },
              },
            },
          ],
        }),
      ],
      drivers: ['nas1', 'nas2'].map((system) => ({
        driver: system === 'nas1' ? 'org.democratic-csi.nfs' : 'org.democratic-csi.second',
        cluster: null,
        system,
        secret: null,
        parent: PARENT,
        detachedSnapshotsParent: null,
        instanceId: null,
        exclusive: true,
      })),
      systems: ['nas1', 'nas2'].map((system) =>
        systemWith(
          {
            datasets: [{ ...noted('20803', 'csi-20803'), system }],
            iscsiExtents: [anExtent({ system, name: 'csi-20803', path: `zvol/${PARENT}/20803` })],
            iscsiTargets: [aTarget({ system, name: 'csi-20803' })],
            iscsiTargetExtents: [aMapping({ system })],
          },
          aSystem({ name: system, hostId: system }),
        ),
      ),
    },
    'two office shares of one path': anInventory({
      datasets: [aDataset({ id: 'tank/office' })],
      nfsShares: [
        anNfsShare({ path: '/mnt/tank/office' }),
        anNfsShare({ id: 43, path: '/mnt/tank/office' }),
      ],
    }),
    'a zvol that was just made': twice('backup', {
      datasets: [aDataset({ kind: 'volume', createdAt: JUST_NOW })],
    }),
    'a volume in quarantine': twice('backup', {
      datasets: [
        aDataset({
          kind: 'volume',
          marks: { quarantined: `${mine};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
    'two PersistentVolumes of one handle, which is another finding': served({
      persistentVolumes: [anIscsiPv(), aPv({ name: 'restored', source: anIscsiPv().source })],
    }),
  },
});

const severityOf = (inventory: Inventory) => findingsOf(exportDuplicate, inventory)[0]?.severity;

test('weighs what it may destroy', () => {
  expect(severityOf(adopted())).toBe('critical');
  expect(severityOf(twice('backup'))).toBe('high');
  expect(
    severityOf(
      served({ iscsiExtents: [anExtent(), anExtent({ id: 20, name: 'b', enabled: false })] }),
    ),
  ).toBe('low');
  expect(
    severityOf(
      anInventory({ datasets: [aDataset()], nfsShares: [anNfsShare(), anNfsShare({ id: 43 })] }),
    ),
  ).toBe('info');
});

test('names the volume that is served from the wrong disk, and stops everybody first', () => {
  const [finding] = findingsOf(exportDuplicate, adopted());
  expect(finding?.reason).toBe(`it is served as the disk of ${PARENT}/${OTHER} too`);
  expect(finding?.remedy.steps[0]).toContain('Stop every workload');
  expect(finding?.remedy.safe).toBe(false);
});

test('outside every parent a disk with two extents is no more than a remark', () => {
  expect(
    severityOf(
      served({
        datasets: [aDataset({ id: 'tank/vms/a', kind: 'volume', properties: properties() })],
        iscsiExtents: [
          anExtent({ path: 'zvol/tank/vms/a' }),
          anExtent({ id: 20, name: 'b', path: 'zvol/tank/vms/a' }),
        ],
      }),
    ),
  ).toBe('info');
});
