import { describe, expect, it } from 'vitest';
import { analyze, type AnalyzeRequest } from '../../src/lib/app/analyze.ts';
import { type ScanPorts } from '../../src/lib/app/scan-request.ts';
import { failed, unlisted } from '../../src/lib/core/model/coverage.ts';
import { SHOW_ALL } from '../../src/lib/core/model/filter.ts';
import { type Estate, type ScanSample } from '../../src/lib/core/model/history.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { toDriverConfig } from '../../src/lib/lab/scenario/driver-config.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type LabDataset, type LabPool } from '../../src/lib/lab/scenario/nas-objects.ts';
import { usableOf } from '../../src/lib/lab/scenario/pool-space.ts';
import { type LabSystem } from '../../src/lib/lab/scenario/world.ts';
import { type HistoryReader, type HistoryStore } from '../../src/lib/ports/history.ts';
import { aDataset, aDriver, aFolder, anInventory, aPv, NOW, size } from '../support/builders.ts';
import { portsOf } from '../support/inventory-readers.ts';
import { GIB, growingPool, growingVolume } from '../support/past-builders.ts';
import { runWorld, withPorts } from '../support/scan-scenario.ts';

const REQUEST: AnalyzeRequest = {
  drivers: [aDriver()],
  policy: DEFAULT_POLICY,
  ignore: [],
  wholeEstate: true,
  maxAge: millis(0),
  cacheKey: 'test',
  signal: AbortSignal.timeout(60_000),
  days: 30,
  shown: SHOW_ALL,
};

const inventory = anInventory({
  persistentVolumes: [aPv()],
  datasets: [
    aFolder('tank', { used: size(40 * GIB), available: size(60 * GIB) }),
    aDataset({ usedByDataset: size(GIB / 2) }),
  ],
});

interface Store extends HistoryStore {
  readonly recorded: ScanSample[];
  readonly asked: { estate: Estate; since: Date }[];
  closed: number;
}

/** A store that holds sixty days of the small world. */
function aStore(): Store {
  const store: Store = {
    recorded: [],
    asked: [],
    closed: 0,
    record: (sample) => {
      store.recorded.push(sample);
      return Promise.resolve({ state: 'kept' });
    },
    recordReport: () => Promise.resolve({ state: 'kept' }),
    open: () => Promise.resolve(reader),
  };
  const reader: HistoryReader = {
    pools: (estate, since) => {
      store.asked.push({ estate, since });
      return [growingPool(60, { now: 40, perDay: 0.5 })];
    },
    classes: () => [],
    *volumes() {
      yield growingVolume(60, { now: 0.5, perDay: 0.005 });
    },
    findings: () => [],
    lastReport: () => null,
    [Symbol.dispose]: () => {
      store.closed += 1;
    },
  };
  return store;
}

function portsWith(history: HistoryStore): ScanPorts {
  return { ...portsOf(inventory), history };
}

describe('an analysis', () => {
  it('adds its scan to the history, and looks back on this estate as far as was asked', async () => {
    const store = aStore();
    const { analysis, report } = await analyze(portsWith(store), REQUEST);
    expect(store.recorded.map(({ at }) => at)).toEqual([NOW]);
    expect(store.asked).toEqual([
      {
        estate: { clusters: ['cluster-uid'], systems: ['host-id'] },
        // Today is one of the thirty days.
        since: new Date(NOW.getTime() - 29 * 86_400_000),
      },
    ]);
    expect(store.closed).toBe(1);
    expect(analysis.history).toMatchObject({ days: 29, askedDays: 30 });
    expect(analysis.forecast).toMatchObject({ state: 'fills', daysUntilFull: 120 });
    expect(analysis.takenAt).toEqual(report.takenAt);
  });

  it('shows what was chosen, of a scan that is whole all the same', async () => {
    const store = aStore();
    const shown = { ...SHOW_ALL, namespaces: ['media'] };
    const { analysis, report } = await analyze(portsWith(store), { ...REQUEST, shown });
    expect(analysis.volumes).toHaveLength(1);
    expect(store.recorded).toHaveLength(1);
    expect(report.filteredOut).toBe(0);
  });

  it('says what it could not read, and adds nothing to the history', async () => {
    const store = aStore();
    const unread: Inventory = {
      ...inventory,
      systems: inventory.systems.map(({ identity, lists }) => ({
        identity,
        lists: { ...lists, pools: unlisted(failed('denied')) },
      })),
    };
    const { analysis } = await analyze({ ...portsOf(unread), history: store }, REQUEST);
    expect(analysis.complete).toBe(false);
    expect(analysis.pools).toEqual([]);
    expect(analysis.notes[0]).toContain('not read whole: pools of nas1');
    expect(store.recorded).toEqual([]);
  });

  it('speaks of the present where there is no history', async () => {
    const { analysis } = await analyze(portsOf(inventory), REQUEST);
    expect(analysis.pools).toMatchObject([
      { usedRatio: 0.4, growth: { state: 'not-enough-data' } },
    ]);
    expect(analysis.complete).toBe(true);
  });
});

/** What the datasets of a pool take by the lab's own books, without and with snapshots, and what can be filled. */
function booksOf({ datasets }: LabSystem, pool: LabPool): Record<string, number> {
  const own = datasets.filter(({ id }) => id === pool.name || id.startsWith(`${pool.name}/`));
  const sum = (of: (dataset: LabDataset) => number): number =>
    own.reduce((total, dataset) => total + of(dataset), 0);
  const snapshots = sum(({ usedbysnapshots }) => usedbysnapshots);
  const used = sum(
    ({ usedbydataset, usedbyrefreservation }) => usedbydataset + usedbyrefreservation,
  );
  return { used, snapshots, taken: used + snapshots, capacity: usableOf(pool) };
}

function isWithin(value: number, expected: number | undefined): boolean {
  return expected !== undefined && Math.abs(value - expected) <= expected * 0.01;
}

describe('the space of pools and volumes', () => {
  it.each(demo.versions)(
    'is within one part in a hundred of what ZFS says, on %s',
    async (version) => {
      const world = demo.build(version);
      await using running = await runWorld(world);
      const { analysis } = await withPorts(running, {}, (ports) =>
        analyze(ports, { ...REQUEST, drivers: world.drivers.map(toDriverConfig) }),
      );
      expect(analysis.complete).toBe(true);
      expect(analysis.volumes.length).toBeGreaterThan(10);
      for (const system of world.systems) {
        const datasets = new Map(system.datasets.map((dataset) => [dataset.id, dataset]));
        const pools = analysis.pools.filter((pool) => pool.system === system.name);
        expect(pools.map(({ name }) => name)).toEqual(system.pools.map(({ name }) => name));
        for (const pool of system.pools) {
          const books = booksOf(system, pool);
          const told = pools.find(({ name }) => name === pool.name);
          expect(isWithin(told?.used ?? NaN, books['used'])).toBe(true);
          expect(isWithin(told?.snapshots ?? NaN, books['snapshots'])).toBe(true);
          expect(isWithin(told?.capacity ?? NaN, books['capacity'])).toBe(true);
        }
        for (const { dataset, used, snapshots } of analysis.volumes) {
          expect(isWithin(used, datasets.get(dataset)?.usedbydataset)).toBe(true);
          expect(isWithin(snapshots, datasets.get(dataset)?.usedbysnapshots)).toBe(true);
        }
      }
    },
  );
});
