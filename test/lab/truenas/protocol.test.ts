import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startTrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import {
  ADMIN,
  aSystem,
  closeLabs,
  connect,
  login,
  loginLegacy,
  NOW,
  READER,
  type Rpc,
  startLab,
} from './client.ts';

afterEach(closeLabs);

describe('the JSON-RPC envelope', () => {
  it.each([
    ['{', -32700, null],
    ['[]', -32700, null],
    ['1', -32700, null],
    ['{"id":5}', -32600, 5],
    ['{"id":5,"jsonrpc":"1.0"}', -32600, 5],
    ['{"id":1.5,"jsonrpc":"2.0"}', -32600, null],
    ['{"id":5,"jsonrpc":"2.0"}', -32600, 5],
    ['{"id":5,"jsonrpc":"2.0","method":1}', -32600, 5],
    ['{"id":5,"jsonrpc":"2.0","method":"core.ping","params":{}}', -32600, 5],
    ['{"id":5,"jsonrpc":"2.0","method":"nothing.here"}', -32601, 5],
  ])('answers %s with %i', async (text, code, id) => {
    const rpc = await connect(await startLab('25.10'));
    expect(await rpc.raw(text, id)).toMatchObject({ error: { code }, id });
  });

  it('executes a notification without any reply', async () => {
    const lab = await startLab('25.10');
    const rpc = await connect(lab);
    rpc.socket.send('{"jsonrpc":"2.0","method":"core.ping"}');
    rpc.socket.send('{"method":"core.ping"}');
    expect(await rpc.value('core.ping')).toBe('pong');
    expect(lab.calls.map(({ method }) => method)).toEqual(['core.ping', 'core.ping']);
    expect(rpc.frames).toHaveLength(1);
  });

  it('answers calls that came together out of order', async () => {
    const rpc = await connect(await startLab('25.10'));
    await Promise.all([1, 2, 3].map(() => rpc.call('core.ping')));
    expect(rpc.frames.map(({ id }) => id)).not.toEqual([1, 2, 3]);
  });

  it('refuses the twenty-first call under way', async () => {
    const rpc = await login(await startLab('25.10', { latencyMs: 50 }));
    const replies = await Promise.all(Array.from({ length: 21 }, () => rpc.call('system.version')));
    expect(replies.filter(({ error }) => error?.code === -32000)).toHaveLength(1);
    expect(replies.filter(({ error }) => error === undefined)).toHaveLength(20);
  });

  it.each([
    ['before login', false, 8193, 1007],
    ['after login', true, 65_537, 1009],
  ] as const)('closes the connection on a message too long %s', async (_, loggedIn, size, code) => {
    const lab = await startLab('25.10');
    const rpc = loggedIn ? await login(lab) : await connect(lab);
    const closed = rpc.closed();
    rpc.socket.send(' '.repeat(size));
    expect(await closed).toMatchObject({ code });
  });

  it('closes the connection on a binary message', async () => {
    const rpc = await connect(await startLab('25.10'));
    const closed = rpc.closed();
    rpc.socket.send(Buffer.from('{}'));
    expect(await closed).toMatchObject({ code: 1003 });
  });

  it('has trace frames up to 25.10 only', async () => {
    const traces = [];
    for (const version of ['25.10', '26'] as const) {
      const rpc = await connect(await startLab(version));
      traces.push(Object.keys((await rpc.call('pool.query')).error?.data?.trace ?? {}));
    }
    expect(traces).toEqual([
      ['class', 'frames', 'formatted', 'repr'],
      ['class', 'formatted', 'repr'],
    ]);
  });
});

describe('paths', () => {
  it.each([
    ['24.10', 404, false],
    ['25.04', 200, true],
    ['26', 200, true],
  ] as const)('%s answers /api/versions with %i', async (version, status, jsonRpc) => {
    const lab = await startLab(version);
    const response = await fetch(`${lab.url}/api/versions`);
    expect(response.status).toBe(status);
    if (status === 200) expect(await response.json()).toContain('v25.04.0');
    await expect(
      connect(lab).then(
        () => true,
        () => false,
      ),
    ).resolves.toBe(jsonRpc);
  });

  it('serves the versions it lists and no other', async () => {
    const lab = await startLab('25.04');
    await expect(connect(lab, '/api/v25.04.1')).resolves.toBeDefined();
    await expect(connect(lab, '/api/v26.0.0')).rejects.toThrow('404');
  });

  it.each([
    [503, 503],
    ['html', 200],
  ] as const)('answers /api/versions as the fault %s says', async (versionsStatus, status) => {
    const lab = await startLab('25.10', { versionsStatus });
    const response = await fetch(`${lab.url}/api/versions`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'text/html; charset=utf-8',
    ]);
  });

  it('never answers /api/versions under the fault timeout', async () => {
    const lab = await startLab('25.10', { versionsStatus: 'timeout' });
    await expect(
      fetch(`${lab.url}/api/versions`, { signal: AbortSignal.timeout(100) }),
    ).rejects.toThrow();
  });

  it('serves HTML everywhere under the fault html', async () => {
    const lab = await startLab('25.10', { html: true });
    expect(await (await fetch(`${lab.url}/api/v2.0/system/version`)).text()).toContain('<html>');
    await expect(connect(lab)).rejects.toThrow('200');
  });
});

