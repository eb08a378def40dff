import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeRows, listingOf, requested } from '../../../src/lib/adapters/truenas/decode-rows.ts';
import { textOf } from '../../../src/lib/adapters/truenas/decode-values.ts';
import { type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { type SystemSource } from '../../../src/lib/core/model/inventory.ts';
import {
  type LabSystem,
  TRUENAS_VERSIONS,
  type TrueNasVersion,
} from '../../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { type NasReader } from '../../../src/lib/ports/nas.ts';
import { open, patient, startFake } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

type Transport = NasOptions['transport'];

const COMBINATIONS: readonly (readonly [string, TrueNasVersion, Transport])[] = [
  ...TRUENAS_VERSIONS.map((version) => [version, version, 'auto'] as const),
  ['25.10 over REST', '25.10', 'rest'],
];

async function readerOf(system: LabSystem, transport: Transport): Promise<NasReader> {
  const lab = await startTrueNasLab(system, { now: () => new Date('2026-11-22T01:02:03Z') });
  onTestFinished(() => lab.close());
  return await open(lab.url, { apiKey: KEY, transport });
}

/** The world of the tests, with rows that no version would give. */
function withOddRows(version: TrueNasVersion, oddRows: Record<string, unknown[]>): LabSystem {
  return { ...aSystem(version), oddRows };
}

describe.each(COMBINATIONS)('TrueNAS %s', (_name, version, transport) => {
  const isRest = transport === 'rest' || version === '24.10';
  const isNew = version === '25.10' || version === '26';
  const datasetMethod = isNew && !isRest ? 'zfs.resource.query' : 'pool.dataset.query';
  const snapshotMethod = {
    '24.10': 'zfs.snapshot.query',
    '25.04': 'zfs.snapshot.query',
    '25.10': 'pool.snapshot.query',
    '26': 'zfs.resource.snapshot.query',
  }[version];

  const OBJECTS: readonly (readonly [SystemSource, string, unknown, string])[] = [
    ['nfsShares', 'sharing.nfs.query', { id: 99, path: '/mnt/x', enabled: 'no' }, '/mnt/x'],
    ['smbShares', 'sharing.smb.query', { id: 99, path: null, name: 'odd' }, 'odd'],
    ['iscsiTargets', 'iscsi.target.query', { id: 99, name: 'odd' }, 'odd'],
    ['iscsiInitiators', 'iscsi.initiator.query', { comment: 'nodes' }, 'number 2 of the answer'],
    ['iscsiExtents', 'iscsi.extent.query', { id: 99, type: 'TAPE', path: 'x' }, 'x'],
    ['iscsiTargetExtents', 'iscsi.targetextent.query', { id: 99, target: 'a' }, 'a'],
    ['iscsiSessions', 'iscsi.global.sessions', { target: 'iqn.x:y' }, 'iqn.x:y'],
    ['pools', 'pool.query', { name: 'half' }, 'half'],
    ['snapshotTasks', 'pool.snapshottask.query', { id: 99 }, 'id 99'],
    ['replicationTasks', 'replication.query', 'a task', 'number 3 of the answer'],
    ['runningJobs', 'core.get_jobs', { id: 99, state: 'RUNNING', method: null }, 'id 99'],
    ['iscsiPortals', 'iscsi.portal.query', { id: 99, listen: ['10.0.0.1'] }, 'id 99'],
    ['services', 'service.query', { id: 99, service: 'odd', state: null }, 'id 99'],
    ['alerts', 'alert.list', { uuid: 'u', klass: 'Odd' }, 'number 1 of the answer'],
    ['addresses', 'interface.ip_in_use', { address: null }, 'number 2 of the answer'],
    ...(isRest
      ? []
      : ([['iscsiAuths', 'iscsi.auth.query', { id: 99, tag: 'x' }, 'id 99']] as const)),
    ...(isNew
      ? ([
          ['nvmetNamespaces', 'nvmet.namespace.query', { device_path: 'zvol/x' }, 'zvol/x'],
          ['nvmetSubsystems', 'nvmet.subsys.query', { id: 99, name: 'odd' }, 'odd'],
          ['nvmetSessions', 'nvmet.global.sessions', { subsys_id: 'x' }, 'number 2 of the answer'],
        ] as const)
      : []),
  ];

  it.each(OBJECTS)(
    'sets an odd row of %s aside and names it',
    async (source, method, row, name) => {
      const nas = await readerOf(withOddRows(version, { [method]: [row] }), transport);
      const sane = await readerOf(aSystem(version), transport);
      const listing = await nas.list(source, patient());
      expect(listing.unreadable).toEqual([name]);
      expect(listing.coverage).toMatchObject({
        state: 'partial',
        reason: expect.stringMatching(
          /^nas1 \(127\.0\.0\.1\) answered with 1 of \d+ objects in an unknown shape: /,
        ) as unknown,
      });
      // Nothing else is lost for it.
      expect(listing.items).toEqual((await sane.list(source, patient())).items);
    },
  );

  it('sets odd datasets aside, with or without a name', async () => {
    const rows = [{ id: 'tank/odd', name: 'tank/odd', type: 'BOOKMARK' }, 'tank/text'];
    const nas = await readerOf(withOddRows(version, { [datasetMethod]: rows }), transport);
    const { coverage, items, unreadable } = await nas.list('datasets', patient());
    expect(coverage.state).toBe('partial');
    expect(items).toHaveLength(8);
    expect(unreadable?.[0]).toBe('tank/odd');
    expect(unreadable?.[1]).toMatch(/^number \d+ of the answer$/);
  });

  it('neither finds a dataset it does not understand, nor calls it absent', async () => {
    const rows = [{ id: 'tank/k8s/odd', name: 'tank/k8s/odd', type: 'BOOKMARK' }];
    const nas = await readerOf(withOddRows(version, { [datasetMethod]: rows }), transport);
    const few = await nas.lookUpDatasets(['tank/k8s/odd', 'tank/k8s/gone'], patient());
    expect([...few.absent]).toEqual(['tank/k8s/gone']);
    expect(few.found.size).toBe(0);
    expect(few.coverage.state).toBe('partial');
    const gone = Array.from({ length: 250 }, (_, index) => `tank/k8s/gone-${index}`);
    const many = await nas.lookUpDatasets([...gone, 'tank/k8s/odd'], patient());
    expect(many.absent).toEqual(new Set(gone));
    expect(many.coverage).toMatchObject({
      state: 'partial',
      reason: expect.stringContaining('in an unknown shape for tank/k8s/odd') as unknown,
    });
  });

  it('calls nothing absent beside a dataset without a name', async () => {
    const nas = await readerOf(withOddRows(version, { [datasetMethod]: [{}] }), transport);
    // All in the first pool, where a row without a name stands.
    const gone = Array.from({ length: 250 }, (_, index) => `fast/vols/gone-${index}`);
    const result = await nas.lookUpDatasets([...gone, 'fast/vols/pvc-2'], patient());
    expect([...result.found.keys()]).toEqual(['fast/vols/pvc-2']);
    expect(result.absent.size).toBe(isNew && !isRest ? 250 : 0);
  });

  it('sets odd snapshots aside, and calls none of them absent', async () => {
    const odd = { id: 7, name: ['tank/k8s/pvc-1@odd'], dataset: 'tank/k8s/pvc-1', pool: 'tank' };
    const flat = { id: 'tank/k8s/flat', name: 'tank/k8s/flat', dataset: 'tank/k8s/pvc-1' };
    const nas = await readerOf(withOddRows(version, { [snapshotMethod]: [odd, flat] }), transport);
    const listing = await nas.list('zfsSnapshots', patient());
    expect(listing.coverage.state).toBe('partial');
    expect(listing.items).toHaveLength(2);
    expect(listing.unreadable).toHaveLength(2);
    const ids = Array.from({ length: 250 }, (_, index) => `tank/k8s/pvc-1@gone-${index}`);
    const result = await nas.lookUpSnapshots([...ids, 'tank/k8s/pvc-1@snapshot-1'], patient());
    expect([...result.found.keys()]).toEqual(['tank/k8s/pvc-1@snapshot-1']);
    expect(result.absent.size).toBe(version === '26' ? 250 : 0);
  });

  it('passes names in any script, with spaces and plus signs, twice over', async () => {
    const system = aSystem(version);
    const [tank] = system.datasets;
    if (tank === undefined) throw new Error('no dataset');
    const ids = ['tank/k8s/データ', 'tank/k8s/été', 'tank/k8s/a b+c', 'tank/k8s/pvc:1_x.y-z'];
    const huge = 2 ** 60;
    system.datasets.push(...ids.map((id) => ({ ...tank, id, usedbydataset: huge })));
    system.nfsShares.push(
      { id: 50, path: '/mnt/tank/k8s/データ', comment: '説明', enabled: true },
      { id: 51, path: '/mnt/tank/k8s/データ', comment: '説明', enabled: true },
    );
    const nas = await readerOf(system, transport);
    const datasets = await nas.list('datasets', patient());
    expect(datasets.coverage.state).toBe('complete');
    expect(datasets.items.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(datasets.items.find(({ id }) => id === ids[0])?.usedByDataset).toEqual({
      bytes: Number.MAX_SAFE_INTEGER,
      approximate: true,
    });
    const shares = await nas.list('nfsShares', patient());
    expect(shares.items.filter(({ comment }) => comment === '説明')).toHaveLength(2);
    const result = await nas.lookUpDatasets([...ids, 'tank/k8s/失'], patient());
    expect([...result.found.keys()].sort()).toEqual([...ids].sort());
    expect([...result.absent]).toEqual(['tank/k8s/失']);
  });
});

describe.each(COMBINATIONS)(
  'a pool with a space in its name on %s',
  (_name, version, transport) => {
    it('is listed and looked up like any other', async () => {
      const system = aSystem(version);
      const [pool] = system.pools;
      const [dataset] = system.datasets;
      const [snapshot] = system.snapshots;
      if (pool === undefined || dataset === undefined || snapshot === undefined) throw new Error();
      system.pools.push({ ...pool, name: 'my pool' });
      system.datasets.push(
        { ...dataset, id: 'my pool' },
        { ...dataset, id: 'my pool/a b', type: 'VOLUME', volsize: 4096 },
      );
      system.snapshots.push({ ...snapshot, id: 'my pool/a b@snap:1.0' });
      const [extent] = system.iscsiExtents;
      if (extent === undefined) throw new Error('no extent');
      system.iscsiExtents.push({ ...extent, id: 60, path: 'zvol/my+pool/a+b' });
      const nas = await readerOf(system, transport);
      const datasets = await nas.list('datasets', patient());
      expect(datasets.items.find(({ id }) => id === 'my pool/a b')).toMatchObject({
        pool: 'my pool',
        kind: 'volume',
      });
      const extents = await nas.list('iscsiExtents', patient());
      expect(extents.items.map(({ path }) => path)).toContain('zvol/my+pool/a+b');
      const gone = Array.from({ length: 250 }, (_, index) => `my pool/gone ${index}@s`);
      for (const ids of [gone.slice(0, 2), gone]) {
        const looked = await nas.lookUpSnapshots([...ids, 'my pool/a b@snap:1.0'], patient());
        expect(looked.coverage.state).toBe('complete');
        expect([...looked.found.keys()]).toEqual(['my pool/a b@snap:1.0']);
        expect(looked.absent.size).toBe(ids.length);
      }
      const looked = await nas.lookUpDatasets(['my pool/a b', 'my pool/b c', 'my pool'], patient());
      expect([...looked.absent]).toEqual(['my pool/b c']);
      expect(looked.found.size).toBe(2);
    });
  },
);

describe('an answer about another object', () => {
  const asked = 'tank/cafe\u0301';

  it('says nothing of the one that was asked for, over JSON-RPC', async () => {
    const row = { name: 'tank/café', type: 'FILESYSTEM', properties: {} };
    const nas = await startFake({ methods: { 'zfs.resource.query': () => [row] } });
    const result = await (await open(nas.url)).lookUpDatasets([asked], patient());
    expect(result.found.size + result.absent.size).toBe(0);
    expect(result.coverage.state).toBe('failed');
  });

  it('nor over REST', async () => {
    const nas = await startFake({
      http: (request, response) => {
        response.setHeader('content-type', 'application/json');
        const isVersion = request.url === '/api/v2.0/system/version';
        const row = { id: 'tank/café', type: 'FILESYSTEM' };
        response.end(JSON.stringify(isVersion ? 'TrueNAS-SCALE-24.10.2' : row));
        return true;
      },
    });
    const reader = await open(nas.url, { transport: 'rest' });
    const result = await reader.lookUpDatasets([asked], patient());
    expect(result.found.size + result.absent.size).toBe(0);
    expect(result.coverage).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('was answered with tank/café') as unknown,
    });
  });
});

