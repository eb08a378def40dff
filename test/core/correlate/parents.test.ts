import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type KnownParent } from '../../../src/lib/core/correlate/known-parent.ts';
import { failed, type Listing, listed, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import {
  type DriverSecret,
  type PersistentVolume,
} from '../../../src/lib/core/model/kubernetes.ts';
import { type Dataset } from '../../../src/lib/core/model/truenas.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aCluster,
  aDataset,
  aDriver,
  aDriverSecret,
  aFolder,
  anInventory,
  aPv,
  aSystem,
  clusterWith,
  finished,
  HANDLE,
  PARENT,
  properties,
  systemWith,
} from '../../support/builders.ts';
import { withoutList } from '../../support/rule-tester.ts';

const parentsOf = (inventory: Inventory) => correlate(inventory, DEFAULT_POLICY).derived.parents;

function withSecrets(...driverSecrets: DriverSecret[]): Inventory {
  return anInventory({ drivers: [], driverSecrets });
}

/** The same with a replica beside it: another system that holds the same paths. */
function withReplica(inventory: Inventory): Inventory {
  const replica = systemWith({}, aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'two' }));
  return { ...inventory, systems: [...inventory.systems, replica] };
}

const shortly = ({ system, path, origin, located }: KnownParent) => ({
  system,
  path,
  origin,
  located,
});

describe('a parent a driver’s Secret names', () => {
  test('is on the system whose host it names, and on no replica', () => {
    const { all } = parentsOf(withReplica(withSecrets(aDriverSecret({ hosts: ['NAS1.example'] }))));
    expect(all.map(shortly)).toEqual([
      { system: 'nas1', path: PARENT, origin: 'discovered', located: true },
    ]);
    expect(all[0]).toMatchObject({ exclusive: false, clusters: ['prod'] });
  });

  test('may be anywhere it exists, where the host is one nobody registered by that name', () => {
    const { all } = parentsOf(withReplica(withSecrets(aDriverSecret({ hosts: ['10.0.0.5'] }))));
    expect(all.map(shortly)).toEqual([
      { system: 'nas1', path: PARENT, origin: 'discovered', located: false },
      { system: 'nas2', path: PARENT, origin: 'discovered', located: false },
    ]);
  });

  test('is not known to be here where the Secret names several of our hosts', () => {
    const secret = aDriverSecret({ hosts: ['nas1.example', 'nas2.example'] });
    expect(parentsOf(withReplica(withSecrets(secret))).all.map(shortly)).toEqual([
      { system: 'nas1', path: PARENT, origin: 'discovered', located: false },
      { system: 'nas2', path: PARENT, origin: 'discovered', located: false },
    ]);
  });

  test('that exists nowhere belongs to a system nobody registered, and blinds nobody', () => {
    const inventory = withSecrets(aDriverSecret({ hosts: ['far'], parent: 'far/away' }));
    expect(parentsOf(inventory).all).toEqual([]);
    const { statuses } = correlate(inventory, DEFAULT_POLICY);
    expect(statuses.every(({ coverage }) => coverage.state === 'complete')).toBe(true);
  });

  test('that is missing on the very host it names is said', () => {
    const inventory = withSecrets(aDriverSecret({ parent: 'tank/gone' }));
    const { statuses } = correlate(inventory, DEFAULT_POLICY);
    expect(statuses.filter(({ name }) => name === 'poolAvailability')).toMatchObject([
      { system: 'nas1', coverage: { reason: expect.stringContaining('tank/gone') as string } },
    ]);
  });

  test('is not inferred from volumes as well', () => {
    const secret = aDriverSecret({ parent: 'tank/new' });
    const world = anInventory({
      drivers: [],
      driverSecrets: [secret],
      datasets: [aFolder('tank/new')],
    });
    expect(parentsOf(world).all.map(shortly)).toEqual([
      { system: 'nas1', path: 'tank/new', origin: 'discovered', located: true },
    ]);
  });
});

