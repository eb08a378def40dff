import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type z } from 'zod';
import { makeReport } from '../../../src/lib/app/report.ts';
import { partial } from '../../../src/lib/core/model/coverage.ts';
import { NO_FILTER } from '../../../src/lib/core/model/filter.ts';
import { type FullReport } from '../../../src/lib/core/model/full-report.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { NO_SETTINGS } from '../../../src/lib/core/model/settings.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { fullReportToWire } from '../../../src/lib/core/render/wire/full-report.ts';
import {
  DOCUMENT_SCHEMAS,
  LIST_SCHEMAS,
} from '../../../src/lib/core/render/wire/served-schemas.ts';
import { composeScan } from '../../../src/lib/core/serve/compose-scan.ts';
import { filteredReport } from '../../../src/lib/core/serve/filtered-report.ts';
import { type PackedPart } from '../../../src/lib/core/serve/packed-text.ts';
import { type RowKeys, type WrittenRows } from '../../../src/lib/core/serve/served-rows.ts';
import {
  type DocumentName,
  DOCUMENTS,
  RESOURCE_LISTS,
  type ResourceList,
  type ServedScan,
} from '../../../src/lib/core/serve/served-scan.ts';
import { packing } from '../../../src/lib/server/answer/packing.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { toDriverConfig } from '../../../src/lib/lab/scenario/driver-config.ts';
import { SCENARIOS } from '../../../src/lib/lab/scenario/registry.ts';
import { type World } from '../../../src/lib/lab/scenario/world.ts';
import { unpackedPart, unpackedRow } from '../../support/packed-texts.ts';
import {
  type RunningWorld,
  runWorld,
  type ScanSurroundings,
  withPorts,
} from '../../support/scan-scenario.ts';

type Item<L extends ResourceList> = z.infer<(typeof LIST_SCHEMAS)[L]>['items'][number];

interface Served {
  readonly full: FullReport;
  readonly scan: ServedScan;
}

async function serve(running: RunningWorld, around: ScanSurroundings = {}): Promise<Served> {
  return await withPorts(running, around, async (ports) => {
    const { full, judgement } = await makeReport(ports, {
      drivers: running.world.drivers.map(toDriverConfig),
      policy: DEFAULT_POLICY,
      ignore: [],
      wholeEstate: true,
      maxAge: millis(0),
      cacheKey: 'test',
      signal: AbortSignal.timeout(60_000),
      settings: NO_SETTINGS,
      days: 30,
      minSeverity: null,
      previous: null,
    });
    return { full, scan: composeScan('scan-1', full, judgement, 0, packing) };
  });
}

async function serveWorld(world: World, around: ScanSurroundings = {}): Promise<Served> {
  await using running = await runWorld(world);
  return await serve(running, around);
}

function parsed(part: PackedPart): unknown {
  return JSON.parse(unpackedPart(part));
}

function rowsIn(rows: WrittenRows): readonly unknown[] {
  return Array.from(rows.ends, (_, index) => JSON.parse(unpackedRow(rows, index)) as unknown);
}

function keysIn({ lists }: ServedScan, list: ResourceList): readonly RowKeys[] {
  return parsed(lists[list].keys) as readonly RowKeys[]; // as `servedList` writes them
}

function rows<L extends ResourceList>({ lists }: ServedScan, list: L): readonly Item<L>[] {
  return rowsIn(lists[list]) as readonly Item<L>[]; // what they are, a test of its own says
}

function documentIn({ documents }: ServedScan, name: DocumentName): unknown {
  return parsed(documents[name]);
}

/** What does not answer to its schema, in words. */
function faults(scan: ServedScan): readonly string[] {
  const lists = RESOURCE_LISTS.flatMap((list) =>
    rowsIn(scan.lists[list]).flatMap((row) => {
      const { error } = LIST_SCHEMAS[list].shape.items.element.safeParse(row);
      return error === undefined ? [] : [`${list}: ${error.message}`];
    }),
  );
  const documents = DOCUMENTS.flatMap((name) => {
    const { error } = DOCUMENT_SCHEMAS[name].safeParse(documentIn(scan, name));
    return error === undefined ? [] : [`${name}: ${error.message}`];
  });
  return [...lists, ...documents];
}

