import { afterEach, describe, expect, it } from 'vitest';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { closeLabs, login, loginLegacy, type Rpc, startLab } from './client.ts';

afterEach(closeLabs);

type Entry = Record<
  string,
  { value: unknown; parsed: unknown; source: string; source_info: unknown }
> & { id: string };

const open = async (version: TrueNasVersion): Promise<Rpc> => {
  const lab = await startLab(version);
  return version === '24.10' ? loginLegacy(lab) : login(lab);
};

const ALL = ['tank', 'tank/k8s', 'tank/k8s/a', 'tank/k8s/b', 'tank/k8s/clone', 'tank/secret'];

describe('filters and options', () => {
  it.each([
    [[['id', '=', 1]], [1]],
    [[['id', '!=', 1]], [2, 3]],
    [
      [
        ['id', '>', 1],
        ['id', '<', 3],
      ],
      [2],
    ],
    [[['id', '>=', 2]], [2, 3]],
    [[['id', '<=', 1]], [1]],
    [[['path', '~', '/mnt/tank/s']], [2]],
    [[['path', '~', 'tank']], []],
    [[['id', 'in', [1, 3]]], [1, 3]],
    [[['id', 'nin', [1, 3]]], [2]],
    [[['path', 'rin', 'secret']], [2]],
    [[['path', 'rnin', 'secret']], [1, 3]],
    [[['path', '^', '/mnt/tank/k8s']], [1, 3]],
    [[['path', '!^', '/mnt/tank/k8s']], [2]],
    [[['path', '$', 'deep']], [3]],
    [[['path', '!$', 'deep']], [1, 2]],
    [[['comment', 'C=', 'A']], [1]],
    [[['path', 'C^', '/MNT/TANK/S']], [2]],
    [[['comment', 'Cin', ['A']]], [1]],
    [
      [
        [
          'OR',
          [
            ['id', '=', 1],
            [
              ['id', '>', 1],
              ['enabled', '=', false],
            ],
          ],
        ],
      ],
      [1, 3],
    ],
    [[['missing', '!=', 1]], []],
    [[['security.0', '=', 'SYS']], []],
    [[['id', '>', 'a']], []],
  ])('%j keeps %j', async (filters, ids) => {
    const rpc = await open('25.10');
    const found = await rpc.value<{ id: number }[]>('sharing.nfs.query', [filters]);
    expect(found.map(({ id }) => id)).toEqual(ids);
  });

  it('follows dotted paths, escapes, wildcards and dates', async () => {
    const rpc = await open('25.10');
    const ids = async (filters: unknown[]) =>
      (await rpc.value<Entry[]>('pool.dataset.query', [filters, { select: ['id'] }])).map(
        ({ id }) => id,
      );
    expect(await ids([['used.parsed', '>', 9000]])).toEqual(['tank', 'tank/k8s', 'tank/k8s/b']);
    expect(await ids([['user_properties.x:name.value', '=', 'a']])).toEqual(['tank/k8s/a']);
    expect(await ids([['creation.parsed.$date', '<', '2020-01-01T00:00:00Z']])).toEqual([]);
    expect(
      await ids([
        ['creation.parsed.$date', '>', '2020-01-01T00:00:00Z'],
        ['id', '=', 'tank'],
      ]),
    ).toEqual(['tank']);
    const subsystems = await rpc.value<unknown[]>('nvmet.namespace.query', [
      [['subsys.id', '=', 1]],
      { select: ['id'] },
    ]);
    expect(subsystems).toEqual([{ id: 1 }]);
    const groups = [['groups.*.auth', '=', 7]];
    expect(await rpc.value('iscsi.target.query', [groups, { count: true }])).toBe(1);
    expect(
      await rpc.value('iscsi.target.query', [[['groups.0.auth', '=', 8]], { count: true }]),
    ).toBe(0);
    expect(
      await rpc.value('iscsi.global.sessions', [[['target', '$', ':b']], { count: true }]),
    ).toBe(1);
  });

  it('selects, aliases, orders, counts, gets and cuts', async () => {
    const rpc = await open('25.10');
    const query = (options: object, filters: unknown[] = []) =>
      rpc.value('sharing.nfs.query', [filters, options]);
    expect(
      await query({
        select: ['id', ['path', 'where'], 'nothing'],
        order_by: ['-id'],
        limit: 1,
        offset: 1,
      }),
    ).toEqual([{ id: 2, where: '/mnt/tank/secret' }]);
    expect(
      await query({ order_by: ['nulls_last:maproot_user', 'enabled', 'path'], select: ['id'] }),
    ).toEqual([{ id: 3 }, { id: 1 }, { id: 2 }]);
    expect(await query({ count: true })).toBe(3);
    expect(await query({ get: true, select: ['id'] }, [['id', '=', 2]])).toEqual({ id: 2 });
    expect(
      (await rpc.call('sharing.nfs.query', [[['id', '=', 9]], { get: true }])).error?.data,
    ).toMatchObject({ error: 22, reason: 'MatchNotFound()' });
    const nested = await rpc.value('pool.dataset.query', [
      [['id', '=', 'tank/k8s/a']],
      { select: ['used.parsed', 'used.rawvalue', 'refquota.parsed'] },
    ]);
    expect(nested).toEqual([
      { used: { parsed: 1100, rawvalue: '1100' }, refquota: { parsed: 5000 } },
    ]);
  });

  it.each([
    [[], { nonsense: 1 }],
    [[], { limit: 10_001 }],
    [[], { limit: -1 }],
    [[], { get: true, offset: 1 }],
    [[], { get: 'yes' }],
    [[], { select: 'id' }],
    [[], { select: [1] }],
    [[], { extra: [] }],
    [[], []],
    [{}, {}],
    [[['id', 'like', 1]], {}],
    [[['id', '=']], {}],
    [['id'], {}],
    [[['OR', []]], {}],
    [[['OR', [['OR', [['OR', [['id', '=', 1]]]]]]]], {}],
    [[['path', 'C~', 'x']], {}],
  ])('refuses filters %j with options %j', async (filters, options) => {
    const rpc = await open('25.10');
    expect((await rpc.call('sharing.nfs.query', [filters, options])).error?.code).toBe(-32602);
  });

  it('lets 24.10 take unknown options', async () => {
    expect(
      await (await open('24.10')).value('sharing.nfs.query', [[], { nonsense: 1, count: true }]),
    ).toBe(3);
  });
});

