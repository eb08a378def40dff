import { readdir, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileCache } from '../../../src/lib/adapters/store/file-cache.ts';
import { decodeScan, encodeScan } from '../../../src/lib/adapters/store/inventory-lines.ts';
import { COMPLETE, type Listing } from '../../../src/lib/core/model/coverage.ts';
import {
  CLUSTER_SOURCES,
  type ListSource,
  SYSTEM_SOURCES,
} from '../../../src/lib/core/model/inventory.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type LogLevel } from '../../../src/lib/ports/logger.ts';
import { type ScanCache, type StoredScan } from '../../../src/lib/ports/scan-store.ts';
import { Sandbox } from '../../support/run-command.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

function plain<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

/** Instants JSON can hold; what lies outside is no date of any API. */
const instant = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const maybeInstant = fc.option(instant);
const labels = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });
const coverage = fc.oneof(
  fc.constant({ state: 'complete' }),
  plain({ state: fc.constantFrom('partial', 'failed', 'not_applicable'), reason: fc.string() }),
);

/** The fields every kind of object shares, and those that hold instants; the rest is plain data. */
const object = plain({
  name: fc.string(),
  createdAt: maybeInstant,
  labels,
  finalizers: fc.array(fc.string()),
});
const kubernetesObject = plain({
  name: fc.string(),
  createdAt: maybeInstant,
  deletedAt: maybeInstant,
  labels,
  statusMessage: fc.option(fc.string({ unit: 'binary' })),
});
const volume = plain({
  name: fc.string(),
  createdAt: maybeInstant,
  deletedAt: maybeInstant,
  phaseSince: maybeInstant,
  capacity: fc.option(plain({ bytes: fc.nat(), approximate: fc.boolean() })),
});
const snapshot = plain({
  id: fc.string(),
  details: fc.option(plain({ createdAt: maybeInstant, holds: fc.option(fc.array(fc.string())) })),
});
const attachment = plain({
  name: fc.string(),
  attachError: fc.option(plain({ message: fc.string(), since: maybeInstant })),
  detachError: fc.option(plain({ message: fc.string(), since: maybeInstant })),
});
const pod = plain({
  name: fc.string(),
  createdAt: maybeInstant,
  containers: fc.array(plain({ name: fc.string(), lastEndedAt: maybeInstant })),
});
const undated = plain({
  id: fc.nat(),
  path: fc.string({ unit: 'binary' }),
  enabled: fc.boolean(),
});

function itemsOf(source: string): fc.Arbitrary<unknown> {
  if (source === 'persistentVolumes') return volume;
  if (source === 'zfsSnapshots') return snapshot;
  if (source === 'datasets') return object;
  if (source === 'volumeAttachments') return attachment;
  if (source === 'pods') return pod;
  if (['driverSecrets', 'apiGroups', 'permissions'].includes(source)) return undated;
  return CLUSTER_SOURCES.some((each) => each === source) ? kubernetesObject : undated;
}

function listsOf(sources: readonly string[]): fc.Arbitrary<object> {
  const listings = Object.fromEntries(
    sources.map((source) => [
      source,
      plain({ coverage, items: fc.array(itemsOf(source), { maxLength: 4 }) }),
    ]),
  );
  return fc.record(listings, { requiredKeys: [], noNullPrototype: true });
}

/** Some members have one, and over TLS there are instants in it. */
const connected = fc.oneof(
  fc.constant({}),
  plain({
    connection: plain({
      name: fc.string(),
      latency: fc.option(plain({ p50: fc.nat(), p95: fc.nat() })),
      tls: fc.option(plain({ subject: fc.string(), validFrom: instant, validTo: instant })),
      failure: fc.option(plain({ code: fc.string(), remediation: fc.array(fc.string()) })),
    }),
  }),
);

function member<T extends object>(parts: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.tuple(parts, connected).map(([part, connection]) => ({ ...part, ...connection }));
}

