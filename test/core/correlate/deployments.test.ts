import { describe, expect, test } from 'vitest';
import {
  type Deployment,
  deploymentsOf as deploymentsBy,
} from '../../../src/lib/core/correlate/deployments.ts';
import { type DriverConfig } from '../../../src/lib/core/model/driver-config.ts';
import { type DriverSecret } from '../../../src/lib/core/model/kubernetes.ts';
import { aDriver, aDriverSecret } from '../../support/builders.ts';

/** Of two clusters. */
const deploymentsOf = (
  configs: readonly DriverConfig[],
  secrets: readonly DriverSecret[],
  unread: readonly string[] = [],
): readonly Deployment[] =>
  deploymentsBy(configs, { secrets, clusters: ['prod', 'lab'], unread: new Set(unread) });

const secret = aDriverSecret({ parent: '/tank/k8s/', instanceId: 'one', keepsDeleted: true });
const declared = aDriver({ detachedSnapshotsParent: null, instanceId: null });

describe('what is declared of a driver', () => {
  test('stands alone where no Secret could be read', () => {
    expect(deploymentsOf([aDriver({ parent: 'tank/k8s/' })], [])).toEqual([
      {
        driver: 'org.democratic-csi.nfs',
        cluster: null,
        system: null,
        hosts: [],
        hostsOfDriver: [],
        parent: 'tank/k8s',
        detachedPath: 'tank/detached',
        instanceId: null,
        exclusive: true,
        origin: 'declared',
        keepsDeleted: false,
      },
    ]);
  });

  test('is filled in by the Secret of the same driver and place, and stays declared', () => {
    const [, filled, ...more] = deploymentsOf([declared], [secret]);
    expect(more).toEqual([]);
    expect(filled).toMatchObject({
      cluster: 'prod',
      parent: 'tank/k8s',
      detachedPath: 'tank/detached',
      instanceId: 'one',
      exclusive: true,
      origin: 'declared',
      keepsDeleted: true,
      hosts: ['nas1.example'],
    });
  });

  test('replaces what a Secret says of another place', () => {
    const deployments = deploymentsOf([declared], [aDriverSecret({ parent: 'tank/other' })]);
    expect(deployments.map(({ parent }) => parent)).toEqual(['tank/k8s']);
  });

  test('of one cluster replaces what a Secret of that cluster says of another place', () => {
    const config = aDriver({ cluster: 'prod' });
    const deployments = deploymentsOf([config], [aDriverSecret({ parent: 'tank/other' })]);
    expect(deployments.map(({ parent }) => parent)).toEqual(['tank/k8s']);
  });

  test('is filled in by a Secret that names no parent, of its own cluster', () => {
    const config = aDriver({ cluster: 'prod', instanceId: null });
    const ids = deploymentsOf([config], [aDriverSecret({ parent: null, instanceId: 'one' })]).map(
      ({ instanceId }) => instanceId,
    );
    expect(ids).toEqual([null, 'one']);
  });

  test('is filled in by no Secret of another driver on the same place', () => {
    const beside = aDriverSecret({ driver: 'second.csi', instanceId: 'two' });
    expect(
      deploymentsOf([declared], [beside]).map(({ driver, instanceId, origin }) => [
        driver,
        instanceId,
        origin,
      ]),
    ).toEqual([
      ['org.democratic-csi.nfs', null, 'declared'],
      ['second.csi', 'two', 'discovered'],
    ]);
  });

  test('is filled in by no Secret of that name in another namespace', () => {
    const config = aDriver({ secret: { namespace: 'storage', name: secret.name } });
    expect(deploymentsOf([config], [secret]).map(({ hosts }) => hosts)).toEqual([[]]);
  });

  test('keeps what is deleted where a Secret of its driver, or of its place, says so', () => {
    const keeps = (over: Parameters<typeof aDriverSecret>[0], config = declared) =>
      deploymentsOf([config], [aDriverSecret({ keepsDeleted: true, ...over })])[0]?.keepsDeleted;
    expect(keeps({})).toBe(true);
    expect(keeps({ parent: 'tank/other' })).toBe(true);
    expect(keeps({ driver: null, parent: '/tank/k8s/' })).toBe(true);
    expect(keeps({ driver: null, parent: 'tank/other' })).toBe(false);
    expect(keeps({ driver: 'second.csi', parent: null })).toBe(false);
    expect(keeps({ keepsDeleted: false })).toBe(false);
    const named = { namespace: 'x', name: 'y' };
    const bare = aDriver({ parent: 'tank/k8s', secret: named, cluster: 'prod' });
    expect(keeps({}, bare)).toBe(true);
    expect(keeps({ cluster: 'lab' }, bare)).toBe(false);
  });

  test('may keep what is deleted where its Secret is among those that could not be read', () => {
    const keeps = (
      unread: readonly string[],
      secrets: Parameters<typeof aDriverSecret>[0][] = [],
      config = declared,
    ) => deploymentsOf([config], secrets.map(aDriverSecret), unread)[0]?.keepsDeleted;
    expect(keeps([])).toBe(false);
    expect(keeps(['prod'])).toBeNull();
    expect(keeps(['prod'], [{}])).toBe(false);
    expect(keeps(['prod'], [{ keepsDeleted: true }])).toBe(true);
    // Neither of another cluster, nor of another place, it is the one that is meant.
    expect(keeps(['lab'], [{}])).toBeNull();
    expect(keeps(['prod'], [{ parent: 'tank/old' }])).toBeNull();
    const here = aDriver({ cluster: 'prod' });
    expect(keeps(['lab'], [], here)).toBe(false);
    expect(keeps(['prod'], [], here)).toBeNull();
  });

  test('takes its parent from the Secret it names, whatever driver the pods say', () => {
    const name = { namespace: secret.namespace, name: secret.name };
    const config = aDriver({ parent: null, secret: name, driver: 'my.csi' });
    const other = aDriverSecret({ name: 'another', parent: 'tank/other', driver: 'my.csi' });
    expect(deploymentsOf([config], [aDriverSecret({ driver: null }), other])).toMatchObject([
      { driver: 'my.csi', parent: 'tank/k8s', origin: 'declared' },
    ]);
  });

  test('of one cluster is not filled in by the Secret of another', () => {
    const here = aDriver({ cluster: 'prod', instanceId: null });
    const there = aDriverSecret({ cluster: 'lab', instanceId: 'lab' });
    expect(deploymentsOf([here], [there])).toMatchObject([
      { cluster: 'prod', instanceId: null, origin: 'declared' },
      { cluster: 'lab', instanceId: 'lab', origin: 'discovered', exclusive: null },
    ]);
  });

  test('without a parent, and without the Secret it names, is nothing', () => {
    expect(deploymentsOf([aDriver({ parent: null })], [aDriverSecret({ parent: null })])).toEqual(
      [],
    );
  });
});

describe('a Secret nobody speaks of', () => {
  test('is a deployment of its own, of which nobody said whether it is alone', () => {
    expect(deploymentsOf([], [secret])).toEqual([
      {
        driver: 'org.democratic-csi.nfs',
        cluster: 'prod',
        system: null,
        hosts: ['nas1.example'],
        hostsOfDriver: ['nas1.example'],
        parent: 'tank/k8s',
        detachedPath: 'tank/detached',
        instanceId: 'one',
        exclusive: null,
        origin: 'discovered',
        keepsDeleted: true,
      },
    ]);
  });

  test.each([
    ['of which no pod says what driver it is', aDriverSecret({ driver: null })],
    ['without a parent', aDriverSecret({ parent: null })],
  ])('%s is nothing', (_, each) => {
    expect(deploymentsOf([], [each])).toEqual([]);
  });
});
