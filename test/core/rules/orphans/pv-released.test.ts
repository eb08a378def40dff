import { expect, test } from 'vitest';
import { pvReleased } from '../../../../src/lib/core/rules/orphans/pv-released.ts';
import {
  aDataset,
  aFolder,
  anInventory,
  aPod,
  aPv,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  size,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const released = aPv({ phase: 'Released' });
const retained = aPv({ phase: 'Released', reclaimPolicy: 'Retain' });

testRule(pvReleased, {
  certain: {
    'a volume its driver cannot delete': [
      anInventory({ datasets: [aDataset()], persistentVolumes: [released] }),
      [HANDLE],
    ],
    'a volume that was retained': [
      anInventory({ datasets: [aDataset()], persistentVolumes: [retained] }),
      [HANDLE],
    ],
    'a volume without a dataset and without a claim': [
      anInventory({ persistentVolumes: [aPv({ phase: 'Released', claim: null })] }),
      [HANDLE],
    ],
    'a static volume on the NAS': [
      anInventory({
        datasets: [aFolder('tank/media')],
        persistentVolumes: [
          aPv({
            phase: 'Released',
            source: { kind: 'nfs', server: 'nas', path: '/mnt/tank/media' },
          }),
        ],
      }),
      [HANDLE],
    ],
  },
  likely: {
    'a Kubernetes that does not say since when': [
      anInventory({ persistentVolumes: [aPv({ phase: 'Released', phaseSince: null })] }),
      [HANDLE],
      'release-dated',
    ],
  },
  silent: {
    'a volume in use': anInventory({ datasets: [aDataset()], persistentVolumes: [aPv()] }),
    'a volume that was released just now': anInventory({
      persistentVolumes: [aPv({ phase: 'Released', phaseSince: JUST_NOW })],
    }),
    'a volume that is on its way out': anInventory({
      persistentVolumes: [aPv({ phase: 'Released', deletedAt: JUST_NOW })],
    }),
    'a released volume of some other storage': anInventory({
      persistentVolumes: [
        aPv({
          phase: 'Released',
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
        }),
      ],
    }),
    'a released volume on a server that is not ours': anInventory({
      persistentVolumes: [
        aPv({
          phase: 'Released',
          source: { kind: 'nfs', server: 'x', path: '/mnt/tank/there/sub' },
        }),
      ],
    }),
  },
});

const dataset = aDataset({ usedByDataset: size(5000) });

test('counts the bytes of a volume that only it uses', () => {
  const [finding] = findingsOf(
    pvReleased,
    anInventory({ datasets: [dataset], persistentVolumes: [released] }),
  );
  expect(finding?.reclaimable).toBe(5000);
  expect(finding?.truenasReference).toBe(dataset.id);
  expect(finding?.kubernetesReference).toBe('media/library');
});

test('counts no bytes of a dataset that somebody else uses as well', () => {
  const worlds = [
    anInventory({
      datasets: [dataset],
      persistentVolumes: [released, aPv({ name: 'second', source: released.source })],
    }),
    anInventory({
      datasets: [dataset],
      persistentVolumes: [released],
      pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: 'n', path: `/mnt/${dataset.id}` }] })],
    }),
  ];
  expect(
    worlds.map((world) => findingsOf(pvReleased, world).map(({ reclaimable }) => reclaimable)),
  ).toEqual([[0], [0]]);
});

test('counts no bytes of a dataset no driver made', () => {
  const world = anInventory({
    datasets: [aFolder('tank/media', { used: size(9000) })],
    persistentVolumes: [
      aPv({ phase: 'Released', source: { kind: 'nfs', server: 'n', path: '/mnt/tank/media/a' } }),
    ],
  });
  expect(findingsOf(pvReleased, world)[0]?.reclaimable).toBe(0);
});

test('says what Retain means, and where to look when it is Delete', () => {
  const stepsOf = (reclaimPolicy: string) =>
    findingsOf(
      pvReleased,
      anInventory({
        persistentVolumes: [aPv({ phase: 'Released', reclaimPolicy, phaseSince: LONG_AGO })],
      }),
    )[0]?.remedy.steps[0];
  expect(stepsOf('Retain')).toContain('Ask the owner');
  expect(stepsOf('Delete')).toContain('VolumeFailedDelete');
});

test('says whose claim is gone, and since when', () => {
  const seen = (phaseSince: Date | null) => {
    const world = anInventory({ persistentVolumes: [aPv({ phase: 'Released', phaseSince })] });
    return [
      checkOf(pvReleased, world, HANDLE, 'older-than-threshold'),
      checkOf(pvReleased, world, HANDLE, 'release-dated'),
    ];
  };
  const since = LONG_AGO.toISOString();
  expect(seen(LONG_AGO)).toEqual([
    ['passed', `released ${since}`],
    ['passed', `since ${since}`],
  ]);
  expect(seen(null)).toEqual([
    ['passed', `created ${since}`],
    ['failed', 'this Kubernetes does not say since when'],
  ]);
  const reasonOf = (claim: typeof released.claim) =>
    findingsOf(
      pvReleased,
      anInventory({ persistentVolumes: [aPv({ phase: 'Released', claim })] }),
    )[0]?.reason;
  expect(reasonOf(null)).toBe('its claim is gone');
  expect(reasonOf(released.claim)).toBe('its claim media/library is gone, reclaim policy Delete');
});
