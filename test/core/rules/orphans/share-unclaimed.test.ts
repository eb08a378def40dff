import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { shareUnclaimed } from '../../../../src/lib/core/rules/orphans/share-unclaimed.ts';
import {
  aClaim,
  aCluster,
  aDataset,
  aMapping,
  aNamespace,
  anAttachment,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  anSmbShare,
  aPod,
  aPool,
  aPv,
  aSubsystem,
  aTarget,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const path = `/mnt/${PARENT}/${HANDLE}`;
const shared = (world: SmallWorld = {}): Inventory =>
  anInventory({ datasets: [aDataset()], nfsShares: [anNfsShare()], ...world });
const block = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [aDataset({ kind: 'volume' })],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget()],
    iscsiTargetExtents: [aMapping()],
    ...world,
  });
const byHand = (source: Parameters<typeof aPv>[0]): ReturnType<typeof aPv> =>
  aPv({ name: 'by-hand', ...source });

testRule(shareUnclaimed, {
  certain: {
    'an NFS share of a forgotten volume': [shared(), [path]],
    'both shares of a forgotten volume': [shared({ smbShares: [anSmbShare()] }), [path, HANDLE]],
    'an extent of a forgotten volume': [block(), [`csi-${HANDLE}`]],
    'an extent whose name was cut at 64 characters': [
      block({
        datasets: [
          aDataset({
            kind: 'volume',
            properties: finished(HANDLE, {
              iscsiAssetsName: `csi-${HANDLE}-of-the-department-in-the-basement`,
            }),
          }),
        ],
        iscsiExtents: [
          anExtent({
            name: `CSI-${HANDLE}-of-the-department-in-the-basement`.slice(0, 64),
          }),
        ],
      }),
      [`CSI-${HANDLE}-of-the-department-in-the-basement`.slice(0, 64)],
    ],
    'a namespace of a forgotten volume': [
      anInventory({
        datasets: [aDataset({ kind: 'volume' })],
        nvmetNamespaces: [aNamespace()],
        nvmetSubsystems: [aSubsystem()],
      }),
      [`zvol/${PARENT}/${HANDLE}`],
    ],
  },
  likely: {
    'a share where attachments could not be read': [
      withoutList(shared(), 'volumeAttachments'),
      [path],
      'nobody-remembers-it',
    ],
    'a share somebody made by hand of a forgotten volume': [
      shared({ nfsShares: [anNfsShare({ comment: 'office' })] }),
      [path],
      'made-by-driver',
    ],
    'a parent that other clusters may use': [
      shared({
        drivers: [
          {
            driver: 'org.democratic-csi.nfs',
            cluster: null,
            system: null,
            secret: null,
            parent: PARENT,
            detachedSnapshotsParent: null,
            instanceId: null,
            exclusive: false,
          },
        ],
      }),
      [path],
      'owner-registered',
    ],
    'a volume older than the cluster': [
      shared({ cluster: aCluster({ createdAt: new Date('2026-09-01T00:00:00Z') }) }),
      [path],
      'younger-than-cluster',
    ],
  },
  silent: {
    'a share of a volume whose claim is Lost: a pod may still have it mounted': shared({
      persistentVolumeClaims: [aClaim({ phase: 'Lost' })],
    }),
    'an extent of a volume that a node has attached': block({
      volumeAttachments: [anAttachment()],
    }),
    'the share of a volume': shared({ persistentVolumes: [aPv()] }),
    'a share that a static volume mounts': shared({
      persistentVolumes: [byHand({ source: { kind: 'nfs', server: 'nas1', path: `${path}/sub` } })],
    }),
    'a share that a pod mounts by itself': shared({
      pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: 'nas1', path }] })],
    }),
    'an extent that a static volume mounts': block({
      persistentVolumes: [
        anIscsiPv({
          name: 'by-hand',
          source: { kind: 'iscsi', portal: 'nas1', iqn: `iqn.2005-10.org.x:CSI-${HANDLE}`, lun: 0 },
        }),
      ],
    }),
    'an SMB share that a static volume mounts': anInventory({
      datasets: [aDataset()],
      smbShares: [anSmbShare({ name: 'media' })],
      persistentVolumes: [
        byHand({
          source: {
            kind: 'csi',
            driver: 'smb.csi.k8s.io',
            handle: 'x',
            attributes: { source: '//nas1/media' },
          },
        }),
      ],
    }),
    'an extent that no target serves, which is another finding': block({ iscsiTargetExtents: [] }),
    'an office share with a dataset of its own': anInventory({
      datasets: [aDataset({ id: 'tank/office' })],
      nfsShares: [anNfsShare({ path: '/mnt/tank/office' })],
    }),
    'the share of a volume that was never finished': shared({
      datasets: [aDataset({ properties: finished(HANDLE, { provisionSuccess: false }) })],
    }),
    'the share of a volume that was just made': shared({
      datasets: [aDataset({ createdAt: JUST_NOW })],
    }),
    'a locked dataset': shared({ datasets: [aDataset({ locked: true })] }),
    'a pool that is degraded': shared({ pools: [aPool({ status: 'DEGRADED' })] }),
    'a volume in quarantine': shared({
      datasets: [
        aDataset({
          marks: { quarantined: `${PARENT}/${HANDLE};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
  },
});

test('goes with the dataset, and is not worth a finding of the same weight', () => {
  const [finding] = findingsOf(shareUnclaimed, shared());
  expect(finding?.severity).toBe('low');
  expect(finding?.remedy.steps).toEqual([
    `Follow dataset-unclaimed for ${PARENT}/${HANDLE}: this is disabled first and, when the time of waiting is over, deleted before it.`,
  ]);
  expect(finding?.reclaimable).toBe(0);
});

test('names the volume that uses its dataset', () => {
  const seen = (world: SmallWorld) =>
    checkOf(shareUnclaimed, shared(world), path, 'no-volume-refers');
  expect(seen({ persistentVolumes: [aPv()] })).toEqual([
    'failed',
    `its dataset is used by ${HANDLE}`,
  ]);
  expect(seen({})).toEqual([
    'passed',
    'no PersistentVolume in any registered cluster refers to its dataset',
  ]);
});

test('says nothing of deleting where its dataset is to be brought back, and what speaks against it first', () => {
  const stepsIn = (world: SmallWorld) => findingsOf(shareUnclaimed, shared(world))[0]?.remedy.steps;
  const rebuilt = stepsIn({ cluster: aCluster({ createdAt: JUST_NOW }) });
  expect(rebuilt).toEqual([
    `Follow dataset-unclaimed for ${PARENT}/${HANDLE}: it may have to be brought back, and this stays as it is until that is known.`,
  ]);
  const kept = stepsIn({
    datasets: [aDataset({ properties: finished(HANDLE, { keptOnPurpose: true }) })],
  });
  expect(kept?.[0]).toContain('so that it is kept on purpose');
  expect(kept?.[1]).toMatch(/^Only when that is settled: follow dataset-unclaimed for /);
});