describe('a parent that is declared and configured', () => {
  test('stays declared, exclusive, and learns what the user left out', () => {
    const world = anInventory({
      drivers: [aDriver({ detachedSnapshotsParent: null })],
      driverSecrets: [aDriverSecret({ instanceId: 'one', keepsDeleted: true })],
    });
    expect(parentsOf(world).all).toEqual([
      {
        system: 'nas1',
        path: PARENT,
        drivers: ['org.democratic-csi.nfs'],
        clusters: null,
        detachedPaths: ['tank/detached'],
        sourcePaths: [PARENT],
        instanceIds: ['one'],
        instances: [
          { cluster: null, id: null },
          { cluster: 'prod', id: 'one' },
        ],
        exclusive: true,
        origin: 'declared',
        located: true,
        heldElsewhere: false,
        unseenBy: [],
        keepsDeleted: true,
      },
    ]);
  });

  describe('without a system', () => {
    const located = (inventory: Inventory) =>
      parentsOf(inventory).all.map(({ system, located }) => [system, located]);
    const declared = (config: Parameters<typeof aDriver>[0], ...driverSecrets: DriverSecret[]) =>
      anInventory({ drivers: [aDriver(config)], driverSecrets });

    test.each([
      ['of its own', { hosts: ['nas9.example'] }],
      ['of its own, by their addresses', { hosts: ['10.0.0.5', '10.0.0.6'] }],
      ['that speaks of another parent', { hosts: ['nas9.example'], parent: 'tank/old' }],
      ['of an unknown driver on it', { hosts: ['nas9.example'], driver: null }],
    ])('is not known to be here where no host of a Secret %s is ours', (_, secret) => {
      expect(located(declared({}, aDriverSecret(secret)))).toEqual([['nas1', false]]);
      expect(located(declared({ system: 'nas1' }, aDriverSecret(secret)))).toEqual([
        ['nas1', true],
      ]);
    });

    test('is known to be here where some Secret names our host, or none names any', () => {
      const far = aDriverSecret({ hosts: ['far'], parent: 'tank/old' });
      expect(located(declared({}, far, aDriverSecret({ hosts: ['NAS1.example'] })))).toEqual([
        ['nas1', true],
      ]);
      expect(located(declared({}, aDriverSecret({ hosts: [] })))).toEqual([['nas1', true]]);
      expect(
        located(declared({}, aDriverSecret({ driver: 'x', parent: 'tank/x' }))),
      ).toContainEqual(['nas1', true]);
    });

    test('is not known to be here where the Secrets, or the datasets of another system, could not be read', () => {
      expect(located(withoutList(anInventory(), 'driverSecrets'))).toEqual([['nas1', false]]);
      const world = withReplica(anInventory());
      const systems = world.systems.map((each) =>
        each.identity.name === 'nas1'
          ? each
          : { ...each, lists: { ...each.lists, datasets: unlisted<never>(failed('cut off')) } },
      );
      expect(located({ ...world, systems })).toEqual([['nas1', false]]);
    });

    test('is not known to be where it is when its Secret names another of our systems, which lacks it', () => {
      const { clusters, systems, ...rest } = declared(
        {},
        aDriverSecret({ parent: 'tank/old', hosts: ['nas2.example'] }),
      );
      const bare = systemWith({}, aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'two' }));
      const datasets = listed([aFolder('tank', { system: 'nas2' })]);
      const nas2 = { ...bare, lists: { ...bare.lists, datasets } };
      expect(located({ ...rest, clusters, systems: [...systems, nas2] })).toEqual([
        ['nas1', false],
      ]);
    });
  });

  test('stays exclusive when a driver of a registered cluster is found on it beside', () => {
    const beside = aDriverSecret({ driver: 'second.csi', instanceId: 'two' });
    const [parent] = parentsOf(anInventory({ driverSecrets: [beside] })).all;
    expect(parent).toMatchObject({ exclusive: true, origin: 'declared', instanceIds: ['two'] });
  });

  test('on a system nobody registered is on none of ours', () => {
    expect(parentsOf(anInventory({ drivers: [aDriver({ system: 'nas9' })] })).all).toEqual([]);
  });

  test('without a system, on two that hold it, is known to be on neither', () => {
    const { all } = parentsOf(withReplica(anInventory()));
    expect(all.map(({ system, located }) => [system, located])).toEqual([
      ['nas1', false],
      ['nas2', false],
    ]);
  });
});

