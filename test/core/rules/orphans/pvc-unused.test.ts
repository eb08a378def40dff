import { describe, expect, test } from 'vitest';
import { pvcUnused } from '../../../../src/lib/core/rules/orphans/pvc-unused.ts';
import { type Workload } from '../../../../src/lib/core/model/kubernetes.ts';
import {
  aClaim,
  aDataset,
  anInventory,
  aPod,
  aPv,
  aVolumeSnapshot,
  aWorkload,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
  size,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const NAME = 'media/library';
const firstSeen = new Map([
  ['cluster-uid pvc-unused PersistentVolumeClaim/media/library', LONG_AGO],
]);
const world = {
  datasets: [aDataset()],
  persistentVolumes: [aPv()],
  persistentVolumeClaims: [aClaim()],
  firstSeen,
};
const naming = (over: Partial<Workload>) => aWorkload({ claims: ['library'], ...over });
const ownedBy = (kind: string) =>
  anInventory({
    ...world,
    persistentVolumeClaims: [aClaim({ owners: [{ kind, name: 'player' }] })],
  });

testRule(pvcUnused, {
  certain: {
    'a claim nothing has used for as long as it was looked at': [anInventory(world), [NAME]],
    'a claim the cluster itself calls unused': [
      anInventory({
        ...world,
        persistentVolumeClaims: [aClaim({ unused: true, unusedSince: LONG_AGO })],
        firstSeen: new Map(),
      }),
      [NAME],
    ],
    'a claim beside others that are used': [
      anInventory({
        ...world,
        pods: [aPod({ claims: ['other'] }), aPod({ namespace: 'elsewhere', claims: ['library'] })],
        deployments: [aWorkload({ claims: ['other'] })],
        statefulSets: [aWorkload({ kind: 'StatefulSet', claimPrefixes: ['libra-'] })],
      }),
      [NAME],
    ],
    'a claim whose pods and Jobs are over': [
      anInventory({
        ...world,
        pods: [
          aPod({ claims: ['library'], phase: 'Succeeded' }),
          aPod({ name: 'failed', claims: ['library'], phase: 'Failed' }),
        ],
        jobs: [naming({ kind: 'Job', finished: true })],
      }),
      [NAME],
    ],
    'a claim that only a backup mounts': [
      anInventory({
        ...world,
        pods: [aPod({ claims: ['library'], labels: { 'velero.io/data-upload': 'nightly-x' } })],
        jobs: [naming({ kind: 'Job', labels: { 'app.kubernetes.io/created-by': 'volsync' } })],
      }),
      [NAME],
    ],
  },
  likely: {
    'a claim that is seen so for the first time': [
      anInventory({ ...world, firstSeen: new Map() }),
      [NAME],
      'unused-for-threshold',
    ],
    'a claim that was first seen so just now': [
      anInventory({
        ...world,
        firstSeen: new Map([...firstSeen.keys()].map((key) => [key, JUST_NOW])),
      }),
      [NAME],
      'unused-for-threshold',
    ],
    'a claim the cluster calls unused without saying since when': [
      anInventory({
        ...world,
        persistentVolumeClaims: [aClaim({ unused: true })],
        firstSeen: new Map(),
      }),
      [NAME],
      'unused-for-threshold',
    ],
    'a claim that some operator owns': [ownedBy('Cluster'), [NAME], 'no-owner'],
    'a claim that Helm is told to keep': [
      anInventory({
        ...world,
        persistentVolumeClaims: [aClaim({ annotations: { 'helm.sh/resource-policy': 'keep' } })],
      }),
      [NAME],
      'not-kept-on-purpose',
    ],
  },
  silent: {
    'a claim a pod uses': anInventory({ ...world, pods: [aPod({ claims: ['library'] })] }),
    'a claim a pod waits for': anInventory({
      ...world,
      pods: [aPod({ claims: ['library'], phase: 'Pending', node: null })],
    }),
    'a claim of a pod that Velero restored': anInventory({
      ...world,
      pods: [aPod({ claims: ['library'], labels: { 'velero.io/restore-name': 'after-fire' } })],
    }),
    'a claim the cluster says is used': anInventory({
      ...world,
      persistentVolumeClaims: [aClaim({ unused: false })],
    }),
    'a claim the cluster calls unused since just now': anInventory({
      ...world,
      persistentVolumeClaims: [aClaim({ unused: true, unusedSince: JUST_NOW })],
    }),
    'a Deployment at zero': anInventory({ ...world, deployments: [naming({ replicas: 0 })] }),
    'a StatefulSet at zero that names it': anInventory({
      ...world,
      statefulSets: [naming({ kind: 'StatefulSet', replicas: 0 })],
    }),
    'a StatefulSet at zero that made it': anInventory({
      ...world,
      persistentVolumeClaims: [aClaim({ name: 'data-pg-0' })],
      firstSeen: new Map(),
      statefulSets: [
        aWorkload({ name: 'pg', kind: 'StatefulSet', replicas: 0, claimPrefixes: ['data-pg-'] }),
      ],
    }),
    'a DaemonSet that finds no node': anInventory({
      ...world,
      daemonSets: [naming({ kind: 'DaemonSet', replicas: 0 })],
    }),
    'a ReplicaSet of its own': anInventory({
      ...world,
      replicaSets: [naming({ kind: 'ReplicaSet', replicas: 0 })],
    }),
    'a ReplicationController at zero': anInventory({
      ...world,
      replicationControllers: [naming({ kind: 'ReplicationController', replicas: 0 })],
    }),
    'a CronJob between two runs': anInventory({
      ...world,
      cronJobs: [naming({ kind: 'CronJob', suspended: true })],
    }),
    'a suspended Job': anInventory({
      ...world,
      jobs: [naming({ kind: 'Job', suspended: true })],
    }),
    'a virtual machine that is off': anInventory({
      ...world,
      virtualMachines: [naming({ kind: 'VirtualMachine', suspended: true })],
    }),
    'the claim of a DataVolume': anInventory({
      ...world,
      dataVolumes: [naming({ kind: 'DataVolume' })],
    }),
    'an ephemeral volume': ownedBy('Pod'),
    'a disk of a virtual machine': ownedBy('VirtualMachine'),
    'a claim a StatefulSet deletes with itself': ownedBy('StatefulSet'),
    'a cache of VolSync': ownedBy('ReplicationSource'),
    'a golden image that was snapshotted': anInventory({
      ...world,
      volumeSnapshots: [aVolumeSnapshot(), aVolumeSnapshot({ name: 'daily' })],
    }),
    'a claim others were cloned from': anInventory({
      ...world,
      datasets: [
        aDataset(),
        aDataset({ id: `${PARENT}/pvc-clone`, origin: `${PARENT}/${HANDLE}@x` }),
      ],
    }),
    'a claim that was made just now': anInventory({
      ...world,
      persistentVolumeClaims: [aClaim({ createdAt: JUST_NOW })],
    }),
    'a claim that is being deleted': anInventory({
      ...world,
      persistentVolumeClaims: [aClaim({ deletedAt: LONG_AGO })],
    }),
    'a claim that lost its volume': anInventory({
      ...world,
      persistentVolumeClaims: [aClaim({ phase: 'Lost' })],
    }),
    'a claim without a volume': anInventory({
      ...world,
      persistentVolumeClaims: [aClaim({ volumeName: null }), aClaim({ volumeName: 'gone' })],
    }),
    'a claim of some other storage': anInventory({
      ...world,
      persistentVolumes: [
        aPv({
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
        }),
      ],
      datasets: [],
    }),
    'a claim while Deployments cannot be read': withoutList(anInventory(world), 'deployments'),
    'a claim while VolumeSnapshots cannot be read': withoutList(
      anInventory(world),
      'volumeSnapshots',
    ),
  },
});

describe('what it says', () => {
  const holding = { ...world, datasets: [aDataset({ used: size(3 * 2 ** 30) })] };
  const only = (over: Parameters<typeof anInventory>[0]) =>
    findingsOf(pvcUnused, anInventory({ ...holding, ...over })).map(
      ({ reason, reclaimable, truenasReference, remedy }) => ({
        reason,
        reclaimable,
        truenasReference,
        safe: remedy.safe,
      }),
    );
  const rest = { reclaimable: 0, truenasReference: `${PARENT}/${HANDLE}`, safe: false };

  test('since when it was seen so, and what it holds; nothing of it may be reclaimed unasked', () => {
    expect(only({})).toEqual([
      {
        reason:
          'no pod or workload uses it (first noticed on 2026-06-01), and its dataset holds 3 GiB',
        ...rest,
      },
    ]);
  });

  test('since when the cluster calls it so', () => {
    const unusedSince = new Date('2026-07-02T03:04:05Z');
    const [finding] = only({
      persistentVolumeClaims: [aClaim({ unused: true, unusedSince })],
    });
    expect(finding?.reason).toContain('has used it since 2026-07-02,');
  });

  test('that it was never seen so before, and nothing of a dataset that tells no size', () => {
    expect(only({ firstSeen: new Map(), datasets: [aDataset({ used: null })] })).toEqual([
      { reason: 'no pod or workload uses it (noticed by this scan first)', ...rest },
    ]);
  });

  test('which backup reads it', () => {
    const labels = { 'app.kubernetes.io/created-by': 'volsync' };
    const [finding] = findingsOf(
      pvcUnused,
      anInventory({
        ...world,
        pods: [aPod({ name: 'volsync-src-library', claims: ['library'], labels })],
      }),
    );
    expect(finding?.evidence).toContainEqual({
      check: 'read-by-backup',
      result: 'passed',
      detail: 'pod volsync-src-library',
    });
  });
});

test('is not skipped where there is no KubeVirt', () => {
  const inventory = anInventory(world);
  const without = {
    ...inventory,
    clusters: inventory.clusters.map((cluster) => ({
      ...cluster,
      lists: {
        ...cluster.lists,
        virtualMachines: {
          coverage: { state: 'not_applicable', reason: 'not installed' },
          items: [],
        } as const,
      },
    })),
  };
  expect(findingsOf(pvcUnused, without).map(({ confidence }) => confidence)).toEqual(['certain']);
});

describe('what it saw', () => {
  const seen = (check: string, over: Parameters<typeof anInventory>[0] = {}) =>
    checkOf(pvcUnused, anInventory({ ...world, ...over }), 'library', check);

  test('the first three of the pods, the snapshots and the clones that need it', () => {
    const numbers = [1, 2, 3, 4];
    const pods = numbers.map((n) => aPod({ name: `player-${n}`, claims: ['library'] }));
    expect(seen('no-pod-uses-it', { pods })).toEqual([
      'failed',
      'pod player-1, pod player-2, pod player-3',
    ]);
    expect(seen('no-pod-uses-it')).toEqual(['passed', 'no pod mounts it']);
    const volumeSnapshots = [
      aVolumeSnapshot({ name: 'of-another', sourceClaim: 'other' }),
      aVolumeSnapshot({ name: 'by-hand', sourceClaim: null }),
      ...numbers.map((n) => aVolumeSnapshot({ name: `daily-${n}` })),
    ];
    expect(seen('not-a-source', { volumeSnapshots })).toEqual([
      'failed',
      'source of VolumeSnapshot daily-1, VolumeSnapshot daily-2, VolumeSnapshot daily-3',
    ]);
    expect(seen('not-a-source', { volumeSnapshots: volumeSnapshots.slice(0, 3) })?.[1]).toBe(
      'source of VolumeSnapshot daily-1',
    );
    const clone = aDataset({ id: `${PARENT}/pvc-clone`, origin: `${PARENT}/${HANDLE}@x` });
    expect(seen('not-a-source', { datasets: [aDataset(), clone] })?.[1]).toBe(
      `source of clone ${PARENT}/pvc-clone`,
    );
  });

  test('what the cluster says of its use, and whether it is being deleted', () => {
    const claim = (over: Parameters<typeof aClaim>[0]) => ({
      persistentVolumeClaims: [aClaim(over)],
    });
    // What is not said speaks neither for nor against.
    expect(seen('not-in-use-by-cluster')).toBeUndefined();
    expect(seen('not-in-use-by-cluster', claim({ unused: false }))).toEqual([
      'failed',
      'its condition Unused is false',
    ]);
    expect(seen('bound')).toEqual(['passed', 'phase is Bound']);
    expect(seen('bound', claim({ phase: 'Lost' }))).toEqual(['failed', 'phase is Lost']);
    expect(seen('bound', claim({ deletedAt: LONG_AGO }))).toEqual([
      'failed',
      'it is being deleted',
    ]);
  });

  test('the backup that reads it, beside no pod that does not', () => {
    const labels = { 'app.kubernetes.io/created-by': 'volsync' };
    const pods = [
      aPod({ name: 'volsync-src', claims: ['library'], labels }),
      aPod({ claims: ['library'] }),
    ];
    expect(seen('read-by-backup', { pods })).toBeUndefined();
    expect(seen('read-by-backup', { pods: pods.slice(0, 1) })?.[1]).toBe('pod volsync-src');
  });
});

test('a claim of the driver whose dataset nobody finds holds nothing, and points nowhere', () => {
  const [finding] = findingsOf(pvcUnused, anInventory({ ...world, datasets: [] }));
  expect(finding?.truenasReference).toBeNull();
  expect(finding?.reason).toBe('no pod or workload uses it (first noticed on 2026-06-01)');
});

test('what the cluster says of a time when it was unused counts only while it is', () => {
  const over = { unused: null, unusedSince: new Date('2026-07-02T00:00:00Z') };
  const inventory = anInventory({ ...world, persistentVolumeClaims: [aClaim(over)] });
  expect(findingsOf(pvcUnused, inventory)[0]?.reason).toContain('(first noticed on 2026-06-01)');
  expect(checkOf(pvcUnused, inventory, 'library', 'unused-for-threshold')?.[1]).not.toContain(
    'the cluster says',
  );
});
