import { describe, expect, it, onTestFinished } from 'vitest';
import { type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { type SystemSource } from '../../../src/lib/core/model/inventory.ts';
import {
  type LabSystem,
  TRUENAS_VERSIONS,
  type TrueNasVersion,
} from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { startTrueNasLab, type TrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { type NasReader } from '../../../src/lib/ports/nas.ts';
import { fault, type Method, open, patient, startFake } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

const NOW = new Date('2026-11-22T01:02:03.000Z');
const system = 'nas1';

const COMBINATIONS: readonly (readonly [string, TrueNasVersion, NasOptions['transport']])[] = [
  ...TRUENAS_VERSIONS.map((version) => [version, version, 'auto'] as const),
  ['25.04 over REST', '25.04', 'rest'],
  ['25.10 over REST', '25.10', 'rest'],
];

interface Opened {
  readonly lab: TrueNasLab;
  readonly nas: NasReader;
}

async function openLab(
  world: LabSystem,
  options: Partial<NasOptions> = {},
  faults: TrueNasFaults = {},
): Promise<Opened> {
  const lab = await startTrueNasLab(world, { now: () => NOW, faults });
  onTestFinished(() => lab.close());
  return { lab, nas: await open(lab.url, { apiKey: KEY, ...options }) };
}

describe.each(COMBINATIONS)('TrueNAS %s', (_name, version, transport) => {
  const isRest = transport === 'rest' || version === '24.10';
  const isNew = version === '25.10' || version === '26';

  async function itemsOf<S extends SystemSource>(source: S, changes: Partial<LabSystem> = {}) {
    const { nas } = await openLab({ ...aSystem(version), ...changes }, { transport });
    const { coverage, items } = await nas.list(source, patient());
    expect(coverage).toEqual({ state: 'complete' });
    return items;
  }

  it('lists services, whether they run and whether they start with the system', async () => {
    const items = await itemsOf('services', {
      services: { nfs: { running: false }, iscsitarget: { atBoot: false } },
    });
    expect(items).toContainEqual({ system, name: 'nfs', running: false, atBoot: true });
    expect(items).toContainEqual({ system, name: 'iscsitarget', running: true, atBoot: false });
    expect(items).toContainEqual({ system, name: 'cifs', running: true, atBoot: true });
    expect(items).toContainEqual({ system, name: 'ups', running: false, atBoot: false });
    expect(items.some(({ name }) => name === 'nvmet')).toBe(isNew);
  });

  it('has no alerts where nothing is wrong', async () => {
    expect(await itemsOf('alerts')).toEqual([]);
  });

  it('lists alerts as text, without the HTML of the web interface', async () => {
    const items = await itemsOf('alerts', {
      alerts: [
        {
          id: 'a-1',
          level: 'WARNING',
          klass: 'ScrubPaused',
          text: 'Scrub for pool <b>tank</b> is paused:<br/>85% &lt; 100% &amp; waiting',
          at: '2026-11-20T00:00:00.000Z',
          dismissed: true,
        },
      ],
    });
    expect(items).toEqual([
      {
        system,
        id: 'a-1',
        level: 'WARNING',
        kind: 'ScrubPaused',
        text: 'Scrub for pool tank is paused: 85% < 100% & waiting',
        at: new Date('2026-11-20T00:00:00.000Z'),
        dismissed: true,
      },
    ]);
  });

  it('lists the addresses the system answers at', async () => {
    expect(await itemsOf('addresses', { addresses: ['10.0.0.7', 'fd00::7'] })).toEqual([
      { system, address: '10.0.0.7' },
      { system, address: 'fd00::7' },
    ]);
    expect(await itemsOf('addresses')).toHaveLength(1);
  });

  it('lists portals with what they listen on', async () => {
    expect(await itemsOf('iscsiPortals')).toEqual([{ system, id: 1, tag: 1, listen: ['0.0.0.0'] }]);
    const iscsiPortals = [{ id: 4, tag: 2, listen: ['10.0.0.7', 'fd00::7'] }];
    expect(await itemsOf('iscsiPortals', { iscsiPortals })).toEqual([
      { system, id: 4, tag: 2, listen: ['10.0.0.7', 'fd00::7'] },
    ]);
  });

  it('lists CHAP credentials without asking for a secret, or not at all', async () => {
    const iscsiAuths = [{ id: 3, tag: 7 }];
    const { lab, nas } = await openLab({ ...aSystem(version), iscsiAuths }, { transport });
    const listing = await nas.list('iscsiAuths', patient());
    const asked = lab.calls.filter(({ method }) => method.startsWith('iscsi.auth.'));
    if (isRest) {
      expect(listing).toEqual({
        coverage: {
          state: 'not_applicable',
          reason: 'over REST, CHAP credentials cannot be listed without their secrets',
        },
        items: [],
      });
      expect(asked).toEqual([]);
      return;
    }
    expect(listing).toEqual({
      coverage: { state: 'complete' },
      items: [{ system, id: 3, tag: 7 }],
    });
    expect(asked.map(({ params }) => params)).toEqual([[[], { select: ['id', 'tag'] }]]);
  });

  it('tells of a pool whether it is sound, how broken up its space is, and of its last scrub', async () => {
    const [pool] = aSystem(version).pools;
    if (pool === undefined) throw new Error('no pool');
    const at = '2026-11-01T00:00:00.000Z';
    const pools = [
      { ...pool, name: 'a', healthy: false, fragmentation: 61, scrub: { at, errors: 3 } },
      { ...pool, name: 'b', scrub: { at, kind: 'RESILVER', state: 'SCANNING' } as const },
      { ...pool, name: 'c', scrub: null },
      { ...pool, name: 'd', status: 'UNAVAIL' },
    ];
    expect(await itemsOf('pools', { pools })).toMatchObject([
      {
        healthy: false,
        fragmentation: 61,
        scrub: { kind: 'SCRUB', state: 'FINISHED', endedAt: new Date(at), errors: 3 },
      },
      {
        healthy: true,
        fragmentation: 0,
        scrub: { kind: 'RESILVER', state: 'SCANNING', endedAt: null, errors: 0 },
      },
      { healthy: true, scrub: null },
      { healthy: false, fragmentation: null, scrub: null },
    ]);
  });

  it('tells what a replication sends', async () => {
    const [task] = aSystem(version).replicationTasks.slice(-1);
    if (task === undefined) throw new Error('no task');
    const plain = { ...task };
    delete plain.snapshotTasks;
    delete plain.alsoSends;
    const items = await itemsOf('replicationTasks', {
      replicationTasks: [
        { ...plain, id: 1, sources: ['fast/vols'] },
        { ...plain, id: 2 },
        { ...plain, id: 3, nameRegex: 'auto-.*' },
      ],
    });
    expect(items.map(({ snapshotTasks, alsoSends }) => [snapshotTasks, alsoSends])).toEqual([
      [[10], []],
      [[], ['auto-%Y-%m-%d_%H-%M']],
      [[], ['auto-.*']],
    ]);
  });

  it('says who it is to TrueNAS', async () => {
    const roles = isRest ? ['FULL_ADMIN'] : ['READONLY_ADMIN'];
    const world = aSystem(version, roles);
    const [key] = world.apiKeys;
    if (key !== undefined)
      Object.assign(key, { name: 'monitor', expiresAt: '2026-12-01T00:00:00.000Z' });
    const { lab, nas } = await openLab(world, { transport });
    const { coverage, items } = await nas.list('account', patient());
    expect(coverage).toEqual({ state: 'complete' });
    if (isRest) {
      // REST has no call for it, and would send what the key is hashed to.
      expect(items).toEqual([{ system, username: 'monitor', roles: null, key: null }]);
      return;
    }
    const [account] = items;
    expect(account).toMatchObject({
      username: 'monitor',
      key: {
        name: 'monitor',
        expiresAt: new Date('2026-12-01T00:00:00.000Z'),
        revoked: false,
      },
    });
    expect(account?.roles).toEqual(expect.arrayContaining(['READONLY_ADMIN', 'POOL_READ']));
    expect(lab.calls.filter(({ method }) => method.startsWith('api_key.'))).toMatchObject([
      { params: [[['id', '=', 3]], { select: ['id', 'name', 'expires_at', 'revoked'] }] },
    ]);
  });

  it('says which of the methods it calls are open to its user', async () => {
    const roles = isRest ? ['FULL_ADMIN'] : ['POOL_READ', 'SHARING_NFS_READ'];
    const { nas } = await openLab(aSystem(version, roles), { transport });
    const { coverage, items } = await nas.list('methods', patient());
    expect(coverage).toEqual({ state: 'complete' });
    const may = new Map(items.map(({ name, allowed }) => [name, allowed]));
    const yes = isRest ? null : true;
    const no = isRest ? null : false;
    expect(may.size).toBe(items.length);
    expect(may.get('pool.query')).toBe(yes);
    expect(may.get('sharing.nfs.query')).toBe(yes);
    expect(may.get('sharing.smb.query')).toBe(no);
    expect(may.get('pool.dataset.attachments')).toBe(no);
    expect(may.get('alert.list')).toBe(no);
    expect(may.has('nvmet.subsys.query')).toBe(isNew);
    expect(may.has('iscsi.auth.query')).toBe(!isRest);
  });

  it('calls no method beside those, save what is open to everybody', async () => {
    const { lab, nas } = await openLab(aSystem(version), { transport });
    await nas.identify(patient());
    const { items } = await nas.list('methods', patient());
    const sources = [
      'datasets',
      'zfsSnapshots',
      'pools',
      'account',
      'alerts',
      'addresses',
    ] as const;
    for (const source of sources) await nas.list(source, patient());
    await nas.lookUpDatasets(['tank/k8s/pvc-1'], patient());
    await nas.lookUpSnapshots(['tank/k8s/pvc-1@snapshot-1'], patient());
    const listed = new Set(items.map(({ name }) => name));
    const others = lab.calls
      .map(({ method }) => method.replace(/\.get_instance$/, '.query'))
      .filter((method) => !listed.has(method));
    const free = /^(?:auth\.|core\.|system\.version)/;
    expect(others.filter((method) => !free.test(method))).toEqual([]);
  });

  it('names the right that a denied list lacks, and lists the rest', async () => {
    const deniedMethods = ['service.query', 'alert.list', 'interface.ip_in_use', 'iscsi.portal.*'];
    const { nas } = await openLab(aSystem(version), { transport }, { deniedMethods });
    const lists = await Promise.all(
      (['services', 'alerts', 'addresses', 'iscsiPortals'] as const).map((source) =>
        nas.list(source, patient()),
      ),
    );
    const wanted = isRest
      ? Array.from({ length: 4 }, () => 'full administrator')
      : ['SERVICE_READ', 'ALERT_LIST_READ', 'NETWORK_INTERFACE_READ', 'SHARING_ISCSI_PORTAL_READ'];
    expect(lists.map(({ coverage }) => coverage)).toEqual(
      wanted.map((right) => ({
        state: 'failed',
        reason: expect.stringContaining(right) as unknown,
      })),
    );
    expect((await nas.list('pools', patient())).coverage.state).toBe('complete');
    const { items } = await nas.list('methods', patient());
    expect(items.find(({ name }) => name === 'alert.list')?.allowed).toBe(isRest ? null : false);
  });
});

it('shares equal groups among targets, and one empty list among shares', async () => {
  const world = aSystem('25.10');
  const [target] = world.iscsiTargets;
  const [, share] = world.nfsShares;
  if (target === undefined || share === undefined) throw new Error('nothing to copy');
  world.iscsiTargets.push({ ...target, id: 50 }, { ...target, id: 51, groups: [] });
  world.nfsShares.push({ ...share, id: 50 });
  const { nas } = await openLab(world);
  const { items: targets } = await nas.list('iscsiTargets', patient());
  expect(targets[1]?.groups).toBe(targets[0]?.groups);
  expect(targets[2]?.groups).toEqual([]);
  const { items: shares } = await nas.list('nfsShares', patient());
  expect(shares[2]?.networks).toBe(shares[1]?.networks);
  expect(shares[2]?.hosts).toBe(shares[1]?.networks);
});

describe('the account', () => {
  const me = { pw_name: 'monitor', privilege: { roles: { $set: ['READONLY_ADMIN'] } } };

  async function accountOf(methods: Record<string, Method>, options: Partial<NasOptions> = {}) {
    const nas = await startFake({ methods: { 'auth.me': () => me, ...methods } });
    return await (await open(nas.url, options)).list('account', patient());
  }

  it('has no key after a login by password, which is then not asked for', async () => {
    const password = { apiKey: null, username: 'monitor', password: 'pw' };
    const { items } = await accountOf({}, password);
    expect(items).toEqual([{ system, username: 'monitor', roles: ['READONLY_ADMIN'], key: null }]);
  });

  it('has no key that may not be read, does not exist, or expires at an unknown time', async () => {
    const entry = { id: 1, name: 'k', revoked: false };
    const answers: readonly Method[] = [
      () => {
        throw fault(13, 'EACCES');
      },
      () => [],
      () => [{ ...entry, id: 2, expires_at: null }],
      () => [{ ...entry, expires_at: 'tomorrow' }],
    ];
    for (const answer of answers) {
      const { coverage, items } = await accountOf({ 'api_key.query': answer });
      expect(coverage.state).toBe('complete');
      expect(items[0]?.key).toBeNull();
    }
    const never = await accountOf({ 'api_key.query': () => [{ ...entry, expires_at: null }] });
    expect(never.items[0]?.key).toEqual({ name: 'k', expiresAt: null, revoked: false });
  });

  it('takes roles as a set or as a list, and none for not told', async () => {
    const keyless = { 'api_key.query': () => [] };
    for (const [privilege, roles] of [
      [{ roles: ['A', 7] }, ['A']],
      [{ roles: { $set: ['A', 'B'] } }, ['A', 'B']],
      [{ roles: 'A' }, null],
      [null, null],
    ] as const) {
      const { items } = await accountOf({
        ...keyless,
        'auth.me': () => ({ pw_name: 'monitor', privilege }),
      });
      expect(items[0]?.roles).toEqual(roles);
    }
  });

  it('is not understood without a name', async () => {
    for (const answer of [null, {}]) {
      const { coverage } = await accountOf({
        'auth.me': () => answer,
        'api_key.query': () => [],
      });
      expect(coverage.state).toBe('failed');
    }
  });

  it('goes over REST by what was configured', async () => {
    const { nas } = await openLab(aSystem('24.10'), { username: null });
    expect((await nas.list('account', patient())).items[0]?.username).toBe('API key 3');
  });
});

describe('the methods', () => {
  async function methodsOf(methods: Record<string, Method>) {
    const nas = await startFake({ methods });
    const listing = await (await open(nas.url)).list('methods', patient());
    expect(listing.coverage.state).toBe('complete');
    const may = new Map(listing.items.map(({ name, allowed }) => [name, allowed]));
    return { may, calls: nas.calls };
  }

  const withPrivilege = (privilege: unknown) => ({
    'auth.me': () => ({ pw_name: 'monitor', privilege }),
  });

  it('are all open to a full administrator', async () => {
    const { may } = await methodsOf(
      withPrivilege({ roles: { $set: ['FULL_ADMIN'] }, allowlist: [] }),
    );
    expect([...new Set(may.values())]).toEqual([true]);
  });

  it('are those of the list TrueNAS decides by, patterns included', async () => {
    const { may, calls } = await methodsOf(
      withPrivilege({
        roles: { $set: [] },
        allowlist: [
          { method: 'CALL', resource: 'pool.query' },
          { method: 'CALL', resource: 'iscsi.*.query' },
          { method: 'SUBSCRIBE', resource: 'alert.list' },
          { method: '*', resource: 'service.query' },
          { method: 'CALL', resource: null },
          'sharing.nfs.query',
        ],
      }),
    );
    const open = [...may].filter(([, allowed]) => allowed === true).map(([name]) => name);
    expect(open.sort()).toEqual([
      'iscsi.auth.query',
      'iscsi.extent.query',
      'iscsi.initiator.query',
      'iscsi.portal.query',
      'iscsi.target.query',
      'iscsi.targetextent.query',
      'pool.query',
      'service.query',
    ]);
    expect(calls).not.toContain('core.get_methods');
  });

  it('are asked for by service where that list is empty', async () => {
    const { may } = await methodsOf({
      ...withPrivilege({ roles: { $set: ['POOL_READ'] }, allowlist: [] }),
      'core.get_methods': ([service]) => {
        if (service === 'alert') throw fault(13, 'EACCES');
        return service === 'pool' ? { 'pool.query': {}, 'pool.get_instance': {} } : {};
      },
    });
    expect(may.get('pool.query')).toBe(true);
    expect(may.get('service.query')).toBe(false);
    expect(may.get('alert.list')).toBeNull();
  });

  it('are not told where neither may be asked', async () => {
    const { may } = await methodsOf({});
    expect([...new Set(may.values())]).toEqual([null]);
  });
});