const scanArbitrary = plain({
  takenAt: instant,
  clusters: fc.array(
    member(
      plain({
        identity: plain({ name: fc.string(), createdAt: maybeInstant, clock: maybeInstant }),
        lists: listsOf(CLUSTER_SOURCES),
      }),
    ),
    { maxLength: 2 },
  ),
  systems: fc.array(
    member(
      plain({
        identity: plain({ name: fc.string(), host: fc.string(), clock: maybeInstant }),
        lists: listsOf(SYSTEM_SOURCES),
      }),
    ),
    { maxLength: 2 },
  ),
  firstSeen: fc.array(fc.tuple(fc.string(), instant)).map((entries) => new Map(entries)),
  // Journals are read anew with every scan.
  moved: fc.constant([]),
  drivers: fc.array(plain({ driver: fc.string(), exclusive: fc.boolean() })),
  confirmed: fc.array(fc.string()).map((ids) => new Set(ids)),
  sources: fc.array(
    plain({
      name: fc.string(),
      cluster: fc.option(fc.string()),
      coverage,
      count: fc.nat(),
      unreadable: fc.array(fc.string()),
    }),
  ),
}).map(
  ({ confirmed, sources, ...inventory }) =>
    // Only the fields that matter to storing are made up; storing keeps the others alike.
    ({ inventory, confirmed, sources }) as unknown as StoredScan,
);

function scanOf(count: number, takenAt = NOW): StoredScan {
  const items = Array.from({ length: count }, (_, index) => ({
    system: 'nas1',
    id: `tank/${index}`,
    createdAt: NOW,
  }));
  return {
    inventory: {
      takenAt,
      clusters: [],
      systems: [
        {
          identity: { name: 'nas1', clock: null },
          lists: { datasets: { coverage: { state: 'complete' }, items } },
        },
      ],
      drivers: [],
      firstSeen: new Map(),
      moved: [],
    },
    confirmed: new Set(['6f0c1d2e3a4b5c6d']),
    sources: [
      {
        name: 'datasets',
        cluster: null,
        system: 'nas1',
        coverage: COMPLETE,
        count,
        unreadable: [],
      },
    ],
  } as unknown as StoredScan;
}

function slice(table: string, source = 'datasets'): string {
  return `{"side":"systems","member":0,"source":"${source}","table":${table}}`;
}

interface Opened {
  readonly cache: ScanCache;
  readonly messages: { level: LogLevel; message: string; reason: unknown }[];
}

function open(directory: string): Opened {
  const messages: Opened['messages'] = [];
  const cache = fileCache({
    directory,
    ttl: millis(3_600_000),
    clock: { now: () => NOW },
    logger: {
      log: (level, message, fields) =>
        messages.push({ level, message, reason: fields?.['reason'] }),
    },
  });
  return { cache, messages };
}