describe.each(['24.10', '25.04', '25.10', '26'] as const)('datasets on %s', (version) => {
  const recent = version === '25.10' || version === '26';

  it('are listed without pools that are not imported and without internal ones', async () => {
    const rpc = await open(version);
    const flat = await rpc.value<(Entry & { children: unknown[] })[]>('pool.dataset.query');
    expect(flat.map(({ id }) => id)).toEqual(ALL);
    expect(flat[1]?.children).toHaveLength(3);
    const roots = await rpc.value<Entry[]>('pool.dataset.query', [[], { extra: { flat: false } }]);
    expect(roots.map(({ id }) => id)).toEqual(['tank']);
    expect(await rpc.value('pool.query', [[], { count: true }])).toBe(1);
    const inner = { extra: { exclude_internal_datasets: false }, select: ['id'] };
    expect(await rpc.value('pool.dataset.query', [[], inner])).toHaveLength(
      version === '26' ? 7 : 6,
    );
  });

  it('are found without children as this version searches', async () => {
    const rpc = await open(version);
    const ids = async (filters: unknown[]) =>
      (
        await rpc.value<Entry[]>('pool.dataset.query', [
          filters,
          { extra: { retrieve_children: false } },
        ])
      ).map(({ id }) => id);
    expect(await ids([])).toEqual(['tank']);
    expect(await ids([['id', '=', 'tank/k8s/a']])).toEqual(['tank/k8s/a']);
    expect(await ids([['id', '^', 'tank/k8s/']])).toEqual(recent ? ALL.slice(2, 5) : []);
  });

  it('carry properties in the form of this version', async () => {
    const rpc = await open(version);
    const [a] = await rpc.value<Entry[]>('pool.dataset.query', [[['id', '=', 'tank/k8s/a']]]);
    const user = a?.['user_properties'] as unknown as Entry;
    expect(user['x:name']).toMatchObject({ value: 'a', source: 'LOCAL' });
    expect(user['x:managed']).toMatchObject(
      recent
        ? { source: 'LOCAL', source_info: null }
        : { source: 'INHERITED', source_info: 'tank/k8s' },
    );
    expect((recent ? user : a)?.['comments']).toMatchObject({ value: 'note' });
    expect(a?.['refquota']?.value).toBe(recent ? '4.88 KiB' : '4.88K');
    expect(a?.['available']?.parsed).toBe(4000);
    const [clone] = await rpc.value<Entry[]>('pool.dataset.query', [
      [['id', '=', 'tank/k8s/clone']],
      { extra: { properties: ['origin', 'guid'] } },
    ]);
    expect(clone?.['origin']).toMatchObject({
      rawvalue: 'tank/k8s/a@s1',
      value: recent ? 'TANK/K8S/A@S1' : 'tank/k8s/a@s1',
    });
    expect(clone?.['guid'] !== undefined).toBe(recent);
    expect(clone?.['used']).toBeUndefined();
  });

  it('add up what they use, and are locked with their shares', async () => {
    const rpc = await open(version);
    const get = (id: string) => rpc.value<Entry>('pool.dataset.get_instance', [id]);
    expect((await get('tank/k8s'))['used']?.parsed).toBe(1100 * 4 + 8192);
    expect((await get('tank/k8s'))['usedbychildren']?.parsed).toBe(1100 * 3 + 8192);
    expect(await get('tank/secret')).toMatchObject({
      locked: true,
      encrypted: true,
      key_loaded: false,
      encryption_root: 'tank/secret',
    });
    const shares = await rpc.value<{ locked: boolean }[]>('sharing.nfs.query');
    expect(shares.map(({ locked }) => locked)).toEqual([false, true, false]);
  });

  it('count as this version counts, and come with snapshots where asked', async () => {
    const rpc = await open(version);
    expect(
      await rpc.value('pool.dataset.query', [[['type', '=', 'VOLUME']], { count: true }]),
    ).toBe(recent ? 6 : 1);
    const options = {
      extra: { snapshots: true, snapshots_count: true, snapshots_properties: [], properties: [] },
    };
    const [a] = await rpc.value<object[]>('pool.dataset.query', [
      [['id', '=', 'tank/k8s/a']],
      options,
    ]);
    expect(a).toMatchObject({ snapshot_count: 1, snapshots: [{ snapshot_name: 's1' }] });
    expect(await rpc.value('pool.dataset.snapshot_count', ['tank/k8s/a'])).toBe(1);
    expect(await rpc.value('pool.dataset.processes', ['tank/k8s/a'])).toEqual([]);
    const [root] =
      await rpc.value<{ children: { children: object[] }[] }[]>('pool.dataset.details');
    expect(root?.children[0]?.children[0]).toMatchObject({
      snapshot_count: 1,
      nfs_shares: [{ path: '/mnt/tank/k8s/a' }, {}],
    });
    const full = { extra: { snapshots: true } };
    const [again] = await rpc.value<object[]>('pool.dataset.query', [
      [['id', '=', 'tank/k8s/a']],
      full,
    ]);
    expect(again).toMatchObject({ snapshots: [{ properties: { used: { parsed: 100 } } }] });
  });
});

