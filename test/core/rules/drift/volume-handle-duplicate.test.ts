import { describe, expect, test } from 'vitest';
import { planSecondRead } from '../../../../src/lib/core/confirm/confirm.ts';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { evaluate } from '../../../../src/lib/core/rules/evaluate.ts';
import { volumeHandleDuplicate } from '../../../../src/lib/core/rules/drift/volume-handle-duplicate.ts';
import {
  aCluster,
  aDataset,
  aDriver,
  anInventory,
  anIscsiPv,
  aPv,
  clusterWith,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const first = aPv();
const second = aPv({ name: 'restored', source: first.source });
const twice = anInventory({ datasets: [aDataset()], persistentVolumes: [first, second] });

/** The same world with a second cluster that holds these volumes. */
function withCluster(
  world: ReturnType<typeof anInventory>,
  volumes: readonly ReturnType<typeof aPv>[],
): ReturnType<typeof anInventory> {
  const identity = aCluster({ name: 'stage', uid: 'stage-uid' });
  const persistentVolumes = volumes.map((pv) => ({ ...pv, cluster: 'stage' }));
  return { ...world, clusters: [...world.clusters, clusterWith({ persistentVolumes }, identity)] };
}

const once = anInventory({ datasets: [aDataset()], persistentVolumes: [first] });

testRule(volumeHandleDuplicate, {
  // Retain loses nothing, and comes before everything else.
  safe: 'every',
  certain: {
    'two volumes of one handle': [twice, [HANDLE, 'restored']],
    'two volumes of one handle whose dataset is gone': [
      anInventory({ persistentVolumes: [first, second] }),
      [HANDLE, 'restored'],
    ],
    'a volume that was restored into a second cluster': [
      withCluster(once, [first]),
      [HANDLE, HANDLE],
    ],
    'a volume that was restored twice, there under another name': [
      withCluster(
        anInventory({
          datasets: [aDataset({ properties: finished(HANDLE, { csiVolumeName: null }) })],
          persistentVolumes: [first],
        }),
        [second],
      ),
      [HANDLE, 'restored'],
    ],
  },
  likely: {
    'a volume of another cluster that the dataset was not made for': [
      withCluster(once, [second]),
      [HANDLE, 'restored'],
      'same-volume',
    ],
  },
  silent: {
    'volumes of their own': anInventory({
      datasets: [aDataset(), aDataset({ id: `${PARENT}/pvc-2` })],
      persistentVolumes: [first, aPv({ name: 'pvc-2' })],
    }),
    'a volume that is just being handed over': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({ createdAt: JUST_NOW }),
        aPv({ ...second, createdAt: JUST_NOW, phaseSince: null }),
      ],
    }),
    'one short handle below the parents of two clusters': withCluster(
      anInventory({
        datasets: [
          aDataset({ id: `${PARENT}/128`, properties: finished('pvc-a') }),
          aDataset({ id: `${PARENT}-b/128`, properties: finished('pvc-b') }),
        ],
        persistentVolumes: [aPv({ name: 'pvc-a', source: short() })],
        drivers: [
          aDriver({ cluster: 'prod' }),
          aDriver({ cluster: 'stage', parent: `${PARENT}-b` }),
        ],
      }),
      [aPv({ name: 'pvc-b', source: short() })],
    ),
    'one handle of two drivers': anInventory({
      persistentVolumes: [first, aPv({ name: 'other', source: short('org.democratic-csi.two') })],
      drivers: [aDriver(), aDriver({ driver: 'org.democratic-csi.two', parent: 'tank/two' })],
    }),
    'static volumes of one export': anInventory({
      datasets: [aDataset()],
      persistentVolumes: ['a', 'b'].map((name) =>
        aPv({ name, source: { kind: 'nfs', server: 'nas', path: `/mnt/${PARENT}/${HANDLE}` } }),
      ),
    }),
    'two volumes of some other storage': anInventory({
      persistentVolumes: ['a', 'b'].map((name) =>
        aPv({
          name,
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
        }),
      ),
    }),
  },
});

