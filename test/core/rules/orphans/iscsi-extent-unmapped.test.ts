import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { iscsiExtentUnmapped } from '../../../../src/lib/core/rules/orphans/iscsi-extent-unmapped.ts';
import {
  aClaim,
  aCluster,
  aDataset,
  aDriver,
  aMapping,
  aNamespace,
  anAttachment,
  anExtent,
  anInventory,
  anIscsiPv,
  aPod,
  aPool,
  aPv,
  aSubsystem,
  aTarget,
  clusterWith,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
  properties,
  type SmallWorld,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const name = `csi-${HANDLE}`;
const zvol = aDataset({ kind: 'volume' });
const firstSeen = (since: Date, extent = name) =>
  new Map([[`host-id iscsi-extent-unmapped IscsiExtent//${extent}/19`, since]]);
const unmapped = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [zvol],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget()],
    firstSeen: firstSeen(LONG_AGO),
    ...world,
  });

testRule(iscsiExtentUnmapped, {
  safe: 'every',
  certain: {
    'an extent of a forgotten volume that no target serves': [unmapped(), [name]],
    'an extent of another name': [
      unmapped({
        iscsiExtents: [anExtent({ name: 'disk' })],
        firstSeen: firstSeen(LONG_AGO, 'disk'),
      }),
      ['disk'],
    ],
  },
  likely: {
    'an extent that nobody saw before: it may be in the making': [
      unmapped({ firstSeen: new Map() }),
      [name],
      'suspect-for-long',
    ],
    'an extent first seen an hour ago': [
      unmapped({ firstSeen: firstSeen(JUST_NOW) }),
      [name],
      'suspect-for-long',
    ],
    'pods that may not be listed': [withoutList(unmapped(), 'pods'), [name], 'no-volume-refers'],
    'an extent of another name, of a Released volume': [
      unmapped({
        iscsiExtents: [anExtent({ name: 'disk' })],
        iscsiTargetExtents: [aMapping({ target: 98, extent: 99 })],
        firstSeen: firstSeen(LONG_AGO, 'disk'),
        persistentVolumes: [anIscsiPv({ phase: 'Released' })],
      }),
      ['disk'],
      'no-volume-refers',
    ],
    'an extent of a Released volume': [
      unmapped({ persistentVolumes: [anIscsiPv({ phase: 'Released' })] }),
      [name],
      'no-volume-refers',
    ],
    'an extent named like the target of a static volume': [
      unmapped({
        // Without any mapping at all it would be the list that is missing.
        iscsiTargetExtents: [aMapping({ target: 98, extent: 99 })],
        persistentVolumes: [
          anIscsiPv({
            name: 'by-hand',
            source: { kind: 'iscsi', portal: 'nas1', iqn: `iqn.2005-10.org.x:${name}`, lun: 0 },
          }),
        ],
      }),
      [name],
      'no-volume-refers',
    ],
    'an extent of a volume below a parent that others may use too': [
      unmapped({ drivers: [aDriver({ exclusive: false })] }),
      [name],
      'owner-registered',
    ],
    'a second cluster that shows not a single volume': [
      {
        ...unmapped(),
        clusters: [...unmapped().clusters, clusterWith({}, aCluster({ name: 'dev', uid: 'dev' }))],
      },
      [name],
      'owner-registered',
    ],
    'an extent of a volume whose claim is left': [
      unmapped({ persistentVolumeClaims: [aClaim({ phase: 'Lost' })] }),
      [name],
      'nobody-remembers-it',
    ],
    'an extent of a volume a node has attached': [
      unmapped({ volumeAttachments: [anAttachment()] }),
      [name],
      'nobody-remembers-it',
    ],
    'an extent of a zvol a volume may use by NVMe-oF, whose subsystems could not be read': [
      withoutList(
        unmapped({
          nvmetSubsystems: [aSubsystem({ name: 'disk', nqn: 'nqn.x:disk' })],
          nvmetNamespaces: [aNamespace({ subsystem: 'disk' })],
          persistentVolumes: [
            aPv({
              name: 'by-hand',
              source: {
                kind: 'csi',
                driver: 'org.democratic-csi.node-manual',
                handle: 'by-hand',
                attributes: { node_attach_driver: 'nvmeof', nqn: 'nqn.x:disk' },
              },
            }),
          ],
        }),
        'nvmetSubsystems',
      ),
      [name],
      'no-volume-refers',
    ],
    'an extent of a zvol somebody made by hand below the parent': [
      unmapped({ datasets: [aDataset({ kind: 'volume', properties: properties() })] }),
      [name],
      'made-by-driver',
    ],
    'a parent that was only inferred': [unmapped({ drivers: [] }), [name], 'below-declared-parent'],
    'the disk of a virtual machine': [
      unmapped({
        datasets: [aDataset({ id: 'tank/vms/vm', kind: 'volume', properties: properties() })],
        iscsiExtents: [anExtent({ name: 'vm', path: 'zvol/tank/vms/vm' })],
      }),
      ['vm'],
      'below-declared-parent',
    ],
  },
  silent: {
    'an extent that is mapped': unmapped({ iscsiTargetExtents: [aMapping()] }),
    'an extent of a bound volume, which is missing its target': unmapped({
      persistentVolumes: [anIscsiPv()],
    }),
    'an extent whose zvol is gone, which dangles': unmapped({ datasets: [] }),
    'a file whose path looks like that of a zvol': unmapped({
      iscsiExtents: [anExtent({ type: 'FILE' })],
    }),
    'an extent whose zvol was replaced by a file system': unmapped({ datasets: [aDataset()] }),
    'a file': unmapped({
      iscsiExtents: [anExtent({ type: 'FILE', path: `/mnt/${PARENT}/disk.img` })],
    }),
    'an extent of a snapshot': unmapped({
      iscsiExtents: [anExtent({ path: `zvol/${PARENT}/${HANDLE}@before` })],
    }),
    'an extent of a zvol that was just made': unmapped({
      datasets: [aDataset({ kind: 'volume', createdAt: JUST_NOW })],
    }),
    'a locked extent': unmapped({ iscsiExtents: [anExtent({ locked: true })] }),
    'a pool that is degraded': unmapped({ pools: [aPool({ status: 'DEGRADED' })] }),
    'a volume in quarantine': unmapped({
      datasets: [
        aDataset({
          kind: 'volume',
          marks: { quarantined: `${PARENT}/${HANDLE};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
  },
});

test('a volume that names the extent is asked for, before anything is deleted', () => {
  const [finding] = findingsOf(
    iscsiExtentUnmapped,
    unmapped({ persistentVolumes: [anIscsiPv({ phase: 'Released' })] }),
  );
  expect(finding?.remedy.action).toBe('restore-share');
  expect(finding?.remedy.steps[0]).toBe(`Ask who still needs ${HANDLE}.`);
});

test('elsewhere an extent without a target is no more than a remark', () => {
  const [finding] = findingsOf(
    iscsiExtentUnmapped,
    unmapped({
      datasets: [aDataset({ id: 'tank/vms/vm', kind: 'volume' })],
      iscsiExtents: [anExtent({ name: 'vm', path: 'zvol/tank/vms/vm' })],
    }),
  );
  expect(finding?.severity).toBe('info');
});

test('takes the age of its zvol, and never tells to remove data with the extent', () => {
  const [finding] = findingsOf(iscsiExtentUnmapped, unmapped({ pods: [aPod()] }));
  expect(finding?.createdAt).toEqual(LONG_AGO);
  expect(finding?.remedy.steps.join(' ')).toContain('without the remove option');
});

test('says of its zvol whether it is there, and whose it is', () => {
  const seen = (check: string, world: SmallWorld = {}) =>
    checkOf(iscsiExtentUnmapped, unmapped(world), name, check);
  const path = `${PARENT}/${HANDLE}`;
  expect(seen('zvol-there')).toEqual(['passed', `zvol ${path}`]);
  expect(seen('zvol-there', { datasets: [] })).toEqual(['failed', `no zvol ${path}`]);
  expect(seen('made-by-driver')).toEqual(['passed', "its zvol is a driver's"]);
  for (const datasets of [[], [aDataset({ kind: 'volume', properties: properties() })]]) {
    expect(seen('made-by-driver', { datasets })).toEqual([
      'failed',
      'its zvol carries no mark of a driver',
    ]);
  }
});
