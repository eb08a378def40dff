import { describe, expect, it, vi } from 'vitest';
import { type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { fault, HANG, type LogLine, open, patient, RpcFault, startFake } from './fake-nas.ts';

const text = (part: string) => expect.stringContaining(part) as unknown;

/** Lists NFS shares from a server on which only that method is unusual. */
async function sharesOf(
  method: Parameters<typeof startFake>[0],
  options: Partial<NasOptions> = {},
) {
  const nas = await startFake(method);
  const reader = await open(nas.url, options);
  return { nas, listing: await reader.list('nfsShares', patient()) };
}

describe('a JSON-RPC connection', () => {
  it.each([
    [1008, 'does not accept connections from this address'],
    [1009, 'a message was longer than it accepts (code 1009)'],
    [1007, 'not valid text, or too long before login (code 1007)'],
    [1003, 'does not take the kind of message'],
  ])('closed with %i is explained, and not made again', async (code, reason) => {
    const { nas, listing } = await sharesOf({
      methods: {
        'sharing.nfs.query': (_params, socket) => {
          socket.close(code, 'because');
          return HANG;
        },
      },
    });
    expect(listing.coverage).toEqual({ state: 'failed', reason: text(reason) });
    expect(nas.connections()).toBe(1);
  });

  it('closed before the login tells that this address is not allowed', async () => {
    const nas = await startFake({
      methods: {
        'core.set_options': (_params, socket) => {
          socket.close(1008, 'You are not allowed to access this resource');
          return HANG;
        },
      },
    });
    const reader = await open(nas.url);
    await expect(reader.identify(patient())).rejects.toMatchObject({
      code: 'TRUENAS_FORBIDDEN',
      remediation: [text('Allowed IP Addresses')],
    });
  });

  it('is made again once, with one login, for all calls that were on it', async () => {
    const log: LogLine[] = [];
    let drops = 1;
    const drop = (_params: unknown, socket: { terminate(): void }) => {
      if (drops === 0) return [];
      drops -= 1;
      socket.terminate();
      return HANG;
    };
    const nas = await startFake({
      methods: { 'sharing.nfs.query': drop, 'iscsi.target.query': () => (drops > 0 ? HANG : []) },
    });
    const reader = await open(nas.url, {}, log);
    const lists = await Promise.all([
      reader.list('iscsiTargets', patient()),
      reader.list('nfsShares', patient()),
    ]);
    expect(lists.map(({ coverage }) => coverage.state)).toEqual(['complete', 'complete']);
    expect(nas.connections()).toBe(2);
    expect(nas.calls.filter((call) => call === 'auth.login_ex')).toHaveLength(2);
    expect(log.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('that breaks again is given up', async () => {
    const { nas, listing } = await sharesOf({
      methods: {
        'sharing.nfs.query': (_params, socket) => {
          socket.terminate();
          return HANG;
        },
      },
    });
    expect(listing.coverage).toEqual({
      state: 'failed',
      reason: 'nas1 (127.0.0.1) cannot be reached: it closed the connection (code 1006)',
    });
    expect(nas.connections()).toBe(2);
  });

  it('that carries something else than JSON-RPC is given up', async () => {
    for (const frame of ['<html>', '{"no":"rpc"}', Buffer.from([1, 2])]) {
      const { listing } = await sharesOf({
        methods: {
          'sharing.nfs.query': (_params, socket) => {
            socket.send(frame);
            return HANG;
          },
        },
      });
      expect(listing.coverage).toEqual({ state: 'failed', reason: text('not JSON-RPC') });
    }
  });

  it('passes over notifications and answers nobody waits for', async () => {
    const { listing } = await sharesOf({
      methods: {
        'sharing.nfs.query': (_params, socket) => {
          socket.send('{"jsonrpc":"2.0","method":"collection_update","params":{}}');
          socket.send('{"jsonrpc":"2.0","id":999,"result":[]}');
          return [];
        },
      },
    });
    expect(listing.coverage.state).toBe('complete');
  });

  it('takes an answer of any size', async () => {
    // Beyond the 128 MiB at which the WebSocket would give up unless told otherwise.
    const shares = Array.from({ length: 140 }, (_, id) => ({
      id,
      path: `/mnt/tank/${'x'.repeat(1_000_000)}`,
      comment: '',
      enabled: true,
      locked: false,
    }));
    const { listing } = await sharesOf({ methods: { 'sharing.nfs.query': () => shares } });
    expect(listing.coverage).toEqual({ state: 'complete' });
    expect(listing.items).toHaveLength(140);
  });

  it('matches answers that come in another order', async () => {
    const waiting: (() => void)[] = [];
    const nas = await startFake({
      methods: {
        'sharing.nfs.query': () =>
          new Promise((resolve) => {
            waiting.push(() => {
              resolve([{ id: 1, path: '/mnt/a', enabled: true }]);
            });
          }),
        'sharing.smb.query': () => {
          queueMicrotask(() => {
            for (const answer of waiting) answer();
          });
          return [];
        },
      },
    });
    const reader = await open(nas.url);
    const [nfs, smb] = await Promise.all([
      reader.list('nfsShares', patient()),
      reader.list('smbShares', patient()),
    ]);
    expect(nfs.items).toHaveLength(1);
    expect(smb.items).toHaveLength(0);
  });

  it('is kept alive by a ping every 20 seconds', async () => {
    const nas = await startFake({
      methods: { 'core.ping': () => 'pong', 'sharing.nfs.query': () => [] },
    });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const reader = await open(nas.url);
      await reader.identify(patient());
      vi.advanceTimersByTime(40_000);
      // The answer to a later call comes after those to the pings.
      await reader.list('nfsShares', patient());
      expect(nas.calls.filter((call) => call === 'core.ping')).toHaveLength(2);
      await reader.close();
      vi.advanceTimersByTime(60_000);
      expect(nas.calls.filter((call) => call === 'core.ping')).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not care for a ping that fails', async () => {
    const nas = await startFake({ methods: { 'sharing.nfs.query': () => [] } });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const reader = await open(nas.url);
      await reader.identify(patient());
      vi.advanceTimersByTime(20_000);
      expect((await reader.list('nfsShares', patient())).coverage.state).toBe('complete');
    } finally {
      vi.useRealTimers();
    }
  });

  it('that is never opened is explained by what stands there instead', async () => {
    const silent = await startFake({ refuseUpgrade: true });
    await expect((await open(silent.url)).identify(patient())).rejects.toMatchObject({
      code: 'TRUENAS_PROTOCOL',
      message: text('does not open a WebSocket at /api/v25.10.0'),
    });
    const gateway = await startFake({
      refuseUpgrade: true,
      http: (request, response) => {
        if (request.url === '/api/versions') return false;
        response.statusCode = 502;
        response.end();
        return true;
      },
    });
    await expect((await open(gateway.url)).identify(patient())).rejects.toMatchObject({
      code: 'TRUENAS_UNREACHABLE',
      message: text('HTTP 502'),
    });
  });

  it('whose login hangs ends after the time-out, for every list alike', async () => {
    const nas = await startFake({ methods: { 'auth.login_ex': () => HANG } });
    const reader = await open(nas.url, { timeout: 200 as NasOptions['timeout'] });
    const lists = await Promise.all([
      reader.list('nfsShares', patient()),
      reader.list('datasets', patient()),
    ]);
    for (const { coverage } of lists) {
      expect(coverage).toEqual({
        state: 'failed',
        reason: 'nas1 (127.0.0.1) did not answer within 0.2 s',
      });
    }
    const lookup = await reader.lookUpDatasets(['tank/a'], patient());
    expect(lookup).toMatchObject({ coverage: { state: 'failed' }, absent: new Set() });
  });

  it('can be tried again after somebody gave up waiting for it', async () => {
    let hangs = true;
    const nas = await startFake({
      methods: {
        'auth.login_ex': () => (hangs ? HANG : { response_type: 'SUCCESS' }),
        'sharing.nfs.query': () => [],
      },
    });
    const reader = await open(nas.url);
    const controller = new AbortController();
    const first = reader.identify(controller.signal);
    await vi.waitUntil(() => nas.calls.includes('auth.login_ex'));
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    hangs = false;
    expect((await reader.list('nfsShares', patient())).coverage.state).toBe('complete');
  });

  it('can be closed while it hangs', async () => {
    const nas = await startFake({ methods: { 'auth.login_ex': () => HANG } });
    const reader = await open(nas.url);
    const waiting = reader.list('nfsShares', patient());
    await vi.waitUntil(() => nas.calls.includes('auth.login_ex'));
    await reader.close();
    expect((await waiting).coverage.state).toBe('failed');
  });

  it('can be closed before it was opened', async () => {
    const nas = await startFake();
    await (await open(nas.url)).close();
    expect(nas.calls).toEqual([]);
  });
});

describe('an answer with an error', () => {
  it.each([
    [
      'a method of no API version',
      new RpcFault({ code: -32601, message: 'x' }),
      'has no sharing.nfs.query',
    ],
    [
      'too many calls',
      new RpcFault({ code: -32000, message: 'too many' }),
      'failed sharing.nfs.query: too many',
    ],
    [
      'a failure',
      fault(14, 'EFAULT', '[EFAULT] broke\ntrace'),
      'failed sharing.nfs.query: [EFAULT] broke',
    ],
  ])('of %s is a failed source', async (_name, error, reason) => {
    const { listing } = await sharesOf({
      methods: {
        'sharing.nfs.query': () => {
          throw error;
        },
      },
    });
    expect(listing.coverage).toEqual({ state: 'failed', reason: `nas1 (127.0.0.1) ${reason}` });
  });

  it('at the first question is one for people', async () => {
    for (const [error, code] of [
      [fault(13, 'EACCES'), 'TRUENAS_FORBIDDEN'],
      [fault(14, 'EFAULT'), 'TRUENAS_UNREACHABLE'],
      [new RpcFault({ code: -32601, message: 'x' }), 'TRUENAS_PROTOCOL'],
    ] as const) {
      const nas = await startFake({
        methods: {
          'system.version_short': () => {
            throw error;
          },
        },
      });
      await expect((await open(nas.url)).identify(patient())).rejects.toMatchObject({ code });
    }
  });

  it('of an unknown shape is one too', async () => {
    const nas = await startFake({ methods: { 'system.version_short': () => 26 } });
    await expect((await open(nas.url)).identify(patient())).rejects.toMatchObject({
      code: 'TRUENAS_PROTOCOL',
      message: text('unknown shape'),
    });
  });

  it('of host id or clock that is none of their rights is not hidden', async () => {
    const nas = await startFake({
      methods: {
        'system.host_id': () => {
          throw fault(14, 'EFAULT');
        },
      },
    });
    await expect((await open(nas.url)).identify(patient())).rejects.toThrow('system.host_id');
  });
});

describe('a lookup of which some calls fail', () => {
  it('is partial, and calls absent only what was answered', async () => {
    const nas = await startFake({
      methods: {
        'zfs.resource.query': ([options]) => {
          const [path] = (options as { paths: string[] }).paths;
          if (path === 'tank/broken') throw fault(14, 'EFAULT', '[EFAULT] I/O error');
          throw new RpcFault({
            code: -32602,
            message: 'Invalid params',
            data: {
              error: 22,
              errname: 'EINVAL',
              reason: 'x',
              extra: [['zfs.resource.query', 'x', 2]],
            },
          });
        },
      },
    });
    const reader = await open(nas.url);
    const result = await reader.lookUpDatasets(['tank/broken', 'tank/gone'], patient());
    expect([...result.absent]).toEqual(['tank/gone']);
    expect(result.coverage).toEqual({ state: 'partial', reason: text('I/O error') });
  });

  it('takes a listing whose path is missing for the absence of all below it', async () => {
    const nas = await startFake({
      methods: {
        'zfs.resource.query': () => {
          throw fault(2, 'ENOENT');
        },
      },
    });
    const reader = await open(nas.url);
    const ids = Array.from({ length: 300 }, (_, index) => `tank/k8s/vol-${index}`);
    const result = await reader.lookUpDatasets(ids, patient());
    expect(result.absent.size).toBe(300);
    expect(result.coverage).toEqual({ state: 'complete' });
  });

  it.each([
    ['datasets of 25.04', 'pool.dataset.query', '25.04.2'],
    ['snapshots of 25.04', 'zfs.snapshot.query', '25.04.2'],
    ['snapshots of 25.10', 'pool.snapshot.query', '25.10.1'],
  ])('takes no failure of a listing by filter for absence: %s', async (kind, method, version) => {
    const nas = await startFake({
      versions: [`v${version.replace(/\.\d$/, '')}.0`],
      methods: {
        'system.version_short': () => version,
        [method]: () => {
          throw fault(2, 'ENOENT');
        },
      },
    });
    const reader = await open(nas.url);
    const ids = Array.from({ length: 300 }, (_, index) => `tank/k8s/vol-1@snap-${index}`);
    const result = kind.startsWith('datasets')
      ? await reader.lookUpDatasets(
          ids.map((id) => id.replace('@', '/')),
          patient(),
        )
      : await reader.lookUpSnapshots(ids, patient());
    expect(nas.calls).toContain(method);
    expect(result.absent.size).toBe(0);
    expect(result.coverage.state).toBe('failed');
  });

  it('fails a listing of datasets whose usable pool is suddenly gone', async () => {
    const absent = new RpcFault({
      code: -32602,
      data: { extra: [[null, 'gone', 2]], reason: 'gone' },
    });
    const methods = (status: string) => ({
      'pool.query': () => [{ name: 'tank', status }],
      'zfs.resource.query': () => {
        throw absent;
      },
    });
    const healthy = await open((await startFake({ methods: methods('ONLINE') })).url);
    expect((await healthy.list('datasets', patient())).coverage.state).toBe('failed');
    const offline = await open((await startFake({ methods: methods('OFFLINE') })).url);
    expect((await offline.list('datasets', patient())).coverage.state).toBe('complete');
  });

  it('goes by pool where the parents are as many as the datasets', async () => {
    const nas = await startFake({ methods: { 'zfs.resource.query': () => [] } });
    const reader = await open(nas.url);
    const ids = Array.from({ length: 300 }, (_, index) => `tank/snaps/vol-${index}/snapshot-1`);
    const result = await reader.lookUpDatasets(ids, patient());
    expect(result.absent.size).toBe(300);
    expect(nas.calls.filter((call) => call === 'zfs.resource.query')).toHaveLength(1);
  });
});
