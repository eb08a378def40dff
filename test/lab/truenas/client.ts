import { WebSocket } from 'ws';
import { type LabSystem, type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { startTrueNasLab, type TrueNasLab } from '../../../src/lib/lab/truenas/server.ts';

export const NOW = new Date('2026-11-22T12:00:00Z');
export const ADMIN = '1-adminsecret';
export const READER = '2-readersecret';

const dataset = (id: string, extra: object = {}) => ({
  id,
  type: 'FILESYSTEM' as const,
  createdAt: '2026-01-01T00:00:00Z',
  guid: '12345678901234567890',
  createtxg: 100,
  usedbydataset: 1000,
  usedbysnapshots: 100,
  usedbyrefreservation: 0,
  userProperties: {},
  ...extra,
});

const snapshot = (id: string, extra: object = {}) => ({
  id,
  createdAt: '2026-02-01T00:00:00Z',
  guid: '9',
  createtxg: 200,
  used: 100,
  referenced: 1000,
  userProperties: {},
  ...extra,
});

/** A small system with one of everything. */
export function aSystem(version: TrueNasVersion): LabSystem {
  return {
    name: 'nas1',
    hostId: 'ab'.repeat(32),
    version,
    release: `${version}.1`,
    pools: [
      { name: 'tank', guid: '1', status: 'ONLINE', imported: true, size: 1e12 },
      { name: 'gone', guid: '2', status: 'OFFLINE', imported: false, size: 1e12 },
    ],
    datasets: [
      dataset('tank', { usedbydataset: 9e11 }),
      dataset('gone'),
      dataset('gone/x'),
      dataset('tank/.system'),
      dataset('tank/k8s', {
        userProperties: { 'x:managed': 'true', 'org.freenas:description': 'note' },
      }),
      dataset('tank/k8s/a', { refquota: 5000, userProperties: { 'x:name': 'a' } }),
      dataset('tank/k8s/b', { type: 'VOLUME', volsize: 8192, usedbyrefreservation: 8192 }),
      dataset('tank/k8s/clone', { origin: 'tank/k8s/a@s1' }),
      dataset('tank/secret', { locked: true }),
    ],
    snapshots: [
      snapshot('tank/k8s/a@s1', { userProperties: { 'x:snap': 's1' } }),
      snapshot('tank/k8s/b@held', { holds: ['backup', 'truenas'], createtxg: 300 }),
      snapshot('gone/x@s1'),
    ],
    nfsShares: [
      { id: 1, path: '/mnt/tank/k8s/a', comment: 'a', enabled: true },
      { id: 2, path: '/mnt/tank/secret', comment: '', enabled: true },
      { id: 3, path: '/mnt/tank/k8s/a/deep', comment: '', enabled: false },
    ],
    smbShares: [{ id: 1, name: 'a', path: '/mnt/tank/k8s/a', comment: '', enabled: true }],
    iscsiBasename: 'iqn.2005-10.org.freenas.ctl',
    iscsiTargets: [
      { id: 1, name: 'b', groups: [{ portal: 1, initiator: 1, authmethod: 'CHAP', auth: 7 }] },
    ],
    iscsiExtents: [
      { id: 1, name: 'b', type: 'DISK', path: 'zvol/tank/k8s/b', comment: '', enabled: true },
      { id: 2, name: 'file', type: 'FILE', path: '/mnt/tank/k8s/a/f', comment: '', enabled: false },
    ],
    iscsiTargetExtents: [{ id: 1, target: 1, extent: 1, lunid: 0 }],
    iscsiSessions: [
      { initiator: 'iqn.x', initiatorAddress: '10.0.0.1', target: 'iqn.2005-10.org.freenas.ctl:b' },
    ],
    nvmetSubsystems: [{ id: 1, name: 's', subnqn: 'nqn.s' }],
    nvmetNamespaces: [
      { id: 1, nsid: 1, subsystem: 1, devicePath: 'zvol/tank/k8s/b', enabled: true },
    ],
    snapshotTasks: [
      {
        id: 1,
        dataset: 'tank/k8s',
        recursive: true,
        enabled: true,
        lifetimeValue: 2,
        lifetimeUnit: 'WEEK',
        namingSchema: 's%Y',
      },
    ],
    replicationTasks: [
      {
        id: 1,
        name: 'r',
        sources: ['tank/k8s'],
        target: 'tank/copy',
        recursive: true,
        enabled: true,
      },
    ],
    apiKeys: [
      { id: 1, secret: 'adminsecret', username: 'admin', roles: ['FULL_ADMIN'] },
      { id: 2, secret: 'readersecret', username: 'reader', roles: ['READONLY_ADMIN'] },
      {
        id: 3,
        secret: 'old',
        username: 'old',
        roles: ['FULL_ADMIN'],
        expiresAt: '2026-01-01T00:00:00Z',
      },
    ],
    users: [{ username: 'root', password: 'pw', roles: ['FULL_ADMIN'] }],
  };
}

export interface Reply {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: {
    code: number;
    message: string;
    data?: { error: number; errname: string; reason: string; extra: unknown; trace: object };
  };
  readonly [key: string]: unknown;
}

/** A JSON-RPC client that checks nothing. */
export class Rpc {
  readonly socket: WebSocket;
  readonly frames: Reply[] = [];
  readonly #waiting = new Map<unknown, (reply: Reply) => void>();
  #next = 1;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const reply = JSON.parse(data.toString()) as Reply;
      this.frames.push(reply);
      this.#waiting.get(reply.id)?.(reply);
    });
  }

  raw(text: string, id: unknown): Promise<Reply> {
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.socket.send(text);
    return reply;
  }

  call(method: string, params: unknown[] = []): Promise<Reply> {
    const id = this.#next++;
    return this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }), id);
  }

  async value<T>(method: string, params: unknown[] = []): Promise<T> {
    const reply = await this.call(method, params);
    if (reply.error !== undefined) throw new Error(JSON.stringify(reply.error));
    return reply.result as T;
  }

  closed(): Promise<{ code: number; reason: string }> {
    return new Promise((resolve) => {
      this.socket.once('close', (code: number, reason: Buffer) => {
        resolve({ code, reason: reason.toString() });
      });
    });
  }
}