describe('parents of drivers nobody speaks of', () => {
  const byPath = (driver: string, handle: string): PersistentVolume =>
    aPv({ name: 'pvc-x', source: { kind: 'csi', driver, handle, attributes: {} } });

  test.each(['csi.truenas.io', 'tns.csi.io'])('%s: in the handle', (driver) => {
    const world = anInventory({
      drivers: [],
      datasets: [aFolder('tank/csi')],
      persistentVolumes: [byPath(driver, `tank/csi/${HANDLE}`)],
    });
    const parents = parentsOf(world);
    expect(parents.find('nas1', 'tank/csi')).toMatchObject({
      origin: 'inferred',
      drivers: [driver],
    });
    expect(parents.forDriver('prod', driver).map(({ path }) => path)).toEqual(['tank/csi']);
    expect(parents.forDriver('dev', driver)).toEqual([]);
    expect(parents.isTrueNasDriver('dev', driver)).toBe(true);
  });

  test('are none where the dataset above the handle is not there', () => {
    const world = anInventory({
      drivers: [],
      persistentVolumes: [byPath('tns.csi.io', `tank/csi/${HANDLE}`)],
    });
    expect(parentsOf(world).find('nas1', 'tank/csi')).toBeUndefined();
  });

  test('are none for drivers that have nothing to do with TrueNAS', () => {
    const world = anInventory({
      drivers: [],
      datasets: [aFolder('tank/csi')],
      persistentVolumes: [byPath('ebs.csi.aws.com', `tank/csi/${HANDLE}`)],
    });
    expect(parentsOf(world).find('nas1', 'tank/csi')).toBeUndefined();
    expect(parentsOf(world).isTrueNasDriver('prod', 'ebs.csi.aws.com')).toBe(false);
  });
});

test('what lies right below a detached parent is a container of its parent', () => {
  const parents = parentsOf(anInventory());
  expect(parents.detachedParentOf('nas1', `tank/detached/${HANDLE}`)?.path).toBe(PARENT);
  expect(parents.detachedParentOf('nas1', `tank/detached/${HANDLE}/snapshot-1`)).toBeUndefined();
  expect(parents.detachedParentOf('nas2', `tank/detached/${HANDLE}`)).toBeUndefined();
  expect(parents.detachedParentOf('nas1', PARENT)).toBeUndefined();
});

describe('a cluster that shows no volume of a TrueNAS driver', () => {
  const dev = clusterWith({}, aCluster({ name: 'dev', uid: 'dev-uid' }));
  const withDev = (world: Parameters<typeof anInventory>[0]): Inventory => {
    const inventory = anInventory(world);
    return { ...inventory, clusters: [...inventory.clusters, dev] };
  };

  test('has not been seen by a parent it may use', () => {
    expect(parentsOf(withDev({})).all.map(({ unseenBy }) => unseenBy)).toEqual([['dev']]);
  });

  test('has not been seen by it either where the volumes it shows are of other storage', () => {
    const source = { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'x', attributes: {} } as const;
    const { all } = parentsOf(withDev({ persistentVolumes: [aPv({ cluster: 'dev', source })] }));
    expect(all.map(({ unseenBy }) => unseenBy)).toEqual([['dev']]);
  });

  test('does not matter to a parent of another cluster', () => {
    const { all } = parentsOf(withDev({ drivers: [aDriver({ cluster: 'prod' })] }));
    expect(all.map(({ unseenBy }) => unseenBy)).toEqual([[]]);
  });

  test('is seen as soon as one of its volumes is found there, of whatever name its driver has', () => {
    const source = { kind: 'csi', driver: 'my.csi', handle: 'x', attributes: {} } as const;
    const { all } = parentsOf(
      withDev({
        drivers: [aDriver({ driver: 'my.csi' })],
        persistentVolumes: [aPv({ cluster: 'dev', source })],
        datasets: [aDataset({ id: `${PARENT}/x`, properties: finished(HANDLE) })],
      }),
    );
    expect(all.find(({ path }) => path === PARENT)?.unseenBy).toEqual([]);
  });
});

