import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { NO_SETTINGS } from '../../../src/lib/core/model/settings.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';
import { checkOutcomes } from '../../../src/lib/core/report/check-outcomes.ts';
import { HEALTH_CHECKS } from '../../../src/lib/core/rules/lists/health.ts';
import { ACCESS_CHECKS } from '../../../src/lib/core/rules/lists/validation-access.ts';
import {
  aClaim,
  aCsiDriver,
  aDataset,
  anAttachment,
  anEvent,
  anInventory,
  aNode,
  anNfsShare,
  aPod,
  aPool,
  aPv,
  aZfsSnapshot,
  JUST_NOW,
  meta,
  NOW,
  PARENT,
  size,
} from '../../support/builders.ts';
import {
  aConnection,
  aContainer,
  aCsiNode,
  aLease,
  aMethod,
  anAccount,
  anApiGroup,
  aPermission,
  aService,
  tlsFacts,
} from '../../support/surrounding-builders.ts';

const DRIVER_PODS = [
  aPod({
    ...meta('nas-nfs-democratic-csi-controller-0', 'democratic-csi'),
    containers: [
      aContainer(),
      aContainer({ name: 'external-attacher', args: ['--leader-election'] }),
    ],
  }),
  aPod({
    ...meta('nas-nfs-democratic-csi-node-x', 'democratic-csi', {
      owners: [{ kind: 'DaemonSet', name: 'nas-nfs-democratic-csi-node' }],
    }),
    containers: [aContainer()],
  }),
  aPod({
    ...meta('snapshot-controller-0', 'kube-system'),
    containers: [aContainer({ name: 'snapshot-controller', args: ['--leader-election'] })],
  }),
];

/** A world in which everything is as it should be, with so many volumes. */
function soundWorld(volumes: number): Inventory {
  const names = Array.from({ length: volumes }, (_, at) => `pvc-${at}`);
  return anInventory({
    connections: {
      cluster: aConnection({ side: 'kubernetes', name: 'prod', tls: tlsFacts() }),
      system: aConnection({ tls: tlsFacts() }),
    },
    settings: {
      ...NO_SETTINGS,
      file: { path: 'truenas-monitor.yaml', mode: 0o644 },
      secretFiles: [{ path: '/etc/key', mode: 0o600 }],
      driverFiles: [{ path: 'nfs-values.yaml', faults: [] }],
    },
    permissions: [aPermission()],
    apiGroups: [anApiGroup()],
    account: [anAccount()],
    methods: [aMethod()],
    services: [aService(), aService({ name: 'cifs', running: false })],
    pools: [
      aPool({
        size: bytes(10 * 2 ** 40),
        allocated: bytes(2 ** 40),
        free: bytes(9 * 2 ** 40),
        fragmentation: 5,
        scrub: { kind: 'SCRUB', state: 'FINISHED', endedAt: JUST_NOW, errors: 0 },
      }),
    ],
    csiDrivers: [aCsiDriver()],
    csiNodes: [aCsiNode()],
    nodes: [aNode()],
    pods: DRIVER_PODS,
    leases: [aLease({ renewedAt: NOW })],
    persistentVolumes: names.map((name) => aPv({ name, uid: `uid-of-${name}` })),
    persistentVolumeClaims: [aClaim()],
    volumeAttachments: names.map((name) => anAttachment({ name: `csi-${name}`, volumeName: name })),
    datasets: names.map((name) =>
      aDataset({ id: `${PARENT}/${name}`, refquota: size(1 << 20), usedByDataset: size(1 << 10) }),
    ),
    nfsShares: names.map((name, at) =>
      anNfsShare({ id: 100 + at, path: `/mnt/${PARENT}/${name}` }),
    ),
    zfsSnapshots: names.map((name) =>
      aZfsSnapshot({ dataset: `${PARENT}/${name}`, details: null }),
    ),
  });
}

const CHECKS = [...ACCESS_CHECKS, ...HEALTH_CHECKS];
const outcomes = (inventory: Inventory) =>
  checkOutcomes(CHECKS, correlate(inventory, DEFAULT_POLICY), DEFAULT_POLICY).map(
    ({ outcome }) => outcome,
  );

test('every check passes in a sound world, and says so', () => {
  const found = outcomes(soundWorld(3));
  expect(found.filter(({ status }) => status !== 'PASS')).toEqual([]);
  expect(new Set(found.map(({ check }) => check))).toEqual(new Set(CHECKS.map(({ id }) => id)));
});

test('thousands of volumes make no more to read than a few', () => {
  expect(outcomes(soundWorld(5_000))).toHaveLength(outcomes(soundWorld(3)).length);
});

test('thousands of faults of one kind make no more to read than one', () => {
  const world = soundWorld(3_000);
  const faulty: Inventory = {
    ...world,
    clusters: world.clusters.map(({ lists, ...rest }) => ({
      ...rest,
      lists: {
        ...lists,
        events: {
          coverage: { state: 'complete' },
          items: (lists.persistentVolumes?.items ?? []).map(({ name, uid }) =>
            anEvent({ name: `${name}.1`, volumeName: name, volumeUid: uid }),
          ),
        },
        volumeAttachments: {
          coverage: { state: 'complete' },
          items: (lists.volumeAttachments?.items ?? []).map((each) => ({
            ...each,
            attached: false,
            attachError: { message: 'no path', since: JUST_NOW },
          })),
        },
      },
    })),
    systems: world.systems.map(({ lists, ...rest }) => ({
      ...rest,
      lists: {
        ...lists,
        datasets: {
          coverage: { state: 'complete' },
          items: (lists.datasets?.items ?? []).map((each) => ({
            ...each,
            usedByDataset: each.refquota,
          })),
        },
      },
    })),
  };
  const wrong = outcomes(faulty).filter(({ status }) => status !== 'PASS');
  expect(wrong.map(({ check, status }) => `${status} ${check}`)).toEqual([
    'FAIL volume-capacity',
    'FAIL attachment-stuck',
    'WARNING volume-delete-failed',
  ]);
  for (const { message } of wrong) expect(message.length).toBeLessThan(500);
});
