import { expect, test } from 'vitest';
import { confirm, planSecondRead } from '../../../../src/lib/core/confirm/confirm.ts';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { type ZfsSnapshot } from '../../../../src/lib/core/model/truenas.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import { evaluate, isSettled } from '../../../../src/lib/core/rules/evaluate.ts';
import { tempSnapshotLeftover } from '../../../../src/lib/core/rules/orphans/temp-snapshot-leftover.ts';
import {
  aDataset,
  aDriver,
  aFolder,
  anExtent,
  anInventory,
  anNfsShare,
  aPool,
  aPv,
  aReplicationTask,
  aRunningJob,
  aZfsSnapshot,
  details,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
  SNAPSHOT_UID,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const source = `${PARENT}/${HANDLE}`;
const CLONE = 'pvc-0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901';
const NAME = `volume-source-for-volume-${CLONE}`;
const leftover = `${source}@${NAME}`;

/** A snapshot shows every property of its dataset, and none that would say what it is. */
function temporary(
  name = NAME,
  over: Partial<ZfsSnapshot> = {},
  inside: Parameters<typeof details>[0] = {},
): ZfsSnapshot {
  return aZfsSnapshot({
    name,
    details: details({ properties: finished(HANDLE), ...inside }),
    ...over,
  });
}

const volume = { datasets: [aDataset()], persistentVolumes: [aPv()], nfsShares: [anNfsShare()] };
const world = (snapshot: ZfsSnapshot, over: Parameters<typeof anInventory>[0] = {}) =>
  anInventory({ ...volume, zfsSnapshots: [snapshot], ...over });

const COPY = `tank/detached/${HANDLE}/snapshot-${SNAPSHOT_UID}`;
const copy = aDataset({
  id: COPY,
  properties: properties({
    owner: 'democratic-csi',
    managed: true,
    csiSnapshotName: `snapshot-${SNAPSHOT_UID}`,
  }),
});
const detached = [aFolder('tank/detached'), aFolder(`tank/detached/${HANDLE}`), copy];

const official = [aDriver(), aDriver({ driver: 'csi.truenas.io' })];
const tns = [aDriver(), aDriver({ driver: 'tns.csi.io' })];

testRule(tempSnapshotLeftover, {
  safe: 'every',
  certain: {
    'the source of a clone that is gone': [world(temporary()), [leftover]],
    'the source of a detached snapshot': [
      world(temporary(`volume-source-for-snapshot-snapshot-${SNAPSHOT_UID}`)),
      [`${source}@volume-source-for-snapshot-snapshot-${SNAPSHOT_UID}`],
    ],
    'what csi.truenas.io left': [
      world(temporary('csi-clone-tank-k8s-pvc-1-1760000000'), { drivers: official }),
      [`${source}@csi-clone-tank-k8s-pvc-1-1760000000`],
    ],
    'what tns-csi left': [
      world(temporary('csi-detached-temp-1760000000000000000'), { drivers: tns }),
      [`${source}@csi-detached-temp-1760000000000000000`],
    ],
    'the source of a volume whose name is hashed': [
      world(temporary('volume-source-for-volume-d41d8cd98f00b204e9800998ecf8427e')),
      [`${source}@volume-source-for-volume-d41d8cd98f00b204e9800998ecf8427e`],
    ],
    'the source of a volume that is there, copied and no clone': [
      world(temporary('volume-source-for-volume-42'), {
        datasets: [aDataset(), aDataset({ id: `${PARENT}/42` })],
        persistentVolumes: [aPv(), aPv({ name: '42' })],
      }),
      [`${source}@volume-source-for-volume-42`],
    ],
    'one on a detached copy': [
      anInventory({
        datasets: detached,
        zfsSnapshots: [temporary(NAME, { dataset: COPY, id: `${COPY}@${NAME}` })],
      }),
      [`${COPY}@${NAME}`],
    ],
    'one below a recursive snapshot task, which never takes one of this name': [
      world(temporary(), {
        snapshotTasks: [
          {
            system: 'nas1',
            id: 1,
            dataset: PARENT,
            recursive: true,
            enabled: true,
            keepsFor: null,
            naming: null,
          },
        ],
      }),
      [leftover],
    ],
  },
  likely: {
    'a name that ends in what people choose as well': [
      world(temporary('volume-source-for-volume-migration-to-ssd')),
      [`${source}@volume-source-for-volume-migration-to-ssd`],
      'named-by-driver',
    ],
    'one that somebody mounts': [
      world(temporary(), {
        persistentVolumes: [
          aPv(),
          aPv({
            name: 'restore',
            source: {
              kind: 'nfs',
              server: 'nas',
              path: `/mnt/${source}/.zfs/snapshot/${NAME}`,
            },
          }),
        ],
      }),
      [leftover],
      'snapshot-not-used',
    ],
    'one that an extent shows': [
      world(temporary(), { iscsiExtents: [anExtent({ path: `zvol/${leftover}` })] }),
      [leftover],
      'snapshot-not-used',
    ],
    'a hold': [world(temporary(NAME, {}, { holds: ['keep'] })), [leftover], 'no-hold'],
    'holds this version does not tell': [
      world(temporary(NAME, {}, { holds: null })),
      [leftover],
      'no-hold',
    ],
    'a replication that sends its dataset': [
      world(temporary(), { replicationTasks: [aReplicationTask()] }),
      [leftover],
      'no-replication',
    ],
    'replications that may not be listed': [
      withoutList(world(temporary()), 'replicationTasks'),
      [leftover],
      'no-replication',
    ],
    'jobs that may not be listed': [
      withoutList(world(temporary()), 'runningJobs'),
      [leftover],
      'no-running-job',
    ],
    'shares that may not be listed': [
      withoutList(world(temporary()), 'nfsShares'),
      [leftover],
      'no-foreign-owner',
    ],
    'a mark of a driver nobody registered': [
      world(temporary(NAME, {}, { properties: finished(HANDLE, { instanceId: 'b' }) }), {
        drivers: [aDriver({ instanceId: 'a' })],
      }),
      [leftover],
      'no-foreign-owner',
    ],
    'a parent other clusters may use': [
      world(temporary(), { drivers: [aDriver({ exclusive: false })] }),
      [leftover],
      'owner-registered',
    ],
    'a volume of a driver nobody registered': [
      world(temporary(), {
        nfsShares: [anNfsShare({ comment: `democratic-csi (org.other.nfs): ${source}` })],
      }),
      [leftover],
      'no-foreign-owner',
    ],
  },
  silent: {
    'the origin of a living clone': world(temporary(), {
      datasets: [aDataset(), aDataset({ id: `${PARENT}/pvc-clone`, origin: leftover })],
    }),
    'the origin of a living clone, marked to go with it': world(
      temporary(NAME, {}, { deferDestroy: true }),
      { datasets: [aDataset(), aDataset({ id: `${PARENT}/pvc-clone`, origin: leftover })] },
    ),
    'one that waits for a clone nobody can see': world(temporary(NAME, {}, { deferDestroy: true })),
    'one taken an hour ago': world(temporary(NAME, {}, { createdAt: JUST_NOW })),
    'one of unknown age': world(temporary(NAME, {}, { createdAt: null })),
    'one that was not looked at': world(temporary(NAME, { details: null })),
    'one a job copies from': world(temporary(), {
      runningJobs: [aRunningJob({ datasets: [source, 'tank/detached/x'] })],
    }),
    'a periodic snapshot': world(temporary('auto-2026-10-01_00-00')),
    'a snapshot of a driver': world(temporary(`snapshot-${SNAPSHOT_UID}`)),
    'a name that only begins alike': world(temporary('volume-source-for-my-script')),
    'a name without what it is made for': world(temporary('volume-source-for-volume-')),
    'what a person numbered': world(temporary('csi-clone-before-upgrade-2'), { drivers: official }),
    'what a person dated': world(temporary('csi-clone-tank-k8-pvc-1760000000'), {
      drivers: official,
    }),
    'a clone of csi.truenas.io where it does not work': world(
      temporary('csi-clone-tank-k8s-pvc-1-1760000000'),
    ),
    'a clone of csi.truenas.io that works elsewhere alone': world(
      temporary('csi-clone-tank-official-pvc-1-1760000000'),
      {
        drivers: [aDriver(), aDriver({ driver: 'csi.truenas.io', parent: 'tank/official' })],
      },
    ),
    'a copy of tns-csi where it does not work': world(
      temporary('csi-detached-temp-1760000000000000000'),
    ),
    'the source of a volume where no driver names it so': world(temporary(), {
      drivers: [aDriver({ driver: 'csi.truenas.io' })],
    }),
    'what a person called a clone': world(temporary('csi-clone-before-upgrade')),
    'a volume outside every parent': anInventory({
      datasets: [aDataset({ id: 'tank/media/films' })],
      zfsSnapshots: [
        temporary(NAME, { dataset: 'tank/media/films', id: `tank/media/films@${NAME}` }),
      ],
    }),
    'a snapshot of the parent itself': anInventory({
      zfsSnapshots: [temporary(NAME, { dataset: PARENT, id: `${PARENT}@${NAME}` })],
    }),
    'a snapshot whose dataset went in between': anInventory({ zfsSnapshots: [temporary()] }),
    'a pool that is not online': world(temporary(), { pools: [aPool({ status: 'DEGRADED' })] }),
    'a volume in quarantine': world(temporary(), {
      datasets: [
        aDataset({ marks: { quarantined: `${source};2026-10-01T00:00:00Z;p1`, ignore: null } }),
      ],
    }),
  },
});

const onlyOne = (inventory: Parameters<typeof findingsOf>[1]) => {
  const [finding] = findingsOf(tempSnapshotLeftover, inventory);
  if (finding === undefined) throw new Error('nothing was reported');
  return finding;
};

test('a version that does not tell of deferred destruction leaves a finding certain', () => {
  const finding = onlyOne(world(temporary(NAME, {}, { deferDestroy: null })));
  expect(finding.confidence).toBe('certain');
  expect(finding.evidence).toContainEqual({
    check: 'not-waiting-for-clone',
    result: 'unknown',
    detail: 'this version of TrueNAS does not tell',
  });
});

test('what it holds is counted here only while its volume is in use', () => {
  expect(onlyOne(world(temporary())).reclaimable).toBe(1024);
  expect(
    onlyOne(anInventory({ datasets: [aDataset()], zfsSnapshots: [temporary()] })).reclaimable,
  ).toBe(0);
});

test('a threshold shorter than a day does not shorten the day a copy may take', () => {
  const young = new Date('2026-10-31T02:00:00Z');
  const policy = { ...DEFAULT_POLICY, orphanThreshold: millis(3_600_000) };
  const evidence = correlate(world(temporary(NAME, {}, { createdAt: young })), policy);
  const found = evaluate([tempSnapshotLeftover], evidence, policy).flatMap((outcome) =>
    outcome.state === 'ran' ? outcome.candidates.filter(isSettled) : [],
  );
  expect(found).toEqual([]);
});

test('one that was not looked at stays a candidate for the second look', () => {
  const evidence = correlate(world(temporary(NAME, { details: null })), DEFAULT_POLICY);
  const [outcome] = evaluate([tempSnapshotLeftover], evidence, DEFAULT_POLICY);
  expect(outcome?.state === 'ran' && outcome.candidates).toHaveLength(1);
});

test('a clone that was made between the two reads clears it', () => {
  const inventory = world(temporary());
  const outcomes = evaluate(
    [tempSnapshotLeftover],
    correlate(inventory, DEFAULT_POLICY),
    DEFAULT_POLICY,
  );
  const candidates = outcomes.flatMap((each) => (each.state === 'ran' ? each.candidates : []));
  expect(planSecondRead(candidates).systemLists.get('nas1')).toContain('datasets');
  const again = world(temporary(), {
    datasets: [aDataset(), aDataset({ id: `${PARENT}/pvc-clone`, origin: leftover })],
  });
  expect(confirm(candidates, again, DEFAULT_POLICY).confirmed).toEqual([]);
  expect(confirm(candidates, inventory, DEFAULT_POLICY).confirmed).toHaveLength(1);
});

test('is as large as what it refers to, where TrueNAS tells', () => {
  const sizesOf = (over: Parameters<typeof details>[0]) => {
    const finding = onlyOne(world(temporary(NAME, {}, over)));
    return [finding.size, finding.reclaimable];
  };
  expect(sizesOf({})).toEqual([2048, 1024]);
  expect(sizesOf({ referenced: null, used: null })).toEqual([null, 0]);
});

test('names the clones that hang on it, and why no owner was ruled out', () => {
  const clones = ['a', 'b'].map((name) => aDataset({ id: `${PARENT}/${name}`, origin: leftover }));
  expect(
    checkOf(
      tempSnapshotLeftover,
      world(temporary(), { datasets: [aDataset(), ...clones] }),
      leftover,
      'no-clone',
    ),
  ).toEqual(['failed', `cloned into ${PARENT}/a, ${PARENT}/b`]);
  expect(checkOf(tempSnapshotLeftover, world(temporary()), leftover, 'no-clone')?.[1]).toBe('none');
  expect(
    checkOf(
      tempSnapshotLeftover,
      withoutList(world(temporary()), 'nfsShares'),
      leftover,
      'no-foreign-owner',
    ),
  ).toEqual(['unknown', 'could not be read: the server said no']);
});
