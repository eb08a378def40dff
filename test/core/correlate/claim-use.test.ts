import { describe, expect, test } from 'vitest';
import { indexClaimUse } from '../../../src/lib/core/correlate/claim-use.ts';
import { aClaim, aPod, aWorkload } from '../../support/builders.ts';

const claim = aClaim();

describe('pods of a claim', () => {
  test('are those of its namespace and cluster that name it', () => {
    const pod = aPod({ claims: ['library', 'other'] });
    const use = indexClaimUse(
      [
        pod,
        aPod({ name: 'elsewhere', namespace: 'other', claims: ['library'] }),
        aPod({ name: 'there', cluster: 'lab', claims: ['library'] }),
        aPod({ name: 'without' }),
      ],
      [],
    );
    expect(use.podsOf(claim)).toEqual([pod]);
    expect(use.podsOf({ ...claim, name: 'other' })).toEqual([pod]);
    expect(use.podsOf({ ...claim, name: 'library-2' })).toEqual([]);
  });

  test.each([
    ['Succeeded', 0],
    ['Failed', 0],
    ['Pending', 1],
    ['Running', 1],
    ['Unknown', 1],
  ])('in phase %s count %i times', (phase, count) => {
    const use = indexClaimUse([aPod({ phase, claims: ['library'] })], []);
    expect(use.podsOf(claim)).toHaveLength(count);
  });
});

describe('workloads of a claim', () => {
  test.each([
    ['a Deployment at zero', aWorkload({ replicas: 0, claims: ['library'] })],
    ['a CronJob', aWorkload({ kind: 'CronJob', claims: ['library'] })],
    ['a suspended Job', aWorkload({ kind: 'Job', suspended: true, claims: ['library'] })],
    ['a machine', aWorkload({ kind: 'VirtualMachine', suspended: true, claims: ['library'] })],
    [
      'a ReplicaSet of some other controller',
      aWorkload({
        kind: 'ReplicaSet',
        owners: [{ kind: 'Rollout', name: 'web' }],
        claims: ['library'],
      }),
    ],
  ])('%s that names it', (_, workload) => {
    expect(indexClaimUse([], [workload]).workloadsOf(claim)).toEqual([workload]);
  });

  test.each([
    ['a Job that is over', aWorkload({ kind: 'Job', finished: true, claims: ['library'] })],
    [
      'an old ReplicaSet of a Deployment, which has a template of its own now',
      aWorkload({
        kind: 'ReplicaSet',
        owners: [{ kind: 'Deployment', name: 'player' }],
        claims: ['library'],
      }),
    ],
    ['one of another namespace', aWorkload({ namespace: 'other', claims: ['library'] })],
    ['one of another cluster', aWorkload({ cluster: 'lab', claims: ['library'] })],
  ])('not %s', (_, workload) => {
    expect(indexClaimUse([], [workload]).workloadsOf(claim)).toEqual([]);
  });

  test('a StatefulSet makes the claims of its pods, and no others that begin alike', () => {
    const set = aWorkload({ kind: 'StatefulSet', replicas: 0, claimPrefixes: ['data-db-'] });
    const use = indexClaimUse([], [set]);
    expect(use.workloadsOf({ ...claim, name: 'data-db-0' })).toEqual([set]);
    expect(use.workloadsOf({ ...claim, name: 'data-db-12' })).toEqual([set]);
    expect(use.workloadsOf({ ...claim, name: 'data-db-old' })).toEqual([]);
    expect(use.workloadsOf({ ...claim, name: 'data-db-' })).toEqual([]);
    expect(use.workloadsOf({ ...claim, name: 'data-db-x-0' })).toEqual([]);
    expect(use.workloadsOf({ ...claim, namespace: 'other', name: 'data-db-0' })).toEqual([]);
  });
});
