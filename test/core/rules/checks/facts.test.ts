import { expect, test } from 'vitest';
import { sizeOf } from '../../../../src/lib/core/model/quantity.ts';
import { claimFacts, provisionerOf } from '../../../../src/lib/core/rules/checks/claims.ts';
import {
  datasetFacts,
  freedWith,
  volumeFacts,
} from '../../../../src/lib/core/rules/checks/facts.ts';
import {
  aClaim,
  aDataset,
  aPv,
  aStorageClass,
  properties,
  size,
} from '../../../support/builders.ts';

const huge = sizeOf(2n ** 60n);

test('a dataset promises its quota, a zvol its size', () => {
  expect(datasetFacts(aDataset({ refquota: size(10), volsize: size(20) })).size).toBe(10);
  expect(
    datasetFacts(aDataset({ kind: 'volume', refquota: size(10), volsize: size(20) })).size,
  ).toBe(20);
  expect(datasetFacts(aDataset({ refquota: null })).size).toBeNull();
});

test('what comes back with a dataset is its own, its snapshots’ and what is reserved, and no child’s', () => {
  const dataset = aDataset({
    used: size(1000),
    usedByDataset: size(100),
    usedBySnapshots: size(20),
    usedByRefreservation: size(3),
  });
  expect(datasetFacts(dataset).reclaimable).toBe(123);
  expect(datasetFacts({ ...dataset, usedBySnapshots: null }).reclaimable).toBe(1000);
  expect(datasetFacts({ ...dataset, usedByDataset: null, used: null })).toMatchObject({
    reclaimable: 0,
    approximate: false,
  });
  expect(freedWith({ ...dataset, usedByDataset: size(Number.MAX_SAFE_INTEGER) })).toBe(
    Number.MAX_SAFE_INTEGER,
  );
});

test('a size beyond what is exact is marked', () => {
  expect(datasetFacts(aDataset({ used: huge })).approximate).toBe(true);
  expect(volumeFacts(aPv({ capacity: huge }), undefined).approximate).toBe(true);
  expect(volumeFacts(aPv({ capacity: null }), aDataset()).approximate).toBe(false);
  expect(claimFacts(aClaim({ requested: huge })).approximate).toBe(true);
});

test('a dataset may remember its claim', () => {
  const claim = { namespace: 'media', name: 'library' };
  expect(datasetFacts(aDataset()).kubernetesReference).toBeNull();
  expect(datasetFacts(aDataset({ properties: properties({ claim }) })).kubernetesReference).toBe(
    'media/library',
  );
});

test('a volume says how large it is and where it lies', () => {
  expect(volumeFacts(aPv({ capacity: null, claim: null }), undefined)).toMatchObject({
    size: null,
    truenasReference: null,
    kubernetesReference: null,
  });
  expect(volumeFacts(aPv(), aDataset()).truenasReference).toBe(aDataset().id);
});

test('a claim has what it got, or else what it asked for', () => {
  const claim = aClaim({ requested: size(1), capacity: size(2) });
  expect(claimFacts(claim).size).toBe(2);
  expect(claimFacts({ ...claim, capacity: null }).size).toBe(1);
  expect(claimFacts({ ...claim, capacity: null, requested: null }).size).toBeNull();
});

test('who makes a claim’s volume is written on it, or follows from its class', () => {
  const classes = [aStorageClass()];
  const annotations = { 'volume.kubernetes.io/storage-provisioner': 'a' };
  expect(provisionerOf(aClaim({ annotations }), classes)).toBe('a');
  expect(provisionerOf(aClaim(), classes)).toBe('org.democratic-csi.nfs');
  expect(provisionerOf(aClaim({ storageClass: 'other' }), classes)).toBeUndefined();
});
