import { describe, expect, it } from 'vitest';
import { estateSpace } from '../../../src/lib/core/analysis/space.ts';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { failed, type Listing } from '../../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type Dataset, type ZfsSnapshot } from '../../../src/lib/core/model/truenas.ts';
import {
  aDataset,
  aFolder,
  anInventory,
  aPool,
  aPv,
  aZfsSnapshot,
  HANDLE,
  PARENT,
  size,
  type SmallWorld,
} from '../../support/builders.ts';

const TIB = 2 ** 40;

/** A small world whose pool says what it has. */
function aWorld(
  world: SmallWorld = {},
  root: Partial<Dataset> = { used: size(3 * TIB), available: size(5 * TIB) },
  snapshots?: Listing<ZfsSnapshot>,
): Inventory {
  const inventory = anInventory({ persistentVolumes: [aPv()], datasets: [aDataset()], ...world });
  return {
    ...inventory,
    systems: inventory.systems.map((system) => ({
      ...system,
      lists: {
        ...system.lists,
        ...(snapshots === undefined ? {} : { zfsSnapshots: snapshots }),
        datasets: {
          coverage: { state: 'complete' as const },
          items: [
            aFolder('tank', root),
            ...(system.lists.datasets?.items ?? []).filter(({ id }) => id !== 'tank'),
          ],
        },
      },
    })),
  };
}

const spaceIn = (inventory: Inventory): ReturnType<typeof estateSpace> =>
  estateSpace(correlate(inventory, DEFAULT_POLICY));

describe('the space of a pool', () => {
  it('is what its root dataset uses and may still use, whatever the raw disks hold', () => {
    const raw = aPool({ size: size(12 * TIB).bytes, allocated: size(5 * TIB).bytes });
    const [pool] = spaceIn(aWorld({ pools: [raw] })).pools;
    expect(pool).toMatchObject({ capacity: 8 * TIB, available: 5 * TIB, volumes: 2 });
    expect(pool?.space).toMatchObject({ used: 3 * TIB, snapshots: 0, logical: 3 * TIB });
  });

  it('is that of its disks where the root dataset does not tell', () => {
    const raw = aPool({
      size: size(12 * TIB).bytes,
      allocated: size(5 * TIB).bytes,
      free: size(7 * TIB).bytes,
    });
    const [pool] = spaceIn(aWorld({ pools: [raw] }, { used: null, available: null })).pools;
    expect(pool).toMatchObject({ capacity: 12 * TIB, available: 7 * TIB });
    expect(pool?.space?.used).toBe(5 * TIB);
  });

  it('is unknown where the root dataset was not listed: raw disks are no capacity', () => {
    const raw = aPool({ name: 'flash', size: size(12 * TIB).bytes, free: size(7 * TIB).bytes });
    const [pool] = spaceIn(aWorld({ pools: [raw] })).pools;
    expect(pool).toMatchObject({ capacity: null, available: null, space: null });
  });

  it('is unknown, and not nothing, where nobody tells', () => {
    const [pool] = spaceIn(aWorld({ pools: [aPool()] }, { used: null, available: null })).pools;
    expect(pool).toMatchObject({ capacity: null, available: null, space: null });
  });

  it('keeps what only snapshots hold apart from live data', () => {
    const dataset = aDataset({ usedBySnapshots: size(TIB) });
    const [pool] = spaceIn(aWorld({ datasets: [dataset] })).pools;
    expect(pool?.space).toMatchObject({ used: 2 * TIB, snapshots: TIB });
  });

  it('counts as promised what drivers made, also where no volume stands for it any more', () => {
    const left = aDataset({ id: `${PARENT}/pvc-left`, refquota: size(7 * TIB) });
    const [pool] = spaceIn(aWorld({ datasets: [aDataset(), left] })).pools;
    expect(pool?.space?.provisioned).toBe(7 * TIB + 2 * 2 ** 30);
    expect(pool?.volumes).toBe(2);
  });

  it('has as many logical bytes as compression says', () => {
    const root = { used: size(2 * TIB), available: size(TIB), compressRatio: 1.5 };
    expect(spaceIn(aWorld({}, root)).pools[0]?.space?.logical).toBe(3 * TIB);
    const silent = { ...root, compressRatio: null };
    expect(spaceIn(aWorld({}, silent)).pools[0]?.space?.logical).toBeNull();
  });
});

describe('the space of a volume', () => {
  const mine = (inventory: Inventory): ReturnType<typeof estateSpace>['volumes'][number] =>
    spaceIn(inventory).volumes.find(({ pv }) => pv.name === HANDLE) ?? expect.fail('no volume');

  it('is what its dataset holds itself, with snapshots apart', () => {
    const dataset = aDataset({
      used: size(700),
      usedByDataset: size(400),
      usedBySnapshots: size(300),
      refquota: size(1000),
      compressRatio: 2,
    });
    expect(mine(aWorld({ datasets: [dataset] })).space).toEqual({
      used: 400,
      snapshots: 300,
      logical: 1400,
      provisioned: 1000,
      snapshotCount: 0,
    });
  });

  it('was promised what Kubernetes says where ZFS sets no limit', () => {
    const dataset = aDataset({ refquota: null });
    expect(mine(aWorld({ datasets: [dataset] })).space.provisioned).toBe(1 << 30);
  });

  it('counts its snapshots, and says nothing of them where they were not all listed', () => {
    const zfsSnapshots = [aZfsSnapshot(), aZfsSnapshot({ id: 'x@y', dataset: 'x' })];
    expect(mine(aWorld({ zfsSnapshots })).space.snapshotCount).toBe(1);
    const partial: Listing<ZfsSnapshot> = { coverage: failed('denied'), items: zfsSnapshots };
    expect(mine(aWorld({}, undefined, partial)).space.snapshotCount).toBeNull();
  });

  it('is not made up where ZFS does not tell', () => {
    const dataset = aDataset({ used: null, usedByDataset: null });
    const { volumes, unmeasured } = spaceIn(aWorld({ datasets: [dataset] }));
    expect(volumes.map(({ pv }) => pv.name)).not.toContain(HANDLE);
    expect(unmeasured).toBe(1);
  });

  it('is counted once where two volumes stand for one dataset', () => {
    const twin = aPv({ name: 'twin', source: aPv().source });
    const { volumes, classes } = spaceIn(aWorld({ persistentVolumes: [aPv(), twin] }));
    expect(volumes).toHaveLength(2);
    expect(classes).toMatchObject([{ cluster: 'prod', storageClass: 'nas-nfs', volumes: 2 }]);
  });
});