describe('login', () => {
  it.each([
    ['auth.login_with_api_key', [ADMIN], true],
    ['auth.login_with_api_key', ['1-wrong'], false],
    ['auth.login_with_api_key', ['nonsense'], false],
    ['auth.login_with_api_key', ['3-old'], false],
    ['auth.login', ['root', 'pw'], true],
    ['auth.login', ['root', 'no'], false],
  ])('%s %j answers %s', async (method, params, result) => {
    const rpc = await connect(await startLab('25.10'));
    expect(await rpc.value(method, params)).toBe(result);
    expect((await rpc.call('auth.me')).error?.data?.error).toBe(result ? undefined : 207);
  });

  it.each([
    [{ mechanism: 'API_KEY_PLAIN', username: 'admin', api_key: ADMIN }, 'SUCCESS'],
    [{ mechanism: 'API_KEY_PLAIN', username: 'other', api_key: ADMIN }, 'AUTH_ERR'],
    [{ mechanism: 'API_KEY_PLAIN', username: 'old', api_key: '3-old' }, 'EXPIRED'],
    [{ mechanism: 'PASSWORD_PLAIN', username: 'root', password: 'pw' }, 'SUCCESS'],
    [{ mechanism: 'PASSWORD_PLAIN', username: 'root', password: 'no' }, 'AUTH_ERR'],
    [{ mechanism: 'TOKEN_PLAIN', token: 'no' }, 'AUTH_ERR'],
  ])('auth.login_ex %j answers %s', async (data, response_type) => {
    const rpc = await connect(await startLab('25.04'));
    expect(await rpc.value('auth.login_ex', [data])).toMatchObject({ response_type });
  });

  it('takes a token once', async () => {
    const lab = await startLab('25.10');
    const token = await (await login(lab)).value('auth.generate_token');
    const rpc = await connect(lab);
    expect(await rpc.value('auth.login_with_token', [token])).toBe(true);
    expect(await rpc.value('auth.logout')).toBe(true);
    expect(await rpc.value('auth.login_with_token', [token])).toBe(false);
  });

  it('refuses mechanisms the version does not have', async () => {
    const rpc = await connect(await startLab('25.10'));
    const scram = { mechanism: 'SCRAM', scram_type: 'CLIENT_FIRST_MESSAGE', rfc_str: '' };
    expect((await rpc.call('auth.login_ex', [scram])).error?.code).toBe(-32602);
    expect((await rpc.call('auth.login_ex', [{ mechanism: 'OTP_TOKEN' }])).error?.code).toBe(
      -32001,
    );
    expect(await rpc.value('auth.mechanism_choices')).not.toContain('SCRAM');
  });

  it('revokes a key that came over an insecure transport, for ever', async () => {
    const lab = await startLab('25.10', { insecureTransport: true });
    const rpc = await connect(lab);
    const data = { mechanism: 'API_KEY_PLAIN', username: 'admin', api_key: ADMIN };
    expect(await rpc.value('auth.login_ex', [data])).toEqual({ response_type: 'EXPIRED' });
    lab.faults.insecureTransport = false;
    expect(await rpc.value('auth.login_with_api_key', [ADMIN])).toBe(false);
  });

  it('does not revoke keys on 24.10', async () => {
    const lab = await startLab('24.10', { insecureTransport: true });
    expect(await (await loginLegacy(lab)).value('core.ping')).toBe('pong');
  });

  it('limits calls of a method before login, and not after it', async () => {
    const lab = await startLab('25.10', { rateLimitDelayMs: 0 });
    const rpc = await connect(lab);
    for (let n = 0; n < 20; n += 1) expect(await rpc.value('core.ping')).toBe('pong');
    expect((await rpc.call('core.ping')).error?.data).toMatchObject({
      error: 16,
      reason: '[EBUSY] Rate Limit Exceeded',
    });
    expect((await rpc.call('core.set_options', [{ py_exceptions: true }])).error).toBeUndefined();
    await rpc.value('auth.login_with_api_key', [ADMIN]);
    expect(await rpc.value('core.ping')).toBe('pong');
  });
});