describe('a stored scan', () => {
  it('comes back exactly as it was', () => {
    fc.assert(
      fc.property(scanArbitrary, (scan) => {
        const text = [...encodeScan('key', scan)].join('');
        expect(decodeScan('key', text)).toStrictEqual(scan);
      }),
      { numRuns: 200 },
    );
  });

  it('comes back whole when its lists are written in several slices', () => {
    const scan = scanOf(4_500);
    expect(decodeScan('key', [...encodeScan('key', scan)].join(''))).toStrictEqual(scan);
  });

  it('comes back with the lists that are wanted alone, as they were, and the others empty', () => {
    fc.assert(
      fc.property(
        scanArbitrary,
        fc.subarray([...CLUSTER_SOURCES, ...SYSTEM_SOURCES]),
        (scan, some) => {
          const wanted = new Set(some);
          const read = decodeScan('key', [...encodeScan('key', scan)].join(''), wanted);
          const { clusters, systems } = scan.inventory;
          const expected = [...clusters, ...systems].map(({ lists }) =>
            Object.entries<Listing<unknown>>(lists).map(([name, { items }]) => [
              name,
              wanted.has(name as ListSource) ? items : [],
            ]),
          );
          const members = [...(read?.inventory.clusters ?? []), ...(read?.inventory.systems ?? [])];
          expect(
            members.map(({ lists }) =>
              Object.entries<Listing<unknown>>(lists).map(([name, { items }]) => [name, items]),
            ),
          ).toStrictEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is nothing once a byte of its end is missing', () => {
    const text = [...encodeScan('key', scanOf(3))].join('');
    const lines = text.split('\n');
    expect(decodeScan('key', text.slice(0, -1))).toBeUndefined();
    expect(decodeScan('key', lines.slice(0, 2).join('\n') + '\n')).toBeUndefined();
    expect(decodeScan('key', '')).toBeUndefined();
    expect(decodeScan('key', '1\n')).toBeUndefined();
  });

  it.each([
    ['takenAt', 'yesterday'],
    ['clusters', null],
    ['systems', [{ identity: null, coverage: {} }]],
    ['systems', [{ identity: { name: 'nas1' }, coverage: null }]],
    ['systems', [{ identity: { name: 'nas1' }, coverage: { datasets: 'complete' } }]],
    ['systems', [{ identity: { name: 'nas1', clock: 'noon' }, coverage: {} }]],
    ['drivers', {}],
    ['firstSeen', [['a']]],
    ['firstSeen', [['a', 'never']]],
    ['confirmed', 'all'],
    ['sources', [{ name: 'datasets' }]],
    ['sources', undefined],
  ])('is nothing where its %s is %j', (field, value) => {
    const [first = '', ...rest] = [...encodeScan('key', scanOf(1))];
    const header = { ...(JSON.parse(first) as object), [field]: value };
    expect(decodeScan('key', [`${JSON.stringify(header)}\n`, ...rest].join(''))).toBeUndefined();
  });

  it.each([
    ['no slice', '7'],
    ['no table', '{"side":"systems","member":0,"source":"datasets"}'],
    ['an unknown list', slice('{"rows":1,"columns":{}}', 'toString')],
    ['more rows than there are', slice('{"rows":1e9,"columns":{}}')],
    ['a column of nothing', slice('{"rows":1,"columns":{"id":null}}')],
    ['a column too short', slice('{"rows":1,"columns":{"id":{"each":[]}}}')],
    ['no date', slice('{"rows":1,"columns":{"createdAt":{"all":"noon"}}}')],
    ['a date beyond all dates', slice('{"rows":1,"columns":{"createdAt":{"all":1e300}}}')],
  ])('is nothing where a list is %s', (_case, line) => {
    const [first = '', , last = ''] = [...encodeScan('key', scanOf(1))];
    expect(decodeScan('key', `${first}${line}\n${last}`)).toBeUndefined();
  });

  it('is nothing to a reader of another format or another scan', () => {
    const text = [...encodeScan('key', scanOf(1))].join('');
    expect(decodeScan('other', text)).toBeUndefined();
    expect(decodeScan('key', text.replace(/"format":\d+/, '"format":1'))).toBeUndefined();
    expect(decodeScan('key', text.replace(/^.*\n/, '[]\n'))).toBeUndefined();
  });
});

describe('the cache', () => {
  it('gives back what was saved under the same key, and nothing under another', async () => {
    await using sandbox = await Sandbox.create();
    const { cache, messages } = open(sandbox.path('cache'));
    expect(await cache.load('a')).toBeUndefined();
    await cache.save('a', scanOf(2));
    expect(await cache.load('a')).toStrictEqual(scanOf(2));
    expect(await cache.load('b')).toBeUndefined();
    expect(messages).toEqual([]);
    expect(await readdir(sandbox.path('cache'))).toEqual(['scan-a.jsonl']);
  });

  it('gives back nothing older than its lifetime', async () => {
    await using sandbox = await Sandbox.create();
    const { cache } = open(sandbox.path('cache'));
    await cache.save('a', scanOf(1, new Date(NOW.getTime() - 3_600_001)));
    expect(await cache.load('a')).toBeUndefined();
  });

  it('is no cache where its file is damaged, with one line for whoever looks', async () => {
    await using sandbox = await Sandbox.create();
    const { cache, messages } = open(sandbox.path('cache'));
    await cache.save('a', scanOf(1));
    const path = sandbox.path('cache', 'scan-a.jsonl');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, 40));
    expect(await cache.load('a')).toBeUndefined();
    await writeFile(path, `{"format":1,"key":"a"\n${text}`);
    expect(await cache.load('a')).toBeUndefined();
    expect(messages.map(({ level, message }) => [level, message])).toEqual([
      ['debug', 'the kept scan is of another version or was cut short'],
      ['debug', 'the kept scan is not used'],
    ]);
  });

  it('is no cache where its directory cannot be used', async () => {
    await using sandbox = await Sandbox.create();
    await writeFile(sandbox.path('cache'), 'a file');
    const { cache, messages } = open(sandbox.path('cache'));
    await cache.save('a', scanOf(1));
    expect(await cache.load('a')).toBeUndefined();
    expect(messages.map(({ message }) => message)).toEqual([
      'the scan could not be kept',
      'the kept scan is not used',
    ]);
  });
});
