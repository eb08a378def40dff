import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import HistoryStatus from '../../src/commands/history/status.ts';
import { type ServeProcess, ServeSite, type ServeSiteOptions } from '../support/serve-site.ts';
import { EventFollower } from '../support/event-follower.ts';

const PATIENCE = { timeout: 20_000, interval: 25 };
/** A scan that a change calls for keeps its distance from the one before; a clock that hurries makes the most of it pass. */
const DISTANCE = 30_000;

interface Orphans {
  readonly stale: boolean;
  readonly age_seconds: number;
  readonly scan_id: string;
  readonly findings: readonly { readonly id: string }[];
}

interface Ready {
  readonly ready: boolean;
  readonly stale: boolean;
  readonly failure: { readonly code: string } | null;
}

let site: ServeSite | undefined;

afterEach(async () => {
  await site?.[Symbol.asyncDispose]();
  site = undefined;
});

async function aSite(options: ServeSiteOptions = {}): Promise<ServeSite> {
  site = await ServeSite.start(options);
  return site;
}

/** What every way to ask says of how far the result is to be believed; it has to be the same. */
async function staleness(served: ServeProcess): Promise<boolean> {
  const answer = await served.ask('/api/v1/orphans?limit=all');
  const { stale, age_seconds: age, scan_id: scan } = (await answer.json()) as Orphans;
  const ready = await served.json<Ready>('/ready');
  const metrics = await (await served.ask('/metrics')).text();
  expect(answer.headers.get('x-truenas-monitor-stale')).toBe(String(stale));
  expect(answer.headers.get('x-truenas-monitor-scan')).toBe(scan);
  expect(Number(answer.headers.get('x-truenas-monitor-age'))).toBe(age);
  expect(age).toBeGreaterThanOrEqual(0);
  expect(ready).toMatchObject({ ready: true, stale });
  expect(ready.failure !== null).toBe(stale);
  expect(metrics).toContain(`truenas_monitor_result_stale ${stale ? '1' : '0'}\n`);
  return stale;
}

async function openFindings(served: ServeProcess): Promise<readonly string[]> {
  const { findings } = await served.json<Orphans>('/api/v1/orphans?limit=all');
  return findings.map(({ id }) => id).toSorted();
}

/** What another process finds, which never heard of any event. */
async function truth(at: ServeSite): Promise<readonly string[]> {
  const { stdout, stderr } = await at.run('orphans', '-o', 'json');
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as Orphans).findings.map(({ id }) => id).toSorted();
}

/** Takes volumes out of the cluster, and puts back those that were taken before: findings of several rules come and go. */
class Changes {
  readonly #site: ServeSite;
  #taken: (() => void)[] = [];
  #next = 0;

  constructor(at: ServeSite) {
    this.#site = at;
  }

  make(): void {
    const back = this.#taken;
    const volumes = this.#site.kubernetes.cluster.objects['persistentvolumes'] ?? [];
    const { datasets } = this.#site.truenas.system;
    this.#taken = [
      this.#take(volumes),
      ...(this.#next % 2 === 0 ? [this.#takeEmpty(datasets)] : []),
    ];
    for (const putBack of back) putBack();
    this.#next += 1;
    this.#site.kubernetes.refresh();
    this.#site.truenas.touch();
  }

  #take(list: unknown[]): () => void {
    const [one] = list.splice(this.#next % list.length, 1);
    return () => {
      if (one !== undefined) list.push(one);
    };
  }

  /** The last dataset made, which nothing is below. */
  #takeEmpty(list: unknown[]): () => void {
    const one = list.pop();
    return () => {
      if (one !== undefined) list.push(one);
    };
  }
}

