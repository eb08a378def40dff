import { describe, expect, test } from 'vitest';
import { refuseTaken } from '../../../../src/lib/core/cleanup/adopt/find-claim.ts';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { aDataset, anInventory, aPv } from '../../../support/builders.ts';

const DRIVER = 'org.democratic-csi.nfs';

describe('a handle', () => {
  const persistentVolumes = [aPv({ name: 'films' })];
  const evidence = correlate(anInventory({ persistentVolumes }), DEFAULT_POLICY);
  const take =
    (over: { readonly cluster?: string; readonly driver?: string; name?: string }) => () => {
      const wanted = { cluster: 'prod', driver: DRIVER, name: 'wanted', handle: 'films', ...over };
      refuseTaken(aDataset(), wanted, evidence);
    };

  test('is not given to a second volume of its driver', () => {
    expect(take({})).toThrow('PersistentVolume films of cluster prod has its handle films');
  });

  test('is given where another driver, or another cluster, has a volume of it', () => {
    expect(take({ driver: 'org.democratic-csi.iscsi' })).not.toThrow();
    expect(take({ cluster: 'dev' })).not.toThrow();
  });
});
