import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ScanRunWire } from '../../src/lib/core/serve/scan-run-schema.ts';
import { EventFollower } from '../support/event-follower.ts';
import { type ServeProcess, ServeSite } from '../support/serve-site.ts';

const PATIENCE = { timeout: 20_000, interval: 25 };

interface Config {
  readonly truenas: Readonly<Record<string, string>>;
  readonly server: Readonly<Record<string, unknown>>;
}

let at: ServeSite;
let served: ServeProcess;
let text: string;
let config: Config;

beforeAll(async () => {
  at = await ServeSite.start();
  text = await readFile(at.sandbox.path('config.yaml'), 'utf8');
  config = JSON.parse(text) as Config; // as the site has written it
  served = await at.serve();
  await served.untilReady();
}, 60_000);

afterAll(async () => {
  await at[Symbol.asyncDispose]();
});

async function configure(over: Partial<Config> | string): Promise<void> {
  const written = typeof over === 'string' ? over : JSON.stringify({ ...config, ...over });
  await writeFile(at.sandbox.path('config.yaml'), written, { mode: 0o600 });
}

/** Tells it to read its configuration again. Returns what it has logged from then on, as soon as that says so. */
async function hangUp(message: string): Promise<() => string> {
  const before = served.log.length;
  const since = (): string => served.log.slice(before).join('');
  served.child.kill('SIGHUP');
  await vi.waitFor(() => {
    expect(since()).toContain(message);
  }, PATIENCE);
  return since;
}

const READ_AGAIN = 'reading configuration and secrets again';
const AS_IT_WAS = 'the configuration stays as it was';

describe('SIGHUP', () => {
  it('changes how much is logged, in both threads, and back', async () => {
    await served.ask('/health');
    expect(served.log.join('')).not.toContain('"level":"debug"');
    await configure({ server: { ...config.server, log_level: 'debug' } });
    const since = await hangUp(READ_AGAIN);
    expect(since()).toContain('"log_level":"debug"');
    await served.ask('/health');
    await vi.waitFor(() => {
      expect(since()).toContain('"route":"/health"');
    }, PATIENCE);
    const { id, state } = await served.scan();
    expect(state).toBe('done');
    const scanning = since()
      .split('\n')
      .filter((line) => line.includes('"level":"debug"') && line.includes(`"scan":"${id}"`));
    expect(scanning.length).toBeGreaterThan(0);
    await configure(text);
    const later = await hangUp(READ_AGAIN);
    await served.ask('/health');
    await served.ask('/version');
    await wait(100);
    expect(later()).not.toContain('"level":"debug"');
  }, 30_000);

  it('leaves what is in force where the new configuration is broken, and says what is wrong with it', async () => {
    for (const broken of [
      'truenas: [',
      JSON.stringify({ ...config, server: { ...config.server, log_level: 'loud' } }),
      JSON.stringify({ ...config, server: { ...config.server, lissten: '127.0.0.1:1' } }),
    ]) {
      await configure(broken);
      const since = await hangUp(AS_IT_WAS);
      expect(since()).toMatch(/"level":"error"/);
      expect(since()).toContain('config.yaml');
      expect(since()).not.toContain(READ_AGAIN);
    }
    expect((await served.scan()).state).toBe('done');
    expect((await served.ask('/api/v1/orphans')).status).toBe(200);
    await configure(text);
    await hangUp(READ_AGAIN);
    expect((await served.scan()).state).toBe('done');
  }, 30_000);

  it('has secrets read again at once, and nobody told them', async () => {
    const before = at.truenas.calls.length;
    const key = `${config.truenas['api_key']?.split('-')[0] ?? ''}-${'x'.repeat(64)}`;
    await configure({ truenas: { ...config.truenas, api_key: key } });
    await hangUp(READ_AGAIN);
    // Without any scan: somebody logs in anew, or tries to.
    await vi.waitFor(() => {
      const methods = at.truenas.calls.slice(before).map(({ method }) => method);
      expect(methods.some((method) => method.startsWith('auth.'))).toBe(true);
    }, PATIENCE);
    expect(await served.scan()).toMatchObject({
      state: 'failed',
      error: { code: 'TRUENAS_UNAUTHORIZED' },
    });
    await configure(text);
    await hangUp(READ_AGAIN);
    await vi.waitFor(async () => {
      expect((await served.scan()).state).toBe('done');
    }, PATIENCE);
    for (const secret of [...at.secrets, key]) expect(served.log.join('')).not.toContain(secret);
  }, 30_000);
});

describe('a second server with the same state', () => {
  it('ends with 2 and says who has it, whatever else is served', async () => {
    const { code, stdout, stderr } = await at.run('serve', '--listen', '127.0.0.1:0');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      `process ${String(served.child.pid)} serves with this state directory already`,
    );
    expect(stderr).toContain('XDG_STATE_HOME');
    expect((await served.scan()).state).toBe('done');
  }, 30_000);
});

describe('SIGTERM', () => {
  it('ends it with 0 within ten seconds in the middle of a scan, of an answer nobody reads, of a request and of events', async () => {
    const unread = await open();
    unread.pause();
    const request = `GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${at.token}\r\n\r\n`;
    // Far more than the system holds for a connection.
    unread.write(request.repeat(200));
    const unsaid = await open();
    unsaid.write('GET /health HTTP/1.1\r\nHost: 127');
    const follower = await EventFollower.start(served.port, at.token);
    at.truenas.faults.latencyMs = 30_000;
    const asked = await served.ask('/api/v1/scans', { method: 'POST' });
    const { href } = (await asked.json()) as ScanRunWire;
    await vi.waitFor(async () => {
      expect(await served.json<ScanRunWire>(href)).toMatchObject({ state: 'running' });
    }, PATIENCE);
    const told = performance.now();
    served.child.kill('SIGTERM');
    const { code, signal } = await served.result;
    expect([code, signal]).toEqual([0, null]);
    expect(performance.now() - told).toBeLessThan(10_000);
    follower.leave();
    for (const socket of [unread, unsaid]) {
      socket.resume();
      if (!socket.closed) await once(socket, 'close');
    }
    await vi.waitFor(() => {
      expect([at.nasGate.clients, at.clusterGate.clients]).toEqual([0, 0]);
    }, PATIENCE);
    expect(served.log.join('').split(AS_IT_WAS).at(-1)).not.toContain('the scan failed: ending');
    await expect(fetch(`${served.address}/health`)).rejects.toThrow();
  }, 40_000);
});

async function open(): Promise<Socket> {
  const socket = connect(served.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