const h = (key: Buffer, text: string) => createHmac('sha512', key).update(text).digest();

async function scram(
  rpc: Rpc,
  secret: string,
  header: string,
  binding: Buffer,
): Promise<{ response_type: string; rfc_str?: string; verified?: boolean }> {
  const bare = 'n=admin:1,r=abc';
  const send = (scram_type: string, rfc_str: string) =>
    rpc.value<{ response_type: string; rfc_str: string }>('auth.login_ex', [
      { mechanism: 'SCRAM', scram_type, rfc_str },
    ]);
  const first = await send('CLIENT_FIRST_MESSAGE', header + bare);
  if (first.response_type !== 'SCRAM_RESPONSE') return first;
  const [, nonce = '', salt = '', count = ''] =
    /^r=(.*),s=(.*),i=(\d+)$/u.exec(first.rfc_str) ?? [];
  const salted = pbkdf2Sync(secret, Buffer.from(salt, 'base64'), Number(count), 64, 'sha512');
  const noProof = `c=${Buffer.concat([Buffer.from(header), binding]).toString('base64')},r=${nonce}`;
  const transcript = `${bare},${first.rfc_str},${noProof}`;
  const key = h(salted, 'Client Key');
  const signature = h(createHash('sha512').update(key).digest(), transcript);
  const proof = Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0))).toString(
    'base64',
  );
  const final = await send('CLIENT_FINAL_MESSAGE', `${noProof},p=${proof}`);
  return {
    ...final,
    verified: final.rfc_str === `v=${h(h(salted, 'Server Key'), transcript).toString('base64')}`,
  };
}

describe('SCRAM on 26', () => {
  it('logs in and proves that the server knows the key too', async () => {
    const rpc = await connect(await startLab('26'));
    expect(await scram(rpc, 'adminsecret', 'n,,', Buffer.alloc(0))).toMatchObject({
      response_type: 'SCRAM_RESPONSE',
      verified: true,
    });
    expect(await rpc.value('auth.me')).toMatchObject({ pw_name: 'admin' });
  });

  it.each([
    ['a wrong key', 'wrong', 'n,,'],
    ['a channel binding without TLS', 'adminsecret', 'p=tls-server-end-point,,'],
    ['a binding it does not know', 'adminsecret', 'p=tls-exporter,,'],
    ['a malformed message', 'adminsecret', '?'],
  ])('refuses %s', async (_, secret, header) => {
    const rpc = await connect(await startLab('26'));
    expect(await scram(rpc, secret, header, Buffer.alloc(32))).toMatchObject({
      response_type: 'AUTH_ERR',
    });
  });

  it('refuses a last message without a first', async () => {
    const rpc = await connect(await startLab('26'));
    const data = { mechanism: 'SCRAM', scram_type: 'CLIENT_FINAL_MESSAGE', rfc_str: 'c=,r=,p=' };
    expect(await rpc.value('auth.login_ex', [data])).toEqual({ response_type: 'AUTH_ERR' });
  });

  it('binds the channel to its certificate', async () => {
    const read = (name: string) =>
      readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
    const lab = await startTrueNasLab(aSystem('26'), {
      now: () => NOW,
      tls: { cert: read('server'), key: read('server-key') },
    });
    try {
      const rpc = await connect(lab);
      const der = Buffer.from(read('server').replace(/-----[^-]+-----|\s/gu, ''), 'base64');
      const binding = createHash('sha256').update(der).digest();
      expect(await scram(rpc, 'adminsecret', 'p=tls-server-end-point,,', binding)).toMatchObject({
        verified: true,
      });
    } finally {
      await lab.close();
    }
  });
});