describe('serve of the real process', () => {
  it('loses no event, marks what is stale, and keeps nothing, whatever goes away and comes back', async () => {
    const at = await aSite();
    const served = await at.serve({ step: DISTANCE });
    await served.untilReady();
    const steady = await EventFollower.start(served.port, at.token);
    const restless = await EventFollower.start(served.port, at.token);
    const changes = new Changes(at);
    const laps = async (): Promise<void> => {
      const open = await openFindings(served);
      for (const follower of [steady, restless]) {
        await vi.waitFor(() => {
          expect(follower.open).toEqual(open);
        }, PATIENCE);
      }
    };
    const scanned = async (): Promise<void> => {
      restless.leave();
      expect(await served.scan()).toMatchObject({ state: 'done' });
      expect(await staleness(served)).toBe(false);
      restless.comeBack();
      await laps();
    };
    await scanned();
    const [handles, memory] = [await served.handles(), await served.residentMiB()];
    const clients = [at.nasGate.clients, at.clusterGate.clients] as const;

    // Between scans.
    changes.make();
    await at.restartNas();
    await scanned();

    // In the middle of one, at several points; it fails, or finds out by itself.
    for (const after of [1, 5, 12]) {
      changes.make();
      let calls = 0;
      let restart: Promise<void> | undefined;
      at.truenas.faults.onCall = () => {
        calls += 1;
        if (calls === after) restart = at.restartNas(50);
      };
      const run = await served.scan();
      at.truenas.faults.onCall = undefined;
      expect(restart).toBeDefined();
      await restart;
      expect(await staleness(served)).toBe(run.state === 'failed');
      await scanned();
    }

    // Every watch is told again and again that it is too late, and so are lists.
    Object.assign(at.kubernetes.faults, { expireWatches: 40, expireTokens: 3 });
    for (let round = 0; round < 4; round += 1) {
      changes.make();
      at.clusterGate.cut();
      await scanned();
    }

    // One, the other, and both.
    for (const gates of [[at.nasGate], [at.clusterGate], [at.nasGate, at.clusterGate]]) {
      changes.make();
      const before = await openFindings(served);
      await Promise.all(gates.map(async (gate) => gate.shut()));
      restless.leave();
      expect(await served.scan()).toMatchObject({ state: 'failed' });
      expect(await staleness(served)).toBe(true);
      expect(await openFindings(served)).toEqual(before);
      restless.comeBack();
      await laps();
      await Promise.all(gates.map(async (gate) => gate.reopen()));
      await scanned();
    }

    // Connections that break, over and over.
    for (let round = 0; round < 25; round += 1) {
      at.nasGate.cut();
      at.clusterGate.cut();
      restless.leave();
      await wait(40);
      restless.comeBack();
    }
    await scanned();

    // What was watched before all this is watched still: nobody asks for this scan.
    const before = await openFindings(served);
    await served.hurry();
    changes.make();
    await vi.waitFor(async () => {
      expect(await openFindings(served)).not.toEqual(before);
    }, PATIENCE);
    await laps();
    expect(await openFindings(served)).toEqual(await truth(at));

    expect(restless.troubles).toEqual([]);
    expect(steady.troubles).toEqual([]);
    expect(restless.changes).toEqual(steady.changes);
    expect(steady.changes.length).toBeGreaterThan(20);
    expect(restless.visits).toBeGreaterThan(30);
    await vi.waitFor(() => {
      expect(at.nasGate.clients).toBeLessThanOrEqual(clients[0]);
      expect(at.clusterGate.clients).toBeLessThanOrEqual(clients[1] + 2);
    }, PATIENCE);
    await vi.waitFor(async () => {
      expect(await served.handles()).toBeLessThanOrEqual(handles + 8);
    }, PATIENCE);
    expect(await served.residentMiB()).toBeLessThan(memory + 200);

    // In the middle of a scan that would take very long.
    at.truenas.faults.latencyMs = 3_000;
    void served.ask('/api/v1/scans', { method: 'POST' });
    await wait(500);
    const told = performance.now();
    served.child.kill('SIGTERM');
    expect(await served.result).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - told).toBeLessThan(10_000);
    for (const secret of at.secrets) expect(served.log.join('')).not.toContain(secret);
  }, 120_000);

  it('lets read whoever may, and starts nothing for whom nobody can be asked about, while the cluster is away', async () => {
    const at = await aSite({ auth: 'auto' });
    at.kubernetes.users.push({
      ...{ token: 'somebody-else-entirely', username: 'somebody', uid: 'u', groups: [] },
      rights: ['list persistentvolumes', 'create scans.truenas-monitor.io'],
    });
    const headers = { authorization: 'Bearer somebody-else-entirely' };
    const served = await at.serve();
    await served.untilReady();
    await at.clusterGate.shut();
    const refused = await served.ask('/api/v1/scans', { method: 'POST', headers });
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([503, true]);
    expect(await refused.json()).toMatchObject({ error: { code: 'AUTH_UNAVAILABLE' } });
    expect((await served.ask('/api/v1/orphans', { headers: {} })).status).toBe(200);
    await at.clusterGate.reopen();
    await vi.waitFor(async () => {
      expect((await served.ask('/api/v1/scans', { method: 'POST', headers })).status).toBe(202);
    }, PATIENCE);
    expect(served.log.join('')).not.toContain('somebody-else-entirely');
    served.child.kill('SIGTERM');
    expect((await served.result).code).toBe(0);
  }, 60_000);

  it('loses nothing it has told where it is killed in the middle of a scan, and begins with what it knew', async () => {
    const at = await aSite();
    const first = await at.serve();
    await first.untilReady();
    await first.scan();
    const known = await openFindings(first);
    const before = await recorded(at);
    expect(before).toBeGreaterThan(0);
    at.truenas.faults.latencyMs = 500;
    await first.ask('/api/v1/scans', { method: 'POST' });
    await wait(300);
    first.child.kill('SIGKILL');
    expect((await first.result).signal).toBe('SIGKILL');
    await at.nasGate.shut();
    const second = await at.serve();
    await second.untilReady();
    expect(await openFindings(second)).toEqual(known);
    await vi.waitFor(async () => {
      expect(await staleness(second)).toBe(true);
    }, PATIENCE);
    expect(await recorded(at)).toBe(before);
    at.truenas.faults.latencyMs = 0;
    await at.nasGate.reopen();
    expect(await second.scan()).toMatchObject({ state: 'done' });
    expect(await staleness(second)).toBe(false);
    expect(await recorded(at)).toBeGreaterThan(before);
  }, 60_000);
});

/** Scans that the history has. */
async function recorded(at: ServeSite): Promise<number> {
  const config = at.sandbox.path('config.yaml');
  const { stdout, stderr } = await at.sandbox.run(HistoryStatus, [
    '--config',
    config,
    '-o',
    'json',
  ]);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { readonly scans: number }).scans;
}
