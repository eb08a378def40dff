import { describe, expect, test } from 'vitest';
import { pathMatcher, protectableOf, protectedBy } from '../../../src/lib/core/cleanup/protect.ts';
import { refToClaim, refToDataset } from '../../../src/lib/core/model/subjects.ts';
import { aClaim, aDataset, HANDLE, PARENT, properties } from '../../support/builders.ts';
import { findingOf } from '../../support/plan-builders.ts';

test.each([
  ['tank/k8s', 'tank/k8s', true],
  ['tank/k8s', 'tank/k8s/a', false],
  ['tank/*', 'tank/k8s', true],
  ['tank/*', 'tank/k8s/a', false],
  ['tank/*', 'tank', false],
  ['tank/**', 'tank/k8s/a', true],
  ['tank/**', 'tank', true],
  ['tank/**', 'tanker/a', false],
  ['**/db-*', 'tank/k8s/db-1', true],
  ['**/db-*', 'db-1', true],
  ['**/db-*', 'tank/db-1/sub', false],
  ['tank/**/keep', 'tank/keep', true],
  ['tank/**/keep', 'tank/a/b/keep', true],
  ['**', 'anything/at/all', true],
  ['tank/pvc-?', 'tank/pvc-1', true],
  ['tank/pvc-?', 'tank/pvc-/', false],
  ['tank/a.b', 'tank/aXb', false],
  ['tank/[a]', 'tank/a', false],
])('%s means %s: %s', (glob, path, meant) => {
  expect(pathMatcher(glob)(path)).toBe(meant);
});

describe('an entry', () => {
  const entry = (over: { path?: string; namespace?: string; name?: string }) => [
    { path: null, namespace: null, name: null, ...over },
  ];
  const dataset = aDataset({
    properties: properties({
      csiVolumeName: 'pvc-old',
      claim: { namespace: 'shop', name: 'data' },
    }),
  });
  const finding = findingOf('quarantine-dataset', refToDataset(dataset), {
    kubernetesReference: 'db/postgres',
  });
  const names = protectableOf(finding, dataset, 'tank/before/it');

  test.each([
    [{ path: `${PARENT}/*` }],
    [{ path: 'tank/before/**' }],
    [{ namespace: 'shop' }],
    [{ namespace: 'd?' }],
    [{ name: 'data' }],
    [{ name: 'postgres' }],
    [{ name: 'pvc-old' }],
    [{ name: `${HANDLE.slice(0, 8)}*` }],
    [{ path: '**', namespace: 'shop', name: 'data' }],
  ])('protects by every name it goes by: %j', (over) => {
    expect(protectedBy(names, entry(over))).toMatch(/^cleanup\.protect\[0\] protects it/);
  });

  test.each([
    [{ path: 'tank/*' }],
    [{ namespace: 'other' }],
    [{ path: `${PARENT}/*`, namespace: 'other' }],
  ])('does not protect what misses a part of it: %j', (over) => {
    expect(protectedBy(names, entry(over))).toBeUndefined();
  });

  test('protects a claim by its namespace and name', () => {
    const claim = aClaim();
    const found = findingOf('restore-share', refToClaim(claim));
    const protectable = protectableOf(found, undefined, null);
    expect(protectedBy(protectable, entry({ namespace: claim.namespace }))).toBeDefined();
    expect(protectedBy(protectable, entry({ path: '**' }))).toBeUndefined();
  });
});