describe('a cluster is not seen where a wrong context may have led', () => {
  const at = (driver: string, handle: string, name = HANDLE): PersistentVolume =>
    aPv({ cluster: 'dev', name, source: { kind: 'csi', driver, handle, attributes: {} } });
  const world = (
    drivers: readonly Parameters<typeof aDriver>[0][],
    volume: PersistentVolume,
    dataset = aDataset(),
  ): Inventory => {
    const inventory = anInventory({
      drivers: drivers.map(aDriver),
      datasets: [aFolder('tank/dev'), dataset],
    });
    const dev = clusterWith({ persistentVolumes: [volume] }, aCluster({ name: 'dev', uid: 'dev' }));
    return { ...inventory, clusters: [...inventory.clusters, dev] };
  };
  const unseenAt = (inventory: Inventory, path = PARENT) =>
    parentsOf(inventory).find('nas1', path)?.unseenBy;
  const nfs = 'org.democratic-csi.nfs';
  const inDev = aDataset({ id: `tank/dev/${HANDLE}` });

  test('by volumes of its driver that are not there, or that are somewhere else', () => {
    expect(unseenAt(world([{}], at(nfs, 'pvc-gone', 'pvc-gone')))).toEqual(['dev']);
    expect(unseenAt(world([{}, { parent: 'tank/dev' }], at(nfs, HANDLE), inDev))).toEqual(['dev']);
    expect(unseenAt(world([{}], at(nfs, HANDLE)))).toEqual([]);
  });

  test('by a handle that any cluster may have: what lies there is called otherwise', () => {
    const hashed = aDataset({ id: `${PARENT}/8479`, properties: finished('pvc-other') });
    expect(unseenAt(world([{}], at(nfs, '8479'), hashed))).toEqual(['dev']);
    expect(unseenAt(world([{}], at(nfs, '8479', 'pvc-other'), hashed))).toEqual([]);
    // A volume that somebody made anew for old data has a name of its own.
    expect(unseenAt(world([{}], at(nfs, HANDLE, 'adopted')))).toEqual([]);
  });

  test('by what csi.truenas.io made, unless by its whole path', () => {
    const drivers = [{ driver: 'csi.truenas.io' }];
    const bare = aDataset({ properties: properties() });
    const seen = (handle: string) => unseenAt(world(drivers, at('csi.truenas.io', handle), bare));
    expect(seen(`${PARENT}/${HANDLE}`)).toEqual([]);
    expect(seen(HANDLE)).toEqual(['dev']);
    expect(seen(`${PARENT}/other`)).toEqual(['dev']);
  });

  test('but is the right one for sure where it shows a volume below a parent that is its alone', () => {
    const unseen = (own: Parameters<typeof aDriver>[0]) =>
      unseenAt(world([{}, { parent: 'tank/dev', ...own }], at(nfs, HANDLE), inDev));
    expect(unseen({ cluster: 'dev' })).toEqual([]);
    // An unregistered cluster may make volumes there, or another one that is registered.
    expect(unseen({ cluster: 'dev', exclusive: false })).toEqual(['dev']);
    expect(unseen({})).toEqual(['dev']);
    // It must be its own.
    expect(unseen({ cluster: 'prod' })).toEqual(['dev']);
    const nowhere = world([{}, { parent: 'tank/dev', cluster: 'dev' }], at(nfs, 'pvc-x', 'pvc-x'));
    expect(unseenAt(nowhere)).toEqual(['dev']);
  });

  test('and the only one in view is seen everywhere where a parent is exclusive', () => {
    const drivers = (exclusive: boolean) => [
      aDriver({ exclusive }),
      aDriver({ driver: 'b', parent: 'tank/b' }),
    ];
    const datasets = [aFolder('tank/b')];
    const seen = (exclusive: boolean) =>
      unseenAt(anInventory({ drivers: drivers(exclusive), datasets }), 'tank/b');
    expect(seen(true)).toEqual([]);
    expect(seen(false)).toEqual(['prod']);
  });
});

test('a parent is held elsewhere where another system has it, or was not read', () => {
  const held = (inventory: Inventory) =>
    parentsOf(inventory).all.map(({ system, heldElsewhere }) => [system, heldElsewhere]);
  const alone = anInventory({ drivers: [aDriver({ system: 'nas1' })] });
  expect(held(alone)).toEqual([['nas1', false]]);
  expect(held(withReplica(alone))).toEqual([['nas1', true]]);
  const without = (datasets: Listing<Dataset>): Inventory => {
    const { systems, ...rest } = withReplica(alone);
    return {
      ...rest,
      systems: systems.map((each) =>
        each.identity.name === 'nas1' ? each : { ...each, lists: { ...each.lists, datasets } },
      ),
    };
  };
  expect(held(without(listed([])))).toEqual([['nas1', false]]);
  expect(held(without(unlisted(failed('cut off'))))).toEqual([['nas1', true]]);
});
