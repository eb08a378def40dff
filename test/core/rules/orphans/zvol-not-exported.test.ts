import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { zvolNotExported } from '../../../../src/lib/core/rules/orphans/zvol-not-exported.ts';
import {
  aClaim,
  aDataset,
  aDriver,
  aDriverSecret,
  aNamespace,
  anAttachment,
  anExtent,
  anInventory,
  anIscsiPv,
  aPod,
  aPool,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
  type SmallWorld,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const name = `${PARENT}/${HANDLE}`;
const bare = (world: SmallWorld = {}): Inventory =>
  anInventory({ datasets: [aDataset({ kind: 'volume' })], ...world });
const released = anIscsiPv({ phase: 'Released', reclaimPolicy: 'Retain' });
const deleting = anIscsiPv({ phase: 'Released' });

testRule(zvolNotExported, {
  certain: {
    'a zvol to which no volume refers': [bare(), [name]],
    'the zvol of a volume that was kept, and whose extent was not': [
      bare({ persistentVolumes: [released] }),
      [name],
    ],
    'the zvol of a volume that was kept, below a parent that others may use': [
      bare({ persistentVolumes: [released], drivers: [aDriver({ exclusive: false })] }),
      [name],
    ],
    'the zvol of a volume offered to nobody': [
      bare({ persistentVolumes: [anIscsiPv({ phase: 'Available', claim: null })] }),
      [name],
    ],
  },
  likely: {
    'the zvol of a kept volume on what may be a replica': [
      bare({ persistentVolumes: [released], driverSecrets: [aDriverSecret({ hosts: ['nas9'] })] }),
      [name],
      'on-its-system',
    ],
    'a zvol whose claim is Lost: a pod may still have it mounted': [
      bare({ persistentVolumeClaims: [aClaim({ phase: 'Lost' })] }),
      [name],
      'nobody-remembers-it',
    ],
    'a zvol that a node has attached': [
      bare({ volumeAttachments: [anAttachment()] }),
      [name],
      'nobody-remembers-it',
    ],
    'a zvol where claims could not be read': [
      withoutList(bare(), 'persistentVolumeClaims'),
      [name],
      'nobody-remembers-it',
    ],
    'a parent that was only inferred': [
      bare({ drivers: [], persistentVolumes: [] }),
      [name],
      'owner-registered',
    ],
    'the zvol of a Released volume below a parent that was only inferred': [
      bare({ drivers: [], persistentVolumes: [released] }),
      [name],
      'below-declared-parent',
    ],
    'a zvol that was left there on purpose': [
      bare({
        datasets: [
          aDataset({ kind: 'volume', properties: finished(HANDLE, { keptOnPurpose: true }) }),
        ],
      }),
      [name],
      'not-kept-on-purpose',
    ],
    'a zvol with the instance_id of nobody registered': [
      bare({
        drivers: [
          {
            driver: 'org.democratic-csi.nfs',
            cluster: null,
            system: null,
            secret: null,
            parent: PARENT,
            detachedSnapshotsParent: null,
            instanceId: 'a',
            exclusive: true,
          },
        ],
        datasets: [aDataset({ kind: 'volume', properties: finished(HANDLE, { instanceId: 'b' }) })],
      }),
      [name],
      'no-foreign-owner',
    ],
  },
  silent: {
    'a volume its driver is to delete, which takes the export away first': bare({
      persistentVolumes: [deleting],
    }),
    'a zvol with an extent': bare({ iscsiExtents: [anExtent()] }),
    'a zvol with a namespace': bare({ nvmetNamespaces: [aNamespace()] }),
    'a zvol while the namespaces cannot be read': withoutList(bare(), 'nvmetNamespaces'),
    'the zvol of a bound volume, which is missing its share': bare({
      persistentVolumes: [anIscsiPv()],
    }),
    'a zvol a pod names by itself': bare({
      pods: [
        aPod({
          inlineVolumes: [
            { kind: 'csi', driver: 'x', handle: name, attributes: { datasetName: name } },
          ],
        }),
      ],
    }),
    'a filesystem': bare({ datasets: [aDataset()] }),
    'a zvol somebody made by hand below the parent': bare({
      datasets: [aDataset({ kind: 'volume', properties: properties() })],
    }),
    'the disk of a virtual machine': bare({
      datasets: [aDataset({ id: 'tank/vms/vm', kind: 'volume' })],
    }),
    'a volume that was never finished': bare({
      datasets: [
        aDataset({ kind: 'volume', properties: finished(HANDLE, { provisionSuccess: false }) }),
      ],
    }),
    'a zvol whose driver makes targets on the command line': bare({
      datasets: [
        aDataset({
          kind: 'volume',
          properties: finished(HANDLE, { provisionerDriver: 'zfs-generic-iscsi' }),
        }),
      ],
    }),
    'a zvol that was just made': bare({
      datasets: [aDataset({ kind: 'volume', createdAt: JUST_NOW })],
    }),
    'a volume that was released an hour ago': bare({
      persistentVolumes: [anIscsiPv({ phase: 'Released', phaseSince: JUST_NOW })],
    }),
    'a volume of unknown age': bare({
      persistentVolumes: [anIscsiPv({ phase: 'Released', createdAt: null })],
    }),
    'a locked zvol': bare({ datasets: [aDataset({ kind: 'volume', locked: true })] }),
    'a pool that is degraded': bare({ pools: [aPool({ status: 'DEGRADED' })] }),
    'a volume in quarantine': bare({
      datasets: [
        aDataset({
          kind: 'volume',
          marks: { quarantined: `${name};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
  },
});

test('points at dataset-unclaimed where no volume refers to it', () => {
  const [finding] = findingsOf(zvolNotExported, bare());
  expect(finding?.severity).toBe('low');
  expect(finding?.remedy.steps[0]).toContain('dataset-unclaimed');
  expect(finding?.reclaimable).toBe(0);
});

test('weighs more while a volume is left that cannot be mounted', () => {
  const [finding] = findingsOf(zvolNotExported, bare({ persistentVolumes: [released] }));
  expect(finding?.severity).toBe('medium');
  expect(finding?.remedy.steps.join(' ')).toContain('pv-released');
});

test('says what exports it, who mounts it and who is to delete it', () => {
  const seen = (check: string, world: SmallWorld = {}) =>
    checkOf(zvolNotExported, bare(world), name, check);
  expect(seen('not-exported')).toEqual(['passed', 'no extent and no NVMe-oF namespace']);
  expect(seen('not-exported', { iscsiExtents: [anExtent()] })).toEqual([
    'failed',
    'it is exported',
  ]);
  expect(seen('nobody-mounts-it')).toEqual(['passed', 'none']);
  expect(seen('nobody-mounts-it', { persistentVolumes: [anIscsiPv()] })).toEqual([
    'failed',
    `used by ${HANDLE}`,
  ]);
  expect(seen('not-being-deleted')).toEqual(['passed', 'no driver is asked to delete it']);
  expect(seen('not-being-deleted', { persistentVolumes: [deleting] })).toEqual([
    'failed',
    `its driver is to delete ${HANDLE}`,
  ]);
  expect(seen('namespaces-read')).toEqual(['passed', 'read whole']);
  const unread = withoutList(bare(), 'nvmetNamespaces');
  expect(checkOf(zvolNotExported, unread, name, 'namespaces-read')).toEqual([
    'unknown',
    'the server said no',
  ]);
  expect(seen('exports-listed')?.[1]).toBe('its driver is freenas-api-nfs');
});
