import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { failed, listed, type Listing, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { isClusterSource, type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { NO_SETTINGS } from '../../../src/lib/core/model/settings.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import { checkOutcomes } from '../../../src/lib/core/report/check-outcomes.ts';
import { CHECKS } from '../../../src/lib/core/rules/check-registry.ts';
import { listsFor } from '../../../src/lib/core/correlate/sources.ts';
import {
  aCsiDriver,
  aDataset,
  aDriverSecret,
  aFolder,
  anAttachment,
  anExtent,
  anInventory,
  aNode,
  anSmbShare,
  aPool,
  aPv,
  aReplicationTask,
  aSnapshotClass,
  aSnapshotTask,
  aStorageClass,
  JUST_NOW,
  NOW,
  PARENT,
  size,
} from '../../support/builders.ts';
import {
  aConnection,
  aControllerPod,
  aCsiNode,
  aLease,
  aMethod,
  anAccount,
  anAddress,
  anApiGroup,
  aNodePod,
  aPermission,
  aPortal,
  aService,
  aSnapshotControllerPod,
} from '../../support/surrounding-builders.ts';

/** A little of everything, and nobody who says where the drivers make volumes. */
const world = anInventory({
  drivers: [],
  connections: {
    cluster: aConnection({ side: 'kubernetes', name: 'prod' }),
    system: aConnection(),
  },
  settings: { ...NO_SETTINGS, file: { path: 'truenas-monitor.yaml', mode: 0o644 } },
  permissions: [aPermission()],
  apiGroups: [anApiGroup()],
  csiDrivers: [aCsiDriver()],
  csiNodes: [aCsiNode()],
  nodes: [aNode()],
  pods: [aControllerPod(), aNodePod(), aSnapshotControllerPod()],
  leases: [aLease({ renewedAt: NOW })],
  driverSecrets: [aDriverSecret()],
  persistentVolumes: [aPv()],
  storageClasses: [aStorageClass()],
  volumeSnapshotClasses: [aSnapshotClass()],
  volumeAttachments: [anAttachment()],
  account: [anAccount()],
  methods: [aMethod()],
  addresses: [anAddress()],
  iscsiPortals: [aPortal()],
  services: ['nfs', 'cifs', 'iscsitarget', 'nvmet', 'ssh'].map((name) =>
    aService({ name, running: false }),
  ),
  pools: [
    aPool({
      size: bytes(2 ** 43),
      allocated: bytes(2 ** 40),
      free: bytes(2 ** 43 - 2 ** 40),
      fragmentation: 5,
      scrub: { kind: 'SCRUB', state: 'FINISHED', endedAt: JUST_NOW, errors: 0 },
    }),
  ],
  datasets: [aFolder(PARENT), aDataset({ refquota: size(2 ** 42), usedByDataset: size(2 ** 42) })],
  smbShares: [anSmbShare()],
  iscsiExtents: [anExtent()],
  snapshotTasks: [aSnapshotTask()],
  replicationTasks: [aReplicationTask()],
});

/** The same, where no list of one side could be read. */
function without(side: 'clusters' | 'systems'): Inventory {
  const unread = <M extends { readonly lists: object }>({ lists, ...member }: M) => ({
    ...member,
    lists: Object.fromEntries(
      Object.keys(lists).map((source): [string, Listing<never>] => [
        source,
        unlisted(failed('it does not answer')),
      ]),
    ),
  });
  return { ...world, [side]: world[side].map(unread) };
}

const POLICY = {
  ...DEFAULT_POLICY,
  thresholds: { ...DEFAULT_POLICY.thresholds, snapshotRetention: millis(30 * 86_400_000) },
};

/** Checks that pass though they ask, directly or by way of what is derived, for lists of this side. */
function passing(inventory: Inventory, side: 'clusters' | 'systems'): readonly string[] {
  const checks = CHECKS.filter(({ requires, consults }) =>
    [...listsFor([...requires, ...consults])].some(
      (each) => isClusterSource(each) === (side === 'clusters'),
    ),
  );
  const passes = checkOutcomes(checks, correlate(inventory, POLICY), POLICY).filter(
    ({ outcome }) => outcome.status === 'PASS',
  );
  return [...new Set(passes.map(({ outcome }) => outcome.check))].sort();
}

describe('where nothing of one side was read, a check passes by what it sees of the other alone', () => {
  test('without the clusters', () => {
    // They judge pools; how much that matters is all that drivers decide.
    expect(passing(without('clusters'), 'clusters')).toEqual(['pool-capacity', 'pool-status']);
  });

  test('without the systems', () => {
    // What a driver is called says that it is one of TrueNAS, and the system itself which version it has.
    expect(passing(without('systems'), 'systems')).toEqual([
      'attachment-stuck',
      'csi-driver-registered',
      'driver-supports-truenas',
      'snapshot-class-driver',
      'snapshot-class-retention',
      'storage-class-expansion',
      'storage-class-parameters',
      'volume-delete-failed',
    ]);
  });

  test('and with both, most of them do', () => {
    expect(passing(world, 'clusters').length).toBeGreaterThan(20);
    expect(passing(world, 'systems').length).toBeGreaterThan(15);
  });

  test('a driver with a name of its own is not taken for none where nothing tells of it', () => {
    const renamed = 'storage.example';
    const named = ({ lists, ...member }: Inventory['clusters'][number]) => ({
      ...member,
      lists: {
        ...lists,
        persistentVolumes: unlisted<never>(failed('it does not answer')),
        driverSecrets: unlisted<never>(failed('it does not answer')),
        csiDrivers: listed([aCsiDriver({ name: renamed })]),
        apiGroups: listed([]),
        pods: listed([]),
        volumeAttachments: listed([anAttachment({ attacher: renamed })]),
      },
    });
    const checks = CHECKS.filter(({ id }) =>
      ['attachment-stuck', 'snapshot-crds-installed', 'snapshot-controller-running'].includes(id),
    );
    const inventory = { ...world, clusters: world.clusters.map(named) };
    expect(
      checkOutcomes(checks, correlate(inventory, POLICY), POLICY).map(
        ({ outcome }) => outcome.status,
      ),
    ).toEqual(['SKIPPED', 'SKIPPED', 'SKIPPED']);
  });
});