describe('rights', () => {
  it.each([
    ['pool.query', 207, undefined],
    ['pool.dataset.delete', 207, 13],
    ['sharing.nfs.delete', 207, 13],
  ])('%s needs a session, then a role', async (method, before, after) => {
    const lab = await startLab('25.10');
    expect((await (await connect(lab)).call(method)).error?.data?.error).toBe(before);
    expect((await (await login(lab, READER)).call(method, [1])).error?.data?.error).toBe(
      method === 'pool.query' ? 22 : after,
    );
  });

  it('grants what composite roles stand for', async () => {
    const lab = await startLab('25.10');
    lab.system.apiKeys.push({ id: 9, secret: 's', username: 'u', roles: ['SHARING_ADMIN'] });
    const rpc = await login(lab, '9-s');
    expect(await rpc.value('iscsi.targetextent.delete', [1, true])).toBe(true);
    expect((await rpc.call('pool.dataset.delete', ['tank/k8s/a'])).error?.data?.errname).toBe(
      'EACCES',
    );
    const methods = await rpc.value<Record<string, { roles: string[] }>>('core.get_methods', [
      'pool.dataset',
    ]);
    expect(methods['pool.dataset.query']?.roles).toEqual(['DATASET_READ']);
    expect(methods['pool.dataset.delete']).toBeUndefined();
  });

  it('finds a session expired as often as the fault says', async () => {
    const lab = await startLab('25.10');
    const rpc = await login(lab);
    lab.faults.expireSession = 1;
    expect((await rpc.call('pool.query')).error?.data).toMatchObject({
      error: 207,
      errname: 'ENOTAUTHENTICATED',
    });
    await rpc.value('auth.login_with_api_key', [ADMIN]);
    expect((await rpc.call('pool.query')).error).toBeUndefined();
  });
});

describe('jobs and events', () => {
  it('answers a job with its id, and tells subscribers', async () => {
    const rpc = await login(await startLab('25.04'));
    await rpc.value('core.subscribe', ['core.get_jobs']);
    const id = await rpc.value('pool.dataset.destroy_snapshots', [
      'tank/k8s/a',
      { snapshots: ['none'] },
    ]);
    expect(id).toBe(1);
    await expect
      .poll(() => rpc.frames.filter(({ method }) => method === 'collection_update').length)
      .toBe(2);
    expect(await rpc.value('core.get_jobs', [[['id', '=', 1]], { get: true }])).toMatchObject({
      state: 'SUCCESS',
    });
  });

  it('answers with the result once legacy_jobs is off, and raises its errors', async () => {
    const rpc = await login(await startLab('25.10'));
    expect(await rpc.value('core.set_options', [{ legacy_jobs: false, other: 1 }])).toEqual({
      legacy_jobs: false,
      private_methods: false,
      py_exceptions: false,
    });
    expect(
      await rpc.value('pool.dataset.destroy_snapshots', ['tank/k8s/b', { snapshots: ['none'] }]),
    ).toEqual([]);
    const failed = await rpc.call('pool.dataset.destroy_snapshots', ['tank/k8s/b', { all: true }]);
    expect(failed.error?.data?.error).toBe(14);
    expect(await rpc.value('core.get_jobs', [[['state', '=', 'FAILED']], { count: true }])).toBe(1);
    expect(await (await login(await startLab('25.10'), READER)).value('core.get_jobs')).toEqual([]);
  });

  it('sends the events of a collection until the subscription ends', async () => {
    const lab = await startLab('25.10');
    const rpc = await login(lab);
    const id = await rpc.value('core.subscribe', ['sharing.nfs.query']);
    await rpc.value('sharing.nfs.update', [1, { enabled: false }]);
    expect(rpc.frames).toContainEqual(
      expect.objectContaining({
        method: 'collection_update',
        params: expect.objectContaining({ msg: 'changed', id: 1 }) as unknown,
      }),
    );
    await rpc.value('core.unsubscribe', [id]);
    const before = rpc.frames.length;
    await rpc.value('sharing.nfs.delete', [1]);
    expect(rpc.frames).toHaveLength(before + 1);
    expect(
      (await (await connect(lab)).call('core.subscribe', ['core.get_jobs'])).error?.data?.error,
    ).toBe(207);
  });
});

