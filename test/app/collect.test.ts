import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeServedScan } from '../../src/lib/app/serve/make-served-scan.ts';
import { TrueNasUnreachableError } from '../../src/lib/core/model/errors.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { NO_SETTINGS } from '../../src/lib/core/model/settings.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type ServedScan } from '../../src/lib/core/serve/served-scan.ts';
import { type ClusterReader } from '../../src/lib/ports/cluster.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';
import { packing } from '../../src/lib/server/answer/packing.ts';
import { aCluster, anInventory, aSystem, clusterWith, systemWith } from '../support/builders.ts';
import { portsOf } from '../support/inventory-readers.ts';

/** Who is being asked at the moment, and how many that were at most. */
class Busy {
  readonly #asked = new Map<string, number>();
  readonly seen = new Set<string>();
  most = 0;

  async while<T>(name: string, ask: () => Promise<T>): Promise<T> {
    this.seen.add(name);
    this.#asked.set(name, (this.#asked.get(name) ?? 0) + 1);
    this.most = Math.max(this.most, this.#asked.size);
    try {
      // As a server would, it takes its time.
      for (let turns = 0; turns < 3; turns += 1) await turn();
      return await ask();
    } finally {
      const left = (this.#asked.get(name) ?? 1) - 1;
      if (left === 0) this.#asked.delete(name);
      else this.#asked.set(name, left);
    }
  }
}

function watchedCluster(reader: ClusterReader, busy: Busy): ClusterReader {
  return {
    ...reader,
    identify: (signal) => busy.while(reader.name, () => reader.identify(signal)),
    list: (source, signal) => busy.while(reader.name, () => reader.list(source, signal)),
  };
}

function watchedNas(reader: NasReader, busy: Busy, isDown: boolean): NasReader {
  return {
    ...reader,
    identify: (signal) =>
      busy.while(reader.name, () => {
        if (!isDown) return reader.identify(signal);
        throw new TrueNasUnreachableError(`${reader.name} cannot be reached`, { remediation: [] });
      }),
    list: (source, signal) => busy.while(reader.name, () => reader.list(source, signal)),
  };
}

/** Scans three clusters and three systems, as `serve` does. */
async function scan(
  maxConcurrent: number | undefined,
  down: readonly string[] = [],
): Promise<{ readonly busy: Busy; readonly made: ServedScan | undefined }> {
  const ids = ['1', '2', '3'];
  const inventory = {
    ...anInventory(),
    clusters: ids.map((id) => clusterWith({}, aCluster({ name: `c${id}`, uid: id }))),
    systems: ids.map((id) => systemWith({}, aSystem({ name: `s${id}`, hostId: id }))),
  };
  const busy = new Busy();
  const ports = portsOf(inventory);
  const made = await makeServedScan(
    {
      ...ports,
      clusters: ports.clusters.map((each) => watchedCluster(each, busy)),
      systems: ports.systems.map((each) => watchedNas(each, busy, down.includes(each.name))),
    },
    {
      drivers: [],
      policy: DEFAULT_POLICY,
      ignore: [],
      wholeEstate: true,
      maxAge: millis(0),
      cacheKey: 'test',
      settings: NO_SETTINGS,
      keptOnly: false,
      correlationId: 'a-scan',
      volumeSeries: 0,
      version: '0.0.0',
      packing,
      maxConcurrent,
      signal: AbortSignal.timeout(20_000),
    },
  );
  return { busy, made };
}

describe('what is read at the same time', () => {
  it.each([1, 2, 4])('is %i members at most, of both sides together', async (most) => {
    const { busy, made } = await scan(most);
    expect(busy.most).toBe(most);
    expect([...busy.seen].toSorted()).toEqual(['c1', 'c2', 'c3', 's1', 's2', 's3']);
    expect(made?.report.complete).toBe(true);
  });

  it('is everything where nothing is said', async () => {
    expect((await scan(undefined)).busy.most).toBe(6);
  });

  it('goes on past a member that cannot be reached', async () => {
    const { busy, made } = await scan(1, ['s1']);
    expect(busy.most).toBe(1);
    expect(busy.seen.size).toBe(6);
    const failed = made?.report.sources.filter(({ coverage }) => coverage.state === 'failed');
    expect(new Set(failed?.map(({ system }) => system))).toEqual(new Set(['s1']));
  });
});