describe('a pool that is not understood', () => {
  it.each(['25.10', '26'] as const)('leaves the datasets of %s incomplete', async (version) => {
    const oddRows = { 'pool.query': [{ id: 9, name: null, status: 'ONLINE' }] };
    const nas = await readerOf(withOddRows(version, oddRows), 'auto');
    for (const source of ['datasets', ...(version === '26' ? ['zfsSnapshots'] : [])] as const) {
      const listing = await nas.list(source as 'datasets', patient());
      expect(listing).toMatchObject({ coverage: { state: 'partial' }, unreadable: ['id 9'] });
      expect(listing.items.length).toBeGreaterThan(0);
    }
  });

  it('is read all the same where only its state is unknown', async () => {
    const nas = await startFake({
      methods: {
        'pool.query': () => [{ name: 'tank' }],
        'zfs.resource.query': () => [{ name: 'tank', type: 'FILESYSTEM', properties: {} }],
      },
    });
    const { coverage, items } = await (await open(nas.url)).list('datasets', patient());
    expect(coverage.state).toBe('complete');
    expect(items.map(({ id }) => id)).toEqual(['tank']);
  });
});

describe('decodeRows', () => {
  const decode = (row: Readonly<Record<string, unknown>>) => ({ id: textOf(row, 'id') });

  it('names no more than twenty, and counts them all', () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({ name: `n${index}` }));
    const listing = listingOf(decodeRows([{ id: 'a' }, ...rows], decode), 'nas1');
    expect(listing.unreadable).toHaveLength(20);
    expect(listing.coverage).toMatchObject({
      reason: 'nas1 answered with 30 of 31 objects in an unknown shape: "id" is no text',
    });
  });

  it('cuts a name that is no name', () => {
    const { misfits } = decodeRows([{ path: 'x'.repeat(5000) }], decode);
    expect(misfits[0]?.label).toHaveLength(300);
  });

  it('does not hide a mistake of its own', () => {
    expect(() =>
      decodeRows([{}], () => {
        throw new TypeError('a bug');
      }),
    ).toThrow('a bug');
  });

  it('finds nothing in an empty answer, and refuses one that is not understood', () => {
    expect(requested('a', decodeRows([], decode))).toBeUndefined();
    expect(requested('a', decodeRows([{ id: 'a' }, 7], decode))).toEqual({ id: 'a' });
    expect(() => requested('a', decodeRows([7], decode))).toThrow('a: it is no object');
    expect(() => requested('a', decodeRows([{ id: 'b' }], decode))).toThrow('answered with b');
  });
});
