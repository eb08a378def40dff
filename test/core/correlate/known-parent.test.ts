import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { eitherKeeps } from '../../../src/lib/core/correlate/known-parent.ts';
import { type DriverSecret } from '../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aCluster,
  aDriver,
  aDriverSecret,
  aFolder,
  anInventory,
  clusterWith,
  HANDLE,
} from '../../support/builders.ts';

describe('a detached parent that two parents share', () => {
  const first = { driver: 'a', parent: 'tank/a', cluster: 'prod', instanceId: 'one' };
  const second = { driver: 'b', parent: 'tank/b', cluster: 'dev', instanceId: 'two' };
  const sharedBy = (
    drivers: readonly Parameters<typeof aDriver>[0][],
    driverSecrets: readonly DriverSecret[] = [],
  ) => {
    const datasets = ['tank/a', 'tank/b'].map((id) => aFolder(id));
    const world = anInventory({ drivers: drivers.map(aDriver), datasets, driverSecrets });
    const dev = clusterWith({}, aCluster({ name: 'dev', uid: 'dev-uid' }));
    const both = { ...world, clusters: [...world.clusters, dev] };
    const { parents } = correlate(both, DEFAULT_POLICY).derived;
    return parents.detachedParentOf('nas1', `tank/detached/${HANDLE}`);
  };

  test('is that of either driver, cluster and instance, and goes by the name of the first', () => {
    expect(sharedBy([first, second])).toMatchObject({
      path: 'tank/a',
      drivers: ['a', 'b'],
      clusters: ['prod', 'dev'],
      instanceIds: ['one', 'two'],
      exclusive: true,
      origin: 'declared',
      located: true,
      heldElsewhere: false,
      unseenBy: ['prod', 'dev'],
      keepsDeleted: false,
    });
  });

  test('is that of every cluster, where one of them is', () => {
    expect(sharedBy([first, { ...second, cluster: null }])?.clusters).toBeNull();
    expect(sharedBy([{ ...first, cluster: null }, second])?.clusters).toBeNull();
  });

  test('is exclusive only where both are', () => {
    expect(sharedBy([{ ...first, exclusive: false }, second])?.exclusive).toBe(false);
    expect(sharedBy([first, { ...second, exclusive: false }])?.exclusive).toBe(false);
  });

  test('may keep what is deleted where either may', () => {
    expect(eitherKeeps(false, false)).toBe(false);
    for (const [one, other, either] of [
      [true, false, true],
      [true, null, true],
      [null, false, null],
      [null, null, null],
    ] as const) {
      expect(eitherKeeps(one, other)).toBe(either);
      expect(eitherKeeps(other, one)).toBe(either);
    }
  });

  test('is no surer than the less sure of the two, and keeps what either keeps', () => {
    const found = (over: Partial<DriverSecret>) =>
      aDriverSecret({ driver: 'b', parent: 'tank/b', ...over });
    expect(sharedBy([first], [found({})])).toMatchObject({
      origin: 'discovered',
      located: true,
      keepsDeleted: false,
    });
    expect(sharedBy([first], [found({ hosts: ['far'], keepsDeleted: true })])).toMatchObject({
      located: false,
      keepsDeleted: true,
    });
    const keeping = aDriverSecret({ driver: 'a', parent: 'tank/a', keepsDeleted: true });
    expect(sharedBy([first], [keeping, found({})])?.keepsDeleted).toBe(true);
  });
});
