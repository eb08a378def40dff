import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ADMIN, closeLabs, READER, rest, startLab } from './client.ts';

afterEach(closeLabs);

const body = async (response: Promise<Response>): Promise<[number, unknown]> => {
  const answer = await response;
  const text = await answer.text();
  return [
    answer.status,
    answer.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text,
  ];
};

describe('REST', () => {
  it.each(['24.10', '25.04', '25.10'] as const)(
    'answers lists and objects on %s',
    async (version) => {
      const lab = await startLab(version);
      expect(await body(rest(lab, '/system/version'))).toEqual([
        200,
        expect.stringContaining(version),
      ]);
      expect(await body(rest(lab, '/pool/dataset/id/tank%2Fk8s%2Fa'))).toMatchObject([
        200,
        { id: 'tank/k8s/a' },
      ]);
      expect(await body(rest(lab, '/sharing/nfs/id/1'))).toMatchObject([200, { id: 1 }]);
      expect(await body(rest(lab, '/iscsi/global'))).toMatchObject([200, { listen_port: 3260 }]);
      expect(await body(rest(lab, '/pool/dataset/id/tank%2Fnone'))).toMatchObject([
        404,
        { message: expect.stringContaining('does not exist') as string },
      ]);
      expect(await body(rest(lab, '/no/such/thing'))).toEqual([404, '404: Not Found']);
    },
  );

  it('routes snapshots by version', async () => {
    const old = await startLab('25.04');
    const recent = await startLab('25.10');
    expect((await rest(old, '/zfs/snapshot')).status).toBe(200);
    expect(await body(rest(recent, '/zfs/snapshot'))).toEqual([404, '404: Not Found']);
    expect((await rest(recent, '/pool/snapshot')).status).toBe(200);
  });

  it('is gone on 26', async () => {
    expect(await body(rest(await startLab('26'), '/system/version'))).toEqual([
      404,
      '404: Not Found',
    ]);
  });

  it('filters by query string and by body', async () => {
    const lab = await startLab('25.04');
    const names = async (path: string) =>
      ((await body(rest(lab, path)))[1] as { id: unknown }[]).map(({ id }) => id);
    expect(await names('/sharing/nfs?enabled=true&id__gt=1')).toEqual([2]);
    expect(await names('/sharing/nfs?sort=-id&limit=1&offset=1')).toEqual([2]);
    expect(await names('/pool/dataset?extra.flat=false&extra.properties=[]')).toEqual(['tank']);
    expect(await names('/sharing/nfs?comment=null')).toEqual([]);
    expect(await body(rest(lab, '/sharing/nfs?count=true'))).toEqual([200, 3]);
    const query = '{"query-filters":[["id","=",1]],"query-options":{"select":["id"]}}';
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: `Bearer ${ADMIN}`, 'content-length': query.length };
      const call = request(`${lab.url}/api/v2.0/sharing/nfs`, { method: 'GET', headers });
      call.on('error', reject);
      call.on('response', (response) => {
        response.on('data', (data: Buffer) => {
          resolve(data.toString());
        });
      });
      call.end(query);
    });
    expect(JSON.parse(text)).toEqual([{ id: 1 }]);
  });

  it('creates, changes and deletes', async () => {
    const lab = await startLab('25.04');
    const made = {
      name: 'tank/k8s/new/deep',
      create_ancestors: true,
      refquota: 2e9,
      user_properties: [{ key: 'a:b', value: '1' }],
    };
    expect(await body(rest(lab, '/pool/dataset', { method: 'POST', body: made }))).toMatchObject([
      200,
      { refquota: { parsed: 2e9 } },
    ]);
    expect(await body(rest(lab, '/pool/dataset', { method: 'POST', body: made }))).toMatchObject([
      422,
      {
        'pool_dataset_create.name': [
          { message: expect.stringContaining('already exists') as string, errno: 22 },
        ],
      },
    ]);
    const update = {
      user_properties_update: [
        { key: 'a:b', remove: true },
        { key: 'c:d', value: 'x' },
      ],
      readonly: 'ON',
    };
    expect(
      await body(
        rest(lab, '/pool/dataset/id/tank%2Fk8s%2Fnew%2Fdeep', { method: 'PUT', body: update }),
      ),
    ).toMatchObject([200, { readonly: { parsed: true } }]);
    expect(lab.system.datasets.at(-1)?.userProperties).toEqual({ 'c:d': 'x' });
    expect(
      await body(rest(lab, '/pool/dataset/id/tank%2Fk8s%2Fnew', { method: 'DELETE' })),
    ).toMatchObject([422, { errno: 39 }]);
    expect(
      await body(
        rest(lab, '/pool/dataset/id/tank%2Fk8s%2Fnew', {
          method: 'DELETE',
          body: { recursive: true },
        }),
      ),
    ).toEqual([200, true]);
    expect(
      await body(rest(lab, '/pool/dataset/attachments', { method: 'POST', body: 'tank/k8s/b' })),
    ).toMatchObject([200, [{ type: 'iSCSI Extent' }, { service: 'nvmet' }]]);
    expect(await body(rest(lab, '/pool/dataset', { method: 'POST' }))).toMatchObject([422, {}]);
  });

  it.each([
    ['a wrong key', 'Bearer 1-x', 401],
    ['no key', '', 401],
    ['another scheme', 'Digest x', 401],
    ['an expired key', 'Bearer 3-old', 401],
    ['a password', `Basic ${Buffer.from('root:pw').toString('base64')}`, 200],
    ['a wrong password', `Basic ${Buffer.from('root:no').toString('base64')}`, 401],
    ['a key that is no full administrator', `Bearer ${READER}`, 403],
  ])('answers %s with its status', async (_, authorization, status) => {
    const lab = await startLab('25.10');
    const response = await fetch(`${lab.url}/api/v2.0/pool`, { headers: { authorization } });
    expect(response.status).toBe(status);
    if (status === 403) expect(await response.text()).toBe('');
  });

  it('lets a reading key read on 24.10, where keys have lists of verbs', async () => {
    const lab = await startLab('24.10');
    expect((await rest(lab, '/pool', { key: READER })).status).toBe(200);
    expect((await rest(lab, '/sharing/nfs/id/1', { key: READER, method: 'DELETE' })).status).toBe(
      403,
    );
  });

  it('has the faults of the other transports', async () => {
    const lab = await startLab('25.10', { deniedMethods: ['pool.query'] });
    expect((await rest(lab, '/pool')).status).toBe(403);
    lab.faults.errors = [
      {
        method: 'system.info',
        times: 1,
        error: { kind: 'jsonrpc', code: -32603, message: 'broken' },
      },
    ];
    expect(await body(rest(lab, '/system/info'))).toMatchObject([500, { message: 'broken' }]);
    lab.faults.dropConnection = { afterCalls: 0 };
    await expect(rest(lab, '/system/info')).rejects.toThrow();
    lab.faults.dropConnection = { afterCalls: 0, midReply: true };
    await expect(rest(lab, '/system/info').then((response) => response.text())).rejects.toThrow();
    lab.faults.lostAnswers = ['sharing.nfs.delete'];
    await expect(
      fetch(`${lab.url}/api/v2.0/sharing/nfs/id/1`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${ADMIN}` },
        signal: AbortSignal.timeout(200),
      }),
    ).rejects.toThrow();
    expect(lab.system.nfsShares.map(({ id }) => id)).toEqual([2, 3]);
  });

  it('refuses a body that is no JSON', async () => {
    const lab = await startLab('25.10');
    const response = await fetch(`${lab.url}/api/v2.0/pool/dataset`, {
      method: 'POST',
      body: '{',
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    expect(response.status).toBe(400);
  });
});
