import { expect, test } from 'vitest';
import { confirm, planSecondRead } from '../../../../src/lib/core/confirm/confirm.ts';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { evaluate } from '../../../../src/lib/core/rules/evaluate.ts';
import { detachedContainerEmpty } from '../../../../src/lib/core/rules/orphans/detached-container-empty.ts';
import {
  aDataset,
  aDriver,
  aFolder,
  anInventory,
  anNfsShare,
  aPod,
  aPool,
  aPv,
  aRunningJob,
  aSnapshotTask,
  aZfsSnapshot,
  finished,
  HANDLE,
  JUST_NOW,
  properties,
  size,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const place = aFolder('tank/detached');
const id = `tank/detached/${HANDLE}`;
const container = aFolder(id);

testRule(detachedContainerEmpty, {
  safe: 'every',
  certain: {
    'a container whose copies are all gone': [anInventory({ datasets: [place, container] }), [id]],
    'one named after a volume by its hashed handle': [
      anInventory({
        datasets: [
          place,
          aFolder('tank/detached/20803'),
          aDataset({ id: 'tank/k8s/20803', properties: finished(HANDLE) }),
        ],
        persistentVolumes: [aPv()],
      }),
      ['tank/detached/20803'],
    ],
    'one beside a container that holds a copy': [
      anInventory({
        datasets: [
          place,
          container,
          aFolder('tank/detached/other'),
          aFolder('tank/detached/other/snapshot-1'),
        ],
      }),
      [id],
    ],
  },
  likely: {
    'a parent other clusters may use': [
      anInventory({
        datasets: [place, container],
        drivers: [aDriver({ exclusive: false })],
      }),
      [id],
      'owner-registered',
    ],
    'files somebody put into it': [
      anInventory({ datasets: [place, aFolder(id, { usedByDataset: size(1 << 30) })] }),
      [id],
      'holds-no-file',
    ],
    'a size that is not known': [
      anInventory({ datasets: [place, aFolder(id, { usedByDataset: null })] }),
      [id],
      'holds-no-file',
    ],
    'a share of it': [
      anInventory({
        datasets: [place, container],
        nfsShares: [anNfsShare({ path: `/mnt/${id}`, comment: 'mine' })],
      }),
      [id],
      'no-foreign-export',
    ],
    'a share of it whose comment is that of a driver': [
      anInventory({
        datasets: [place, container],
        nfsShares: [
          anNfsShare({
            path: `/mnt/${id}`,
            comment: `democratic-csi (org.democratic-csi.nfs): ${id}`,
          }),
        ],
      }),
      [id],
      'not-exported',
    ],
    'shares that may not be listed': [
      withoutList(anInventory({ datasets: [place, container] }), 'nfsShares'),
      [id],
      'not-exported',
    ],
    'what people keep beside containers': [
      anInventory({ datasets: [place, aFolder('tank/detached/archive')] }),
      ['tank/detached/archive'],
      'named-after-volume',
    ],
    'what people keep beside containers under a name they use among the volumes as well': [
      anInventory({
        datasets: [place, aFolder('tank/detached/notes'), aFolder('tank/k8s/notes')],
      }),
      ['tank/detached/notes'],
      'named-after-volume',
    ],
    'a task that names it': [
      anInventory({
        datasets: [place, container],
        snapshotTasks: [aSnapshotTask({ dataset: id })],
      }),
      [id],
      'no-task',
    ],
    'jobs that may not be listed': [
      withoutList(anInventory({ datasets: [place, container] }), 'runningJobs'),
      [id],
      'no-running-job',
    ],
    'pods that may not be listed': [
      withoutList(anInventory({ datasets: [place, container] }), 'pods'),
      [id],
      'no-inline-volume',
    ],
  },
  silent: {
    'a container with a copy': anInventory({
      datasets: [place, container, aFolder(`${id}/snapshot-1`)],
    }),
    'a container that was just made': anInventory({
      datasets: [place, aFolder(id, { createdAt: JUST_NOW })],
    }),
    'a container a replication is about to fill': anInventory({
      datasets: [place, container],
      runningJobs: [aRunningJob({ datasets: [`${id}/snapshot-1`] })],
    }),
    'a dataset with properties of a driver': anInventory({
      datasets: [place, aDataset({ id, properties: properties({ owner: 'tns-csi' }) })],
    }),
    'a dataset with snapshots': anInventory({
      datasets: [place, container],
      zfsSnapshots: [aZfsSnapshot({ dataset: id, name: 'keep' })],
    }),
    'a dataset a PersistentVolume names': anInventory({
      datasets: [place, container],
      persistentVolumes: [
        aPv({ source: { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${id}` } }),
      ],
    }),
    'a dataset a pod mounts': anInventory({
      datasets: [place, container],
      pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: '10.10.0.5', path: `/mnt/${id}` }] })],
    }),
    'a zvol': anInventory({ datasets: [place, aFolder(id, { kind: 'volume' })] }),
    'the place of detached snapshots itself': anInventory({ datasets: [place] }),
    'an empty dataset elsewhere': anInventory({ datasets: [aFolder('tank/empty')] }),
    'a pool that is not online': anInventory({
      datasets: [place, container],
      pools: [aPool({ status: 'FAULTED' })],
    }),
    'a container in quarantine': anInventory({
      datasets: [
        place,
        aFolder(id, { marks: { quarantined: `${id};2026-10-01T00:00:00Z;p`, ignore: null } }),
      ],
    }),
  },
});

test('deleting a container takes nothing along', () => {
  const [finding] = findingsOf(
    detachedContainerEmpty,
    anInventory({ datasets: [place, container] }),
  );
  expect(finding?.severity).toBe('low');
  expect(finding?.remedy).toMatchObject({ action: 'delete-detached-container', safe: true });
});

test('a copy that was made between the two reads clears it', () => {
  const inventory = anInventory({ datasets: [place, container] });
  const outcomes = evaluate(
    [detachedContainerEmpty],
    correlate(inventory, DEFAULT_POLICY),
    DEFAULT_POLICY,
  );
  const candidates = outcomes.flatMap((each) => (each.state === 'ran' ? each.candidates : []));
  expect(planSecondRead(candidates).systemLists.get('nas1')).toContain('datasets');
  const again = anInventory({ datasets: [place, container, aFolder(`${id}/snapshot-2`)] });
  expect(confirm(candidates, again, DEFAULT_POLICY).confirmed).toEqual([]);
  expect(confirm(candidates, inventory, DEFAULT_POLICY).confirmed).toHaveLength(1);
});

test('names the volume that uses it', () => {
  const source = { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${id}` } as const;
  expect(
    checkOf(
      detachedContainerEmpty,
      anInventory({
        datasets: [place, container],
        persistentVolumes: [aPv({ name: 'static', source })],
      }),
      id,
      'no-volume-refers',
    ),
  ).toEqual(['failed', 'static']);
});

test('what an empty file system needs is no file, a byte more is', () => {
  const seen = (used: number) =>
    checkOf(
      detachedContainerEmpty,
      anInventory({ datasets: [place, aFolder(id, { usedByDataset: size(used) })] }),
      id,
      'holds-no-file',
    );
  expect(seen(1 << 20)).toEqual(['passed', '1048576 bytes are its own']);
  expect(seen((1 << 20) + 1)).toEqual(['failed', '1048577 bytes are its own']);
});

test('says what is below a container, and who wrote on it', () => {
  const seen = (datasets: ReturnType<typeof aDataset>[], check: string) =>
    checkOf(detachedContainerEmpty, anInventory({ datasets: [place, ...datasets] }), id, check);
  expect(seen([container], 'no-copy-inside')).toEqual(['passed', 'none']);
  expect(seen([container, aFolder(`${id}/snapshot-1`)], 'no-copy-inside')).toEqual([
    'failed',
    'datasets below it: 1',
  ]);
  expect(seen([container], 'no-driver-property')).toEqual(['passed', 'a container carries none']);
  const marked = aDataset({ id, properties: properties({ owner: 'tns-csi' }) });
  expect(seen([marked], 'no-driver-property')).toEqual(['failed', 'tns-csi did']);
});