describe('the legacy socket', () => {
  it('shakes hands first, then answers, subscribes and refuses in its own form', async () => {
    const lab = await startLab('24.10', { rateLimitDelayMs: 0 });
    const stranger = await connect(lab, '/websocket');
    expect(await stranger.raw('{"msg":"method"}', undefined)).toEqual({
      msg: 'failed',
      version: '1',
    });
    const rpc = await loginLegacy(lab);
    expect((await rpc.call('nothing.here')).error).toMatchObject({
      error: 201,
      errname: 'ENOMETHOD',
    });
    expect((await rpc.call('sharing.nfs.delete', [99])).error).toMatchObject({
      type: 'VALIDATION',
      error: 2,
    });
    rpc.socket.send('{"id":"s","msg":"sub","name":"sharing.nfs.query"}');
    await rpc.value('sharing.nfs.delete', [1]);
    expect(rpc.frames).toContainEqual({ msg: 'ready', subs: ['s'] });
    expect(rpc.frames).toContainEqual({ msg: 'removed', collection: 'sharing.nfs.query', id: 1 });
    rpc.socket.send('{"id":"s","msg":"unsub"}');
    expect(await rpc.raw('{"id":"p","msg":"ping"}', 'p')).toEqual({ msg: 'pong', id: 'p' });
    expect(await rpc.raw('{"msg":"what"}', undefined)).toMatchObject({ msg: 'error' });
    const closed = rpc.closed();
    rpc.socket.send('{');
    expect(await closed).toMatchObject({ code: 1007 });
  });

  it('refuses too many calls with 109 and a subscription without login', async () => {
    const lab = await startLab('24.10', { latencyMs: 30 });
    const rpc = await loginLegacy(lab);
    const replies = await Promise.all(Array.from({ length: 21 }, () => rpc.call('system.version')));
    expect(
      replies.filter(
        ({ error }) => (error as unknown as { error: number } | undefined)?.error === 109,
      ),
    ).toHaveLength(1);
    await rpc.call('auth.logout');
    expect(await rpc.raw('{"id":"s","msg":"sub","name":"pool.query"}', 's')).toMatchObject({
      msg: 'nosub',
    });
  });
});

describe('faults', () => {
  it('injects errors so many times, denies, empties, and loses answers', async () => {
    const lab = await startLab('25.10');
    const rpc = await login(lab);
    lab.faults.errors = [
      { method: 'pool.*', times: 1, error: { kind: 'call', errno: 14, message: 'no' } },
      {
        method: 'system.version',
        times: 1,
        error: { kind: 'jsonrpc', code: -32000, message: 'busy' },
      },
      {
        method: 'system.info',
        times: 1,
        error: { kind: 'validation', attribute: 'a', errno: 22, message: 'bad' },
      },
    ];
    expect((await rpc.call('pool.query')).error?.data?.reason).toBe('[EFAULT] no');
    expect((await rpc.call('pool.query')).error).toBeUndefined();
    expect((await rpc.call('system.version')).error?.code).toBe(-32000);
    expect((await rpc.call('system.info')).error?.data?.extra).toEqual([['a', 'bad', 22]]);
    lab.faults.deniedMethods = ['pool.query'];
    expect((await rpc.call('pool.query')).error?.data?.errname).toBe('EACCES');
    lab.faults.emptyLists = ['sharing.nfs.query'];
    expect(await rpc.value('sharing.nfs.query')).toEqual([]);
    lab.faults.lostAnswers = ['sharing.nfs.delete'];
    void rpc.call('sharing.nfs.delete', [1]);
    await expect.poll(() => lab.system.nfsShares.map(({ id }) => id)).toEqual([2, 3]);
    expect(rpc.frames.at(-1)?.result).toEqual([]);
  });

  it.each([false, true])(
    'drops the connection after so many calls (in the middle of a reply: %s)',
    async (midReply) => {
      const lab = await startLab('25.10');
      const rpc = await login(lab);
      lab.faults.dropConnection = { afterCalls: 1, midReply };
      expect((await rpc.call('pool.query')).error).toBeUndefined();
      const closed = rpc.closed();
      void rpc.call('pool.dataset.query');
      expect(await closed).toMatchObject({ code: 1006 });
      expect(lab.faults.dropConnection).toBeUndefined();
    },
  );

  it('lets a hook change the world before each call, large worlds included', async () => {
    const lab = await startLab('25.10');
    const [template] = lab.system.datasets;
    if (template === undefined) throw new Error('no dataset');
    for (let n = 0; n < 2100; n += 1)
      lab.system.datasets.push({ ...template, id: `tank/k8s/n${n}` });
    const rpc = await login(lab);
    const count = () => rpc.value('pool.dataset.query', [[], { count: true }]);
    const before = Number(await count());
    lab.faults.onCall = () => {
      lab.system.datasets = lab.system.datasets.filter(({ id }) => id !== 'tank/k8s/n1');
    };
    expect(await count()).toBe(before - 1);
    lab.faults.onCall = undefined;
    const locked = lab.system.datasets.find(({ id }) => id === 'tank/k8s/n2');
    if (locked !== undefined) locked.locked = true;
    lab.touch();
    expect(await rpc.value('pool.dataset.get_instance', ['tank/k8s/n2'])).toMatchObject({
      locked: true,
    });
  });
});