function short(driver = 'org.democratic-csi.nfs') {
  const attributes = { node_attach_driver: 'iscsi', provisioner_driver: 'freenas-api-iscsi' };
  const handle = driver === 'org.democratic-csi.nfs' ? '128' : HANDLE;
  return { kind: 'csi', driver, handle, attributes } as const;
}

describe('what it says', () => {
  const reasons = (world: ReturnType<typeof anInventory>) =>
    findingsOf(volumeHandleDuplicate, world)
      .map(({ reason }) => reason)
      .sort();

  test('names the dataset and the others', () => {
    expect(reasons(twice)).toEqual([
      `dataset ${PARENT}/${HANDLE} is also the volume of ${HANDLE}`,
      `dataset ${PARENT}/${HANDLE} is also the volume of restored`,
    ]);
  });

  test('names the cluster where it is another one', () => {
    expect(reasons(withCluster(once, [second]))).toEqual([
      `dataset ${PARENT}/${HANDLE} is also the volume of ${HANDLE} of cluster prod`,
      `dataset ${PARENT}/${HANDLE} is also the volume of restored of cluster stage`,
    ]);
  });

  test('names the handle where there is no dataset, and three of many', () => {
    const { source } = anIscsiPv();
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => anIscsiPv({ name, source }));
    expect(reasons(anInventory({ persistentVolumes: many }))[0]).toBe(
      `handle ${HANDLE} is also the volume of a, b, c, …`,
    );
  });

  test('worries less about the one that is retained, and frees nothing', () => {
    const world = anInventory({
      datasets: [aDataset()],
      persistentVolumes: [first, aPv({ ...second, reclaimPolicy: 'Retain' })],
    });
    expect(
      findingsOf(volumeHandleDuplicate, world).map(({ subject, severity, reclaimable, remedy }) => [
        subject.name,
        severity,
        reclaimable,
        remedy.action,
        remedy.safe,
        remedy.steps[0]?.split(' ', 1)[0],
      ]),
    ).toEqual([
      [HANDLE, 'high', 0, 'retain-volumes', true, 'Set'],
      ['restored', 'medium', 0, 'investigate', false, 'Check'],
    ]);
  });
});

test('names up to three others whole, and in order whatever the list', () => {
  const { source } = anIscsiPv();
  const reasonIn = (names: readonly string[]) =>
    findingsOf(
      volumeHandleDuplicate,
      anInventory({ persistentVolumes: names.map((name) => anIscsiPv({ name, source })) }),
    ).find(({ subject }) => subject.name === 'a')?.reason;
  const expected = `handle ${HANDLE} is also the volume of b, c, d`;
  expect([reasonIn(['d', 'c', 'b', 'a']), reasonIn(['a', 'b', 'c', 'd'])]).toEqual([
    expected,
    expected,
  ]);
});

test('says who shares the handle, and for whom the dataset was made', () => {
  const seen = (world: ReturnType<typeof anInventory>, check: string) =>
    checkOf(volumeHandleDuplicate, world, HANDLE, check);
  expect(seen(twice, 'handle-shared')).toEqual(['passed', 'also of restored']);
  expect(seen(once, 'handle-shared')).toEqual(['failed', `no other volume has handle ${HANDLE}`]);
  expect(seen(withCluster(once, [second]), 'same-volume')).toEqual([
    'failed',
    `the dataset was made for ${HANDLE}, and not for restored`,
  ]);
});

test('the second read looks at the dataset where there is one', () => {
  const datasetsOf = (world: ReturnType<typeof anInventory>) => {
    const evidence = correlate(world, DEFAULT_POLICY);
    const candidates = evaluate([volumeHandleDuplicate], evidence, DEFAULT_POLICY).flatMap(
      (each) => (each.state === 'ran' ? each.candidates : []),
    );
    return [...(planSecondRead(candidates).datasets.get('nas1') ?? [])];
  };
  expect(datasetsOf(twice)).toEqual([`${PARENT}/${HANDLE}`]);
  expect(datasetsOf(anInventory({ persistentVolumes: [first, second] }))).toEqual([]);
});