const open: TrueNasLab[] = [];

export async function startLab(
  version: TrueNasVersion,
  faults: TrueNasFaults = {},
  system = aSystem(version),
): Promise<TrueNasLab> {
  const lab = await startTrueNasLab(system, { now: () => NOW, faults });
  open.push(lab);
  return lab;
}

export async function closeLabs(): Promise<void> {
  await Promise.all(open.splice(0).map((lab) => lab.close()));
}

export async function connect(lab: TrueNasLab, path = '/api/current'): Promise<Rpc> {
  const socket = new WebSocket(lab.url.replace('http', 'ws') + path, { rejectUnauthorized: false });
  const rpc = new Rpc(socket);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return rpc;
}

export async function login(lab: TrueNasLab, key = ADMIN): Promise<Rpc> {
  const rpc = await connect(lab);
  await rpc.value('auth.login_with_api_key', [key]);
  return rpc;
}

/** The legacy socket, where there is no JSON-RPC. */
export async function loginLegacy(lab: TrueNasLab, key = ADMIN): Promise<Rpc> {
  const rpc = await connect(lab, '/websocket');
  const connected = new Promise((resolve) => rpc.socket.once('message', resolve));
  rpc.socket.send(JSON.stringify({ msg: 'connect', version: '1', support: ['1'], features: [] }));
  await connected;
  let next = 1;
  rpc.call = (method, params) => {
    const id = String(next++);
    return rpc.raw(JSON.stringify({ id, msg: 'method', method, params: params ?? [] }), id);
  };
  await rpc.value('auth.login_with_api_key', [key]);
  return rpc;
}

export function rest(
  lab: TrueNasLab,
  path: string,
  options: { method?: string; body?: unknown; key?: string } = {},
): Promise<Response> {
  return fetch(`${lab.url}/api/v2.0${path}`, {
    method: options.method ?? 'GET',
    headers: { authorization: `Bearer ${options.key ?? ADMIN}` },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
}
