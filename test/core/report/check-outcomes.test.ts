import { describe, expect, test } from 'vitest';
import { defaultStorageClass } from '../../../src/lib/core/rules/validation/default-storage-class.ts';
import { aCluster, anInventory, aStorageClass, clusterWith } from '../../support/builders.ts';
import { outcomesIn } from '../../support/check-tester.ts';

describe('a check of several clusters', () => {
  const first = anInventory({ storageClasses: [aStorageClass({ isDefault: true })] });
  const ours = (name: string) => aStorageClass({ cluster: 'stage', name, isDefault: true });
  const world = {
    ...first,
    clusters: [
      ...first.clusters,
      clusterWith({ storageClasses: [ours('a'), ours('b')] }, aCluster({ name: 'stage' })),
    ],
  };

  test('judges each by its own lists, and once', () => {
    const found = outcomesIn(defaultStorageClass, world).map(
      ({ status, cluster, subject }) => `${status} ${cluster ?? ''} ${subject?.name ?? ''}`,
    );
    expect(found).toEqual(['PASS prod prod', 'WARNING stage stage']);
  });
});
