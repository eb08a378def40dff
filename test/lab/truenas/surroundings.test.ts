import { afterEach, describe, expect, it } from 'vitest';
import { type LabSystem, type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { METHODS } from '../../../src/lib/lab/truenas/registry.ts';
import { withIncluded } from '../../../src/lib/lab/truenas/roles.ts';
import { aSystem, closeLabs, login, NOW, READER, type Rpc, startLab } from './client.ts';

afterEach(closeLabs);

const VERSIONS = ['25.04', '25.10', '26'] as const;

async function ask(
  version: TrueNasVersion,
  changes: Partial<LabSystem> = {},
  key?: string,
): Promise<Rpc> {
  const lab = await startLab(version, {}, { ...aSystem(version), ...changes });
  return await login(lab, key);
}

type Row = Record<string, unknown>;

describe.each(VERSIONS)('TrueNAS %s', (version) => {
  it('runs what exports, and starts it with the system', async () => {
    const services = await (await ask(version)).value<Row[]>('service.query');
    const running = services.filter(({ state }) => state === 'RUNNING');
    const names = running.map(({ service }) => service).sort();
    const hasNvmet = version !== '25.04';
    expect(names).toEqual(['cifs', 'iscsitarget', 'nfs', ...(hasNvmet ? ['nvmet'] : []), 'ssh']);
    expect(running.every(({ enable }) => enable === true)).toBe(true);
  });

  it('has a service down, or not starting, where the world says so', async () => {
    const rpc = await ask(version, { services: { nfs: { running: false, atBoot: false } } });
    expect(await rpc.value('service.query', [[['service', '=', 'nfs']]])).toMatchObject([
      { enable: false, state: 'STOPPED', pids: [] },
    ]);
  });

  it('has scrubbed each pool 5 days ago, unless the world says otherwise', async () => {
    const fiveDaysAgo = NOW.getTime() - 5 * 86_400_000;
    expect(await (await ask(version)).value('pool.query')).toMatchObject([
      {
        scan: { function: 'SCRUB', state: 'FINISHED', end_time: { $date: fiveDaysAgo }, errors: 0 },
      },
    ]);
    const pools = aSystem(version).pools.map((pool) => ({ ...pool, scrub: null }));
    const [pool] = await (await ask(version, { pools })).value<Row[]>('pool.query');
    if (version === '26') expect(pool?.['scan']).toBeNull();
    else expect(pool?.['scan']).toMatchObject({ function: null, state: null, errors: null });
  });

  it('tells a key with its expiry, and of its secrets nothing', async () => {
    const rpc = await ask(version);
    const keys = await rpc.value<Row[]>('api_key.query', [[['id', 'in', [1, 3]]]]);
    expect(keys).toMatchObject([
      { id: 1, username: 'admin', expires_at: null, revoked: false },
      { id: 3, username: 'old', expires_at: { $date: Date.parse('2026-01-01T00:00:00Z') } },
    ]);
    expect(JSON.stringify(keys)).not.toContain('adminsecret');
  });

  it('tells a user every method that is open, and denies the others', async () => {
    const rpc = await ask(version, {}, READER);
    const { privilege } = await rpc.value<{
      privilege: { roles: { $set: string[] }; allowlist: { method: string; resource: string }[] };
    }>('auth.me');
    expect(privilege.roles.$set).toEqual(
      expect.arrayContaining(['READONLY_ADMIN', 'POOL_READ', 'API_KEY_READ']),
    );
    const open = privilege.allowlist.map(({ resource }) => resource);
    expect(open).toEqual(expect.arrayContaining(['pool.query', 'alert.list', 'api_key.query']));
    expect(open).not.toContain('pool.dataset.delete');
    expect(Object.keys(await rpc.value<Row>('core.get_methods', ['pool.dataset'])).sort()).toEqual(
      open.filter((name) => /^pool\.dataset\.[a-z_]+$/u.test(name)).sort(),
    );
    expect((await rpc.call('pool.dataset.delete', ['tank'])).error?.data?.errname).toBe('EACCES');
  });

  it('has the portals and credentials that the world names, and no others', async () => {
    const rpc = await ask(version, {
      iscsiPortals: [{ id: 9, listen: ['10.0.0.1'] }],
      iscsiAuths: [],
    });
    expect(await rpc.value('iscsi.portal.query')).toMatchObject([
      { id: 9, tag: 9, listen: [{ ip: '10.0.0.1', port: 3260 }] },
    ]);
    expect(await rpc.value('iscsi.auth.query')).toEqual([]);
    const usual = await ask(version);
    expect(await usual.value('iscsi.auth.query')).toMatchObject([{ id: 7, tag: 7 }]);
  });
});

it('counts among the reading roles each that a method asks for', () => {
  const wanted = Object.values(METHODS).flatMap(({ audience }) =>
    typeof audience === 'string' ? [] : audience.filter((role) => role.endsWith('_READ')),
  );
  expect(withIncluded(['READONLY_ADMIN'])).toEqual(expect.arrayContaining([...new Set(wanted)]));
});
