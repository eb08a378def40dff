import { describe, expect, test } from 'vitest';
import { capacityMismatch } from '../../../../src/lib/core/rules/drift/capacity-mismatch.ts';
import {
  aClaim,
  aDataset,
  anInventory,
  anIscsiPv,
  aPv,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
  size,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const firstSeen = new Map([
  [`cluster-uid capacity-mismatch PersistentVolume//${HANDLE}`, LONG_AGO],
]);
const gib = (count: number) => size(count * GIB);

type Pv = Parameters<typeof aPv>[0];
type Claim = Parameters<typeof aClaim>[0];
type DatasetOver = Parameters<typeof aDataset>[0];

/** A volume of 10 GiB everywhere, but for what differs. */
function ten(differs: { pv?: Pv; claim?: Claim; dataset?: DatasetOver }) {
  return anInventory({
    persistentVolumes: [aPv({ capacity: gib(10), ...differs.pv })],
    persistentVolumeClaims: [aClaim({ requested: gib(10), capacity: gib(10), ...differs.claim })],
    datasets: [aDataset({ refquota: gib(10), ...differs.dataset })],
    firstSeen,
  });
}

/** The same of a zvol. */
function tenOnZvol(volsize: number, claim: Claim = {}) {
  return anInventory({
    persistentVolumes: [anIscsiPv({ capacity: gib(10) })],
    persistentVolumeClaims: [aClaim({ requested: gib(10), capacity: gib(10), ...claim })],
    datasets: [aDataset({ kind: 'volume', refquota: null, volsize: size(volsize) })],
    firstSeen,
  });
}

testRule(capacityMismatch, {
  certain: {
    'a dataset that is smaller than the volume promises': [
      ten({ dataset: { refquota: gib(5) } }),
      [HANDLE],
    ],
    'a dataset that is larger': [ten({ dataset: { refquota: gib(20) } }), [HANDLE]],
    'a dataset that is larger by a whole GiB': [ten({ dataset: { refquota: gib(11) } }), [HANDLE]],
    'a dataset that is smaller by a whole GiB': [ten({ dataset: { refquota: gib(9) } }), [HANDLE]],
    'a zvol that is smaller': [tenOnZvol(9 * GIB), [HANDLE]],
    'a zvol that is larger by a MiB': [tenOnZvol(10 * GIB + MIB), [HANDLE]],
    'a claim that asks for more than its volume has': [
      ten({ claim: { requested: gib(20) } }),
      [HANDLE],
    ],
    'a claim that was told another size than its volume has': [
      ten({ claim: { capacity: gib(5), requested: gib(5) } }),
      [HANDLE],
    ],
    'a claim that was told a MiB less than its volume has': [
      ten({ claim: { capacity: size(10 * GIB - MIB), requested: gib(9) } }),
      [HANDLE],
    ],
    'a read-only dataset of a volume one may write to': [
      ten({ dataset: { readonly: true } }),
      [HANDLE],
    ],
    'a volume whose claim could not be found': [
      anInventory({
        persistentVolumes: [aPv({ capacity: gib(10) })],
        datasets: [aDataset({ refquota: gib(5) })],
        firstSeen,
      }),
      [HANDLE],
    ],
  },
  likely: {
    'a difference that is seen for the first time': [
      { ...ten({ dataset: { refquota: gib(5) } }), firstSeen: new Map() },
      [HANDLE],
      'differs-for-threshold',
    ],
    'a difference that was first seen just now': [
      {
        ...ten({ claim: { requested: gib(20) } }),
        firstSeen: new Map([...firstSeen.keys()].map((key) => [key, JUST_NOW])),
      },
      [HANDLE],
      'differs-for-threshold',
    ],
  },
  silent: {
    'sizes that agree': ten({}),
    'a dataset without a quota': ten({ dataset: { refquota: null } }),
    'a quota of nothing, which is none': ten({ dataset: { refquota: gib(0) } }),
    'a file system that was rounded up to whole GiB': ten({
      pv: { capacity: size(9.5 * GIB) },
      claim: { requested: size(9.5 * GIB), capacity: size(9.5 * GIB) },
    }),
    'a file system that is less than a GiB short': ten({
      dataset: { refquota: size(10 * GIB - MIB) },
    }),
    'a zvol that was rounded up to its block size': tenOnZvol(10 * GIB + 16_384),
    'a zvol of another volume than a file system would be': tenOnZvol(10 * GIB),
    'a claim that is being expanded': ten({
      claim: { requested: gib(20), resizing: true },
      dataset: { refquota: gib(20) },
    }),
    'a claim that asked for less than it got': ten({ claim: { requested: gib(1) } }),
    'a claim that was told a little less than its volume has': ten({
      claim: { requested: gib(1), capacity: size(10 * GIB - 1) },
    }),
    'a claim that is bound to nothing yet': ten({
      claim: { requested: gib(20), phase: 'Pending' },
    }),
    'sizes too large to be exact': ten({
      dataset: { refquota: { bytes: gib(20).bytes, approximate: true } },
    }),
    'a volume of unknown size': ten({ pv: { capacity: null } }),
    'a read-only dataset of a volume nobody may write to': ten({
      dataset: { readonly: true },
      pv: { writable: false },
    }),
    'a read-only dataset of a volume that does not say who may write': ten({
      dataset: { readonly: true },
      pv: { writable: null },
    }),
    'a volume that is in no use': ten({
      pv: { phase: 'Released' },
      dataset: { refquota: gib(5), readonly: true },
    }),
    'a volume that is being deleted': ten({
      pv: { deletedAt: LONG_AGO },
      dataset: { refquota: gib(5) },
    }),
    'a volume that was made just now': ten({
      pv: { createdAt: JUST_NOW },
      dataset: { refquota: gib(5) },
    }),
    'a static volume, which promises what its author wrote': anInventory({
      persistentVolumes: [
        aPv({
          capacity: gib(10),
          source: { kind: 'nfs', server: 'nas', path: `/mnt/${PARENT}/${HANDLE}` },
        }),
      ],
      datasets: [aDataset({ refquota: gib(5) })],
      firstSeen,
    }),
  },
});

describe('what it says', () => {
  const only = (world: ReturnType<typeof anInventory>) =>
    findingsOf(capacityMismatch, world).map(({ severity, reason }) => [severity, reason]);

  test.each([
    [
      { dataset: { refquota: gib(5) } },
      'medium',
      `refquota of ${PARENT}/${HANDLE} is 5Gi, the PersistentVolume promises 10Gi`,
    ],
    [
      { dataset: { refquota: gib(20) } },
      'info',
      `refquota of ${PARENT}/${HANDLE} is 20Gi, the PersistentVolume promises 10Gi`,
    ],
    [
      { claim: { requested: gib(20) } },
      'low',
      'its claim asks for 20Gi, the PersistentVolume has 10Gi',
    ],
    [
      { claim: { requested: gib(10), capacity: gib(5) } },
      'low',
      'its claim was given 5Gi, the PersistentVolume has 10Gi',
    ],
    [
      { dataset: { readonly: true } },
      'medium',
      `dataset ${PARENT}/${HANDLE} is read-only, and its claim may write to it`,
    ],
  ])('of %o', (differs, severity, reason) => {
    expect(only(ten(differs))).toEqual([[severity, reason]]);
  });

  test('of a zvol, its volsize', () => {
    expect(only(tenOnZvol(5 * GIB))[0]?.[1]).toContain('volsize of');
  });

  test('everything at once, the worst first, each with its check and its step', () => {
    const world = ten({
      dataset: { refquota: gib(20), readonly: true },
      claim: { requested: gib(30) },
    });
    const [finding] = findingsOf(capacityMismatch, world);
    expect(finding?.severity).toBe('medium');
    expect(finding?.reason.split('; ').map((part) => part.split(' ')[0])).toEqual([
      'dataset',
      'its',
      'refquota',
    ]);
    expect(finding?.evidence.map(({ check }) => check).slice(1, 4)).toEqual([
      'dataset-read-only',
      'claim-differs',
      'dataset-larger',
    ]);
    expect(finding?.remedy.steps).toHaveLength(3);
    expect(finding?.remedy.steps.at(-1)).toContain('never shrink');
  });
});

test('says what differs, and whether it is being expanded or deleted', () => {
  const seen = (differs: Parameters<typeof ten>[0], check: string) =>
    checkOf(capacityMismatch, ten(differs), HANDLE, check);
  const dataset = { refquota: gib(5) };
  expect(seen({ dataset }, 'sides-differ')).toEqual([
    'passed',
    `refquota of ${PARENT}/${HANDLE} is 5Gi, the PersistentVolume promises 10Gi`,
  ]);
  expect(seen({}, 'sides-differ')).toEqual(['failed', '10Gi on both sides']);
  expect(seen({ dataset }, 'not-resizing')).toEqual(['passed', 'no expansion is under way']);
  expect(seen({ dataset, claim: { resizing: true } }, 'not-resizing')).toEqual([
    'failed',
    'its claim is being expanded',
  ]);
  expect(seen({ dataset }, 'in-use')).toEqual(['passed', 'phase is Bound']);
  expect(seen({ dataset, pv: { deletedAt: LONG_AGO } }, 'in-use')).toEqual([
    'failed',
    'it is being deleted',
  ]);
});
