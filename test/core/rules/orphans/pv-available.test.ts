import { expect, test } from 'vitest';
import { pvAvailable } from '../../../../src/lib/core/rules/orphans/pv-available.ts';
import {
  aDataset,
  aFolder,
  anInventory,
  aPv,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  size,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const available = aPv({ phase: 'Available', claim: null });
const other = {
  kind: 'csi',
  driver: 'org.democratic-csi.nfs',
  handle: HANDLE,
  attributes: { node_attach_driver: 'nfs', provisioner_driver: 'node-manual' },
} as const;

testRule(pvAvailable, {
  certain: {
    'a volume whose claimRef somebody removed': [
      anInventory({ datasets: [aDataset()], persistentVolumes: [available] }),
      [HANDLE],
    ],
    'a volume that was made by a provisioner, as its annotation says': [
      anInventory({
        datasets: [aDataset()],
        persistentVolumes: [
          aPv({
            ...available,
            source: other,
            annotations: { 'pv.kubernetes.io/provisioned-by': 'org.democratic-csi.nfs' },
          }),
        ],
      }),
      [HANDLE],
    ],
  },
  likely: {
    'a Kubernetes that does not say since when': [
      anInventory({ persistentVolumes: [aPv({ ...available, phaseSince: null })] }),
      [HANDLE],
      'phase-dated',
    ],
  },
  silent: {
    'a volume in use': anInventory({ datasets: [aDataset()], persistentVolumes: [aPv()] }),
    'a volume of another phase that names no claim': anInventory({
      persistentVolumes: [aPv({ ...available, phase: 'Pending' })],
    }),
    'a volume that is kept for a claim to come': anInventory({
      persistentVolumes: [
        aPv({ phase: 'Available', claim: { namespace: 'media', name: 'library', uid: null } }),
      ],
    }),
    'a volume that became available just now': anInventory({
      persistentVolumes: [aPv({ ...available, phaseSince: JUST_NOW })],
    }),
    'a volume of unknown age': anInventory({
      persistentVolumes: [aPv({ ...available, createdAt: null })],
    }),
    'a volume that was written by hand': anInventory({
      datasets: [aFolder('tank/media')],
      persistentVolumes: [
        aPv({ ...available, source: { kind: 'nfs', server: 'nas', path: '/mnt/tank/media' } }),
        aPv({ ...available, name: 'by-hand', source: other }),
      ],
    }),
    'a volume of some other storage': anInventory({
      persistentVolumes: [
        aPv({
          ...available,
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
          annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' },
        }),
      ],
    }),
  },
});

test('counts the bytes of a dataset only it uses, and tells Retain from Delete', () => {
  const found = (reclaimPolicy: string) =>
    findingsOf(
      pvAvailable,
      anInventory({
        datasets: [aDataset({ usedByDataset: size(5000) })],
        persistentVolumes: [aPv({ ...available, reclaimPolicy })],
      }),
    ).map(({ severity, reclaimable, reason, remedy }) => ({
      severity,
      reclaimable,
      reason,
      last: remedy.steps.at(-1)?.includes('set the reclaim policy to Delete'),
    }));
  expect(found('Delete')).toEqual([
    {
      severity: 'low',
      reclaimable: 5000,
      reason: 'no claim has it, reclaim policy Delete',
      last: false,
    },
  ]);
  expect(found('Retain')).toEqual([
    {
      severity: 'info',
      reclaimable: 5000,
      reason: 'no claim has it, reclaim policy Retain',
      last: true,
    },
  ]);
});

test('counts no bytes of a dataset that another volume uses as well', () => {
  const world = anInventory({
    datasets: [aDataset({ usedByDataset: size(5000) })],
    persistentVolumes: [available, aPv({ name: 'second', source: available.source })],
  });
  expect(findingsOf(pvAvailable, world).map(({ reclaimable }) => reclaimable)).toEqual([0]);
});

test('says for whom it is kept, and since when it is offered', () => {
  const seen = (over: Parameters<typeof aPv>[0], check: string) =>
    checkOf(
      pvAvailable,
      anInventory({ persistentVolumes: [aPv({ ...available, ...over })] }),
      HANDLE,
      check,
    );
  const claim = { namespace: 'media', name: 'library', uid: null };
  expect(seen({}, 'not-reserved')).toEqual(['passed', 'it names no claim']);
  expect(seen({ claim }, 'not-reserved')).toEqual(['failed', 'kept for media/library']);
  const since = LONG_AGO.toISOString();
  expect(seen({}, 'older-than-threshold')?.[1]).toBe(`available since ${since}`);
  expect(seen({}, 'phase-dated')).toEqual(['passed', `since ${since}`]);
  const undated = { phaseSince: null };
  expect(seen(undated, 'older-than-threshold')?.[1]).toBe(`created ${since}`);
  expect(seen(undated, 'phase-dated')?.[1]).toBe('this Kubernetes does not say since when');
});