describe('of the demo', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serveWorld(demo.build('25.10'));
  });

  test('every row and document is by its published schema', () => {
    expect(faults(served.scan)).toEqual([]);
    for (const list of RESOURCE_LISTS) {
      expect(keysIn(served.scan, list).length).toBeGreaterThan(0);
      expect(keysIn(served.scan, list)).toHaveLength(served.scan.lists[list].ends.length);
    }
  });

  test('the summary of an empty query is that of the report', () => {
    const { summary, findings } = filteredReport(served.scan, {
      filter: NO_FILTER,
      rules: null,
      allowed: null,
    });
    expect(summary).toEqual(served.full.report.summary);
    expect(findings).toHaveLength(served.full.report.findings.length);
  });

  test('the detailed report, which is put together from others, is the one the command prints', () => {
    const wire: unknown = JSON.parse(JSON.stringify(fullReportToWire(served.full)));
    const detailed = documentIn(served.scan, 'reports/detailed');
    expect(detailed).toEqual(wire);
    expect(detailed).toMatchObject({ analysis: documentIn(served.scan, 'analysis') });
  });

  test('a volume and its dataset know each other', () => {
    const { scan } = served;
    const found = rows(scan, 'resources/pvs').filter(({ backend }) => backend.state === 'found');
    expect(found.length).toBeGreaterThan(5);
    const datasets = new Map(rows(scan, 'truenas/volumes').map((each) => [each.name, each]));
    for (const volume of found) {
      const dataset = datasets.get(volume.backend.dataset ?? '');
      expect(dataset?.users).toContainEqual(
        expect.objectContaining({ name: volume.name, claim: volume.claim?.name ?? null }),
      );
    }
  });

  test('every finding about an object is named in the row of that object', () => {
    const { scan, full } = served;
    const named = new Set(
      RESOURCE_LISTS.flatMap((list) => rowsIn(scan.lists[list])).flatMap(
        (row) => (row as { readonly finding_ids?: readonly string[] }).finding_ids ?? [],
      ),
    );
    const listed = ['PersistentVolume', 'PersistentVolumeClaim', 'Dataset', 'Zvol', 'ZfsSnapshot'];
    const missing = full.report.findings.filter(
      ({ id, subject }) => listed.includes(subject.type) && !named.has(id),
    );
    expect(missing.map(({ rule, subject }) => `${rule} ${subject.name}`)).toEqual([]);
  });

  test('a snapshot and its ZFS snapshot know each other', () => {
    const { scan } = served;
    const zfs = new Map(rows(scan, 'truenas/snapshots').map((each) => [each.name, each]));
    const backed = rows(scan, 'resources/snapshots').filter(
      ({ backend }) => backend?.state === 'found' && backend.id?.includes('@') === true,
    );
    expect(backed.length).toBeGreaterThan(0);
    for (const { backend } of backed) {
      expect(zfs.get(backend?.id ?? '')).toMatchObject({ claimed: true, system: backend?.system });
    }
  });

  test('what a namespace has can be told from the rest, on both sides', () => {
    const { scan } = served;
    const keys = keysIn(scan, 'truenas/volumes');
    for (const [index, { users }] of rows(scan, 'truenas/volumes').entries()) {
      const namespaces = new Set(users.map(({ namespace }) => namespace));
      if (namespaces.size === 1) expect([...namespaces]).toEqual([keys[index]?.namespace]);
    }
    const ofSnapshots = new Set(keysIn(scan, 'truenas/snapshots').map((key) => key.namespace));
    expect(ofSnapshots.size).toBeGreaterThan(1);
  });

  test('the parts of a validation are checks of it, and each of them only once', () => {
    const { scan } = served;
    const ids = (name: 'validate' | 'validate/config' | 'validate/connectivity') =>
      DOCUMENT_SCHEMAS[name].parse(documentIn(scan, name)).results.map(({ id }) => id);
    const parts = [...ids('validate/config'), ...ids('validate/connectivity')];
    expect(new Set(parts).size).toBe(parts.length);
    expect(ids('validate')).toEqual(expect.arrayContaining(parts));
    expect(ids('validate/connectivity').length).toBeGreaterThan(0);
  });

  test('crosses threads: it is data, and what is part of the detailed report is there once', () => {
    const copy = structuredClone(served.scan);
    expect(copy).toEqual(served.scan);
    expect(copy.documents.analysis.text).toBe(copy.documents['reports/detailed'].text);
  });
});

describe('where pods and volumes were not read', () => {
  test('nobody is said not to use a claim, and no class to have no volume', async () => {
    const { scan } = await serveWorld(demo.build('25.10'), {
      aroundCluster: (reader) => ({
        name: reader.name,
        identify: (signal) => reader.identify(signal),
        connection: () => reader.connection(),
        close: () => reader.close(),
        list: async (source, signal) => {
          const listing = await reader.list(source, signal);
          return source === 'pods' || source === 'persistentVolumes'
            ? { ...listing, coverage: partial('page 2 failed') }
            : listing;
        },
      }),
    });
    expect(faults(scan)).toEqual([]);
    expect(rows(scan, 'resources/pvcs').map(({ pods }) => pods)).not.toContainEqual([]);
    for (const { volumes } of rows(scan, 'resources/storageclasses')) expect(volumes).toBeNull();
    expect(documentIn(scan, 'reports/summary')).toMatchObject({
      complete: false,
      orphans: { total_pvs: null },
    });
  });
});

describe('of every world there is a name for', () => {
  let all: readonly World[];

  beforeAll(() => {
    all = SCENARIOS.map((scenario) => scenario.build('25.10'));
  });

  afterAll(() => {
    all = [];
  });

  test('every row and document is by its published schema', { timeout: 300_000 }, async () => {
    for (const world of all) expect(faults((await serveWorld(world)).scan)).toEqual([]);
  });
});