describe.each(['24.10', '25.04', '25.10', '26'] as const)('snapshots on %s', (version) => {
  const service = version === '24.10' || version === '25.04' ? 'zfs.snapshot' : 'pool.snapshot';
  const query = async (filters: unknown[], options: object = {}) =>
    (await open(version)).value<Record<string, unknown>[]>(`${service}.query`, [filters, options]);

  it('are listed by name, dataset and transaction group', async () => {
    expect(await query([], { select: ['name'] })).toEqual([
      { name: 'tank/k8s/a@s1' },
      { name: 'tank/k8s/b@held' },
    ]);
    expect(await query([['dataset', '=', 'tank/k8s/a']], { select: ['name'] })).toHaveLength(1);
    expect(await query([['dataset', 'in', ['tank/k8s/a', 'tank/none']]])).toHaveLength(1);
    expect(await query([['id', '=', 'tank/none@s']])).toEqual([]);
    expect(await query([], { extra: { min_txg: 250 } })).toHaveLength(1);
    expect(await query([], { extra: { max_txg: 250 } })).toHaveLength(1);
    expect(await query([], { count: true })).toBe(2);
    expect(await query([['properties.used.parsed', '=', 100]])).toHaveLength(2);
  });

  it('carry user properties, source_info and holds as this version does', async () => {
    const [a, b] = await query([], { extra: { holds: true } });
    const properties = a?.['properties'] as Record<string, Record<string, unknown>>;
    expect(a?.['createtxg']).toBe('200');
    expect(properties['x:snap']?.['source']).toBe(version === '26' ? undefined : 'LOCAL');
    expect(properties['x:name']?.['source']).toBe(version === '26' ? undefined : 'INHERITED');
    expect('source_info' in (properties['used'] ?? {})).toBe(service === 'zfs.snapshot');
    expect('clones' in properties).toBe(version !== '26');
    expect(Object.keys(b?.['holds'] as object)).toEqual(
      version === '26' ? ['truenas'] : ['backup', 'truenas'],
    );
  });

  it('have no properties where only the cheapest were asked for', async () => {
    const [a] = await query([], { extra: { properties: ['name', 'createtxg'] } });
    expect('properties' in (a ?? {})).toBe(version === '26');
  });

  it('tell their retention', async () => {
    const rpc = await open(version);
    const options = { extra: { retention: true } };
    const unbounded = await rpc.call(`${service}.query`, [[], options]);
    expect(unbounded.error === undefined).toBe(version === '26');
    const [a] = await rpc.value<Record<string, unknown>[]>(`${service}.query`, [
      [['id', '=', 'tank/k8s/a@s1']],
      options,
    ]);
    expect(a?.['retention']).toMatchObject({
      source: 'periodic_snapshot_task',
      periodic_snapshot_task_id: 1,
    });
    expect('user_properties' in (a ?? {})).toBe(version === '26');
    const [b] = await rpc.value<Record<string, unknown>[]>(`${service}.query`, [
      [['id', '=', 'tank/k8s/b@held']],
      options,
    ]);
    expect(b?.['retention']).toBeNull();
  });

  it('are got by id', async () => {
    const rpc = await open(version);
    expect(await rpc.value(`${service}.get_instance`, ['tank/k8s/a@s1'])).toMatchObject({
      snapshot_name: 's1',
    });
    const missing = await rpc.call(`${service}.get_instance`, ['tank/k8s/a@s2']);
    expect(missing.error).toBeDefined();
  });
});

