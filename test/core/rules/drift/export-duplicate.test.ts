import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { exportDuplicate } from '../../../../src/lib/core/rules/drift/export-duplicate.ts';
import {
  aDataset,
  aDriver,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  aPod,
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
import { findingsOf, systemListsReadAgain, testRule } from '../../../support/rule-tester.ts';

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

/** What csi.truenas.io makes: no mark on the zvol, and a target that has its path for a name. */
const official = (names: readonly string[], targets: Readonly<Record<string, string>> = {}) =>
  anInventory({
    drivers: [aDriver({ driver: 'csi.truenas.io' })],
    datasets: ['a', 'b'].map((leaf) =>
      aDataset({ id: `${PARENT}/${leaf}`, kind: 'volume', properties: properties() }),
    ),
    persistentVolumes: names.map((leaf, at) =>
      anIscsiPv({
        name: `pvc-${at}`,
        source: {
          kind: 'csi',
          driver: 'csi.truenas.io',
          handle: `${PARENT}/${leaf}`,
          attributes: { targetIQN: `iqn.2005-10.org.x:csi-tank-k8s-${targets[leaf] ?? leaf}` },
        },
      }),
    ),
    iscsiExtents: ['a', 'b'].map((leaf, at) =>
      anExtent({ id: at, name: `${PARENT}/${leaf}`, path: `zvol/${PARENT}/${leaf}` }),
    ),
    iscsiTargets: ['a', 'b'].map((leaf, at) => aTarget({ id: at, name: `csi-tank-k8s-${leaf}` })),
    iscsiTargetExtents: [0, 1].map((id) => aMapping({ id, target: id, extent: id })),
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
    'a short name that is but part of the one another volume has': [
      served({
        datasets: [
          aDataset({ id: `${PARENT}/128`, kind: 'volume', properties: finished('pvc-128') }),
          noted('1280', 'csi-1280'),
        ],
        iscsiExtents: [anExtent({ name: 'csi-1280', path: `zvol/${PARENT}/128` })],
        iscsiTargets: [aTarget({ name: 'csi-1280' })],
      }),
      [`${PARENT}/128`],
    ],
    'a volume of csi.truenas.io whose target the volume of another names': [
      official(['a', 'b'], { b: 'a' }),
      [`${PARENT}/a`],
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
            datasets: [
              aDataset({
                system,
                id: `${PARENT}/20803`,
                kind: 'volume',
                properties: finished(system === 'nas1' ? 'pvc-20803' : 'pvc-2', {
                  iscsiAssetsName: 'csi-20803',
                }),
              }),
            ],
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
    'two PersistentVolumes of one handle of csi.truenas.io': official(['a', 'a']),
    'a name its driver noted, in another case than the target has it': served({
      datasets: [noted('20803', 'csi-20803'), noted('20804', 'csi-20803')],
      iscsiExtents: [anExtent({ name: 'CSI-20803', path: `zvol/${PARENT}/20803` })],
      iscsiTargets: [aTarget({ name: 'CSI-20803' })],
    }),
    'a pod that names the target itself, beside the volume': served({
      persistentVolumes: [anIscsiPv()],
      pods: [
        aPod({
          inlineVolumes: [
            { kind: 'iscsi', portal: 'nas1:3260', iqn: `iqn.2005-10.org.x:csi-${HANDLE}`, lun: 0 },
          ],
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
  expect(severityOf(served({ iscsiExtents: [anExtent(), anExtent({ id: 20, name: 'b' })] }))).toBe(
    'low',
  );
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

test('names what exports it, whichever protocol it speaks', () => {
  const reasonOf = (inventory: Inventory) => findingsOf(exportDuplicate, inventory)[0]?.reason;
  expect(
    reasonOf(served({ nvmetNamespaces: [aNamespace()], nvmetSubsystems: [aSubsystem()] })),
  ).toBe(`extent csi-${HANDLE} and namespace 9 of subsystem ${HANDLE} export the same zvol`);
  expect(
    reasonOf(
      anInventory({
        datasets: [aDataset()],
        nfsShares: [anNfsShare({ id: 43 }), anNfsShare()],
      }),
    ),
  ).toBe('2 NFS shares (42, 43) export the same path');
});

test('tells what to do by what is at stake', () => {
  const stepsOf = (inventory: Inventory) =>
    findingsOf(exportDuplicate, inventory)[0]?.remedy.steps.map((step) => step.split(' ', 2)[0]);
  const shares = anInventory({
    datasets: [aDataset()],
    nfsShares: [anNfsShare(), anNfsShare({ id: 43 })],
  });
  expect(stepsOf(adopted())).toEqual(['Stop', 'Set', 'Take', 'Map']);
  expect(stepsOf(twice('backup'))).toEqual(['Find', 'Make', 'Delete']);
  expect(stepsOf(shares)).toEqual(['Compare', 'Where']);
});

test('the second read looks at what exports a zvol, or shares a file system', () => {
  const shares = anInventory({
    datasets: [aDataset()],
    nfsShares: [anNfsShare(), anNfsShare({ id: 43 })],
  });
  expect(systemListsReadAgain(exportDuplicate, shares)).toEqual(['nfsShares']);
  expect(systemListsReadAgain(exportDuplicate, twice('backup'))).toEqual([
    'iscsiExtents',
    'iscsiTargetExtents',
    'iscsiTargets',
    'nvmetNamespaces',
    'nvmetSubsystems',
  ]);
});