describe('zfs.resource.query', () => {
  it.each(['25.10', '26'] as const)(
    'walks a tree on %s, with guids written in full',
    async (version) => {
      const rpc = await open(version);
      const query = (data: object) => rpc.call('zfs.resource.query', [data]);
      const reply = await query({
        paths: ['tank/k8s'],
        get_children: true,
        properties: ['used', 'origin', 'refquota', 'keystatus'],
        get_user_properties: true,
      });
      const list = reply.result as {
        name: string;
        children: unknown;
        user_properties: object;
        properties: Record<string, { source: unknown }>;
      }[];
      expect(list.map(({ name }) => name)).toEqual(ALL.slice(1, 5));
      expect(list[1]?.user_properties).toEqual({
        'x:managed': 'true',
        'x:name': 'a',
        'org.freenas:description': 'note',
      });
      expect(list[1]?.children).toEqual(version === '26' ? null : []);
      expect(list[1]?.properties['used']?.source === null).toBe(version === '26');
      expect((await query({ paths: ['tank/secret'] })).result).toMatchObject([
        { properties: { keystatus: { raw: 'unavailable' } }, user_properties: null },
      ]);
      const text = await new Promise<string>((resolve) => {
        rpc.socket.once('message', (data: Buffer) => {
          resolve(data.toString());
        });
        void query({ paths: ['tank'] });
      });
      expect(text).toContain('"guid":12345678901234567890');
    },
  );

  it.each([
    [{ paths: ['tank/none'] }, 2],
    [{ paths: ['tank/k8s/a@s1'] }, 22],
    [{ paths: ['tank', 'tank/k8s'], get_children: true }, 22],
    [{ paths: ['tank', 'tank'] }, 22],
    [{ max_depth: 1 }, 22],
  ])('refuses %j', async (data, errno) => {
    const rpc = await open('25.10');
    expect((await rpc.call('zfs.resource.query', [data])).error?.data?.extra).toMatchObject([
      [expect.anything(), expect.anything(), errno],
    ]);
  });

  it('nests, and stops at a depth on 26', async () => {
    const rpc = await open('26');
    const data = {
      nest_results: true,
      get_children: true,
      max_depth: 1,
      properties: null,
      get_tier: true,
    };
    const [root] = await rpc.value<
      { properties: null; tier: null; children: { name: string; children: unknown[] }[] }[]
    >('zfs.resource.query', [data]);
    expect([root?.properties, root?.tier]).toEqual([null, null]);
    expect(root?.children.find(({ name }) => name === 'tank/k8s')?.children).toEqual([]);
  });
});

it('tells alerts, pools and services by state', async () => {
  const lab = await startLab('25.10');
  const rpc = await login(lab);
  expect(await rpc.value('alert.list')).toMatchObject([{ level: 'WARNING' }]);
  const [pool] = lab.system.pools;
  if (pool !== undefined) pool.status = 'FAULTED';
  expect(await rpc.value('pool.query')).toMatchObject([
    { size: null, topology: null, healthy: false },
  ]);
  expect(await rpc.value('iscsi.global.client_count')).toBe(1);
  expect((await rpc.call('sharing.nfs.get_instance', [9])).error?.data?.extra).toMatchObject([
    [null, expect.anything(), 2],
  ]);
  expect(await rpc.value('sharing.nfs.get_instance', [1])).toMatchObject({ id: 1 });
  expect(await rpc.value('system.boot_id')).toMatch(/^[0-9a-f-]{36}$/u);
  expect(await rpc.value('system.state')).toBe('READY');
  expect(await rpc.value('system.ready')).toBe(true);
  expect(await rpc.value('system.version_short')).toBe('25.10.1');
  expect(await rpc.value('system.product_type')).toBe('COMMUNITY_EDITION');
  expect((await rpc.call('pool.dataset.get_instance', [5])).error?.code).toBe(-32602);
  expect((await rpc.call('sharing.nfs.delete', ['x'])).error?.code).toBe(-32602);
  expect((await rpc.call('pool.dataset.delete', ['tank', []])).error?.code).toBe(-32602);
  expect((await rpc.call('pool.dataset.delete', ['tank', { other: 1 }])).error?.code).toBe(-32602);
});
