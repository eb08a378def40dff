import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type Failure } from '../../../src/lib/core/serve/failure.ts';
import { DEFAULT_SERVE } from '../../../src/lib/core/serve/settings.ts';
import { type Authenticator, type Verdict } from '../../../src/lib/server/auth/access.ts';
import { EVENT_PROTOCOL } from '../../../src/lib/server/events/event-protocol.ts';
import { EventListener, type Numbered, portOf, refusedBy } from '../../support/event-listener.ts';
import { samplesOf } from '../../support/exposition.ts';
import { aFinding, aPvFinding } from '../../support/report-builders.ts';
import { serveScans, type Served, type ServedOptions, VIEWER } from '../../support/served.ts';
import { aServedScan } from '../../support/served-scans.ts';

const FAILED: Failure = {
  code: 'TRUENAS_UNREACHABLE',
  class: 'transient',
  message: 'TrueNAS nas1 cannot be reached',
  details: {},
  remediation: ['Look whether it is on.'],
};

function aDatasetFinding(index: number, over: Partial<Finding> = {}): Finding {
  return aFinding({ id: index.toString(16).padStart(16, '0'), ...over });
}

function many(count: number, from = 0): readonly Finding[] {
  return Array.from({ length: count }, (_, index) => aDatasetFinding(from + index));
}

async function serving(options: ServedOptions = {}): Promise<Served & { readonly port: number }> {
  const served = await serveScans({ results: [aServedScan('scan-1')], ...options });
  return Object.assign(served, { port: await portOf(served) });
}

async function scanned(served: Served, id: string, findings: readonly Finding[]): Promise<void> {
  served.engine.play(aServedScan(id, { findings }));
  await served.scanAgain();
}

/** How many clients the metrics say were dropped, by why. */
async function droppedBy({ server }: Served): Promise<Readonly<Record<string, number>>> {
  const { body } = await server.inject('/metrics');
  const name = 'truenas_monitor_event_clients_dropped_total';
  const dropped = samplesOf(body, name);
  return Object.fromEntries(
    ['silent', 'slow'].map((why) => [why, dropped[`${name}{reason="${why}"}`] ?? NaN]),
  );
}

/** Lets in whoever has a token of these. */
function tokens(names: ReadonlyMap<string, Partial<typeof VIEWER>>): Authenticator {
  return {
    admit: ({ authorization }) => {
      const caller = names.get(authorization ?? '');
      const verdict: Verdict =
        caller === undefined
          ? { state: 'unknown', reason: 'a token is needed' }
          : { state: 'admitted', caller: { ...VIEWER, ...caller } };
      return Promise.resolve(verdict);
    },
  };
}

const ALICE = new Map([['Bearer good', { name: 'alice' }]]);
const WITH_TOKEN = { headers: { authorization: 'Bearer good' } };

function sequencesOf(events: readonly Numbered[]): readonly number[] {
  return events.filter(({ type }) => type !== 'state').map(({ sequence }) => sequence);
}

describe('what is told', () => {
  test('begins with how things are', async () => {
    const findings = [aFinding(), aPvFinding()];
    await using served = await serving({ results: [aServedScan('scan-1', { findings })] });
    using listener = new EventListener(served.port);
    expect(await listener.untilType('state')).toMatchObject({
      result: { id: 'scan-1', complete: true },
      age_seconds: 0,
      stale: false,
      running: null,
      summary: { total_orphans: 2 },
      open: { critical: [aPvFinding().id], high: [aFinding().id], medium: [], low: [], info: [] },
      unknown: [],
      health: { overall: 'PASS' },
    });
  });

  test('goes on with each scan and what it changed', async () => {
    await using served = await serving();
    using listener = new EventListener(served.port);
    await listener.untilType('state');
    await scanned(served, 'scan-2', [aFinding()]);
    expect(await listener.untilType('finding_opened')).toMatchObject({
      result: 'scan-2',
      finding: { id: aFinding().id, rule: 'dataset-unclaimed', namespace: 'shop' },
    });
    await scanned(served, 'scan-3', []);
    await listener.untilType('finding_closed');
    expect(listener.kinds).toEqual([
      'state',
      'scan_started',
      'scan_finished',
      'finding_opened',
      'scan_started',
      'scan_finished',
      'finding_closed',
    ]);
    expect(sequencesOf(listener.events)).toEqual(
      listener.events.slice(1).map((_, index) => (listener.events[0]?.sequence ?? 0) + index + 1),
    );
  });

  test('says how things are instead of calling everything new that the first scan finds', async () => {
    await using served = await serving({ results: [] });
    using listener = new EventListener(served.port);
    expect(await listener.untilType('state')).toMatchObject({ result: null, stale: null });
  });

  test('says that a scan failed, and that the result became stale by that', async () => {
    await using served = await serving();
    using listener = new EventListener(served.port);
    await listener.untilType('state');
    served.engine.play(FAILED);
    await served.scanAgain();
    expect(await listener.untilType('scan_failed')).toMatchObject({
      run: { state: 'failed', error: { code: 'TRUENAS_UNREACHABLE' } },
    });
    expect(await listener.untilType('freshness_changed')).toMatchObject({ stale: true });
    await scanned(served, 'scan-2', []);
    expect(await listener.untilType('freshness_changed', 4)).toMatchObject({ stale: false });
  });

  test('says that a result became stale although nothing else happened', async () => {
    await using served = await serving({ eventLimits: { tick: millis(20) } });
    using listener = new EventListener(served.port);
    await listener.untilType('state');
    served.clock.move(3 * DEFAULT_SERVE.scanning.interval + 1);
    expect(await listener.untilType('freshness_changed')).toMatchObject({ stale: true });
  });

  test('reaches a hundred clients, each event once', async () => {
    await using served = await serving();
    const listeners = Array.from({ length: 100 }, () => new EventListener(served.port));
    await Promise.all(listeners.map(async (each) => await each.untilType('state')));
    for (const round of [1, 2, 3]) await scanned(served, `r-${round}`, many(20, round * 20));
    await scanned(served, 'last', []);
    const last = aDatasetFinding(79).id;
    for (const listener of listeners) {
      await listener.until((event) => event.type === 'finding_closed' && event.finding.id === last);
      const opened = listener.events.filter(({ type }) => type === 'finding_opened');
      expect(opened).toHaveLength(60);
      const sequences = sequencesOf(listener.events);
      expect(new Set(sequences).size).toBe(sequences.length);
      listener[Symbol.dispose]();
    }
  });

  test('leaves out what callers limited to namespaces may not see', async () => {
    const theirs = aFinding();
    const other = aPvFinding({ kubernetesReference: 'bank/ledger' });
    const nobodys = aDatasetFinding(7, { kubernetesReference: null });
    await using served = await serving({
      results: [aServedScan('scan-1', { findings: [theirs, other] })],
      caller: { ...VIEWER, name: 'bob', namespaces: new Set(['shop']) },
    });
    using listener = new EventListener(served.port);
    expect(await listener.untilType('state')).toMatchObject({
      open: { critical: [], high: [theirs.id] },
      summary: null,
      health: null,
    });
    const finding = aDatasetFinding(8);
    served.engine.play(
      aServedScan('scan-2', {
        findings: [nobodys, finding],
        health: { overall: 'FAIL', components: [] },
      }),
    );
    await served.scanAgain();
    await listener.untilType('finding_closed');
    await listener.untilType('finding_opened');
    const text = JSON.stringify(listener.heard);
    expect(text).toContain(finding.id);
    expect(text).not.toContain(other.id);
    expect(text).not.toContain(nobodys.id);
    expect(listener.kinds).not.toContain('health_changed');
    expect(await listener.untilType('scan_finished')).toMatchObject({ summary: null });
  });
});

describe('coming back', () => {
  test('loses and doubles nothing while scans happen', async () => {
    await using served = await serving();
    const heard: Numbered[] = [];
    let query = '';
    for (let round = 0; round < 8; round += 1) {
      using listener = new EventListener(served.port, { query });
      await new Promise((resolve) => listener.socket.once('open', resolve));
      await scanned(served, `in-${round}`, many(10, round * 10));
      await listener.until(
        ({ type }) => type === (round === 0 ? 'finding_opened' : 'finding_closed'),
      );
      heard.push(...listener.events);
      const last = heard.at(-1);
      query = `?after=${last?.sequence ?? 0}&process=${last?.process ?? ''}`;
      listener[Symbol.dispose]();
      await scanned(served, `out-${round}`, many(5, 1_000 + round * 10));
    }
    using listener = new EventListener(served.port, { query });
    await listener.until((event) => event.type === 'finding_closed' && event.result === 'out-7');
    await wait(50);
    heard.push(...listener.events);
    expect(heard.filter(({ type }) => type === 'state')).toHaveLength(1);
    const first = heard[0]?.sequence ?? 0;
    expect(heard.map(({ sequence }) => sequence)).toEqual(heard.map((_, index) => first + index));
  });

  test('begins with how things are where too much has happened since', async () => {
    await using served = await serving({ eventLimits: { remembered: 5 } });
    using first = new EventListener(served.port);
    const { process, sequence } = (await first.untilType('state')) as Numbered;
    await scanned(served, 'scan-2', many(20));
    using second = new EventListener(served.port, {
      query: `?after=${sequence}&process=${process}`,
    });
    const state = (await second.untilType('state')) as Extract<Numbered, { type: 'state' }>;
    expect(second.kinds).toEqual(['state']);
    expect(state.open.high).toHaveLength(20);
    // Whoever is there falls behind in the same way, and is told in the same way.
    await first.until((event) => event.type === 'state' && event.open.high.length === 20);
  });

  test.each(['another', ''])('begins with how things are after a restart (%j)', async (process) => {
    await using served = await serving();
    using listener = new EventListener(served.port, { query: `?after=1&process=${process}` });
    await listener.untilType('state');
    expect(listener.kinds[0]).toBe('state');
  });

  test('tells again what came after an event when it is asked to', async () => {
    await using served = await serving();
    using listener = new EventListener(served.port);
    const { process, sequence } = (await listener.untilType('state')) as Numbered;
    await scanned(served, 'scan-2', [aFinding()]);
    await listener.untilType('finding_opened');
    const before = listener.heard.length;
    listener.say(JSON.stringify({ type: 'resume', after: sequence, process }));
    await listener.untilType('finding_opened', before);
    expect(listener.kinds.slice(before)).toEqual([
      'scan_started',
      'scan_finished',
      'finding_opened',
    ]);
    listener.say('{"type":"resume","after":0}');
    await listener.untilType('state', before);
  });
});

describe('who is let in', () => {
  const options: ServedOptions = { context: { authenticator: tokens(ALICE) } };

  test('refuses whoever shows no token before anything is upgraded', async () => {
    await using served = await serving(options);
    expect(await refusedBy(served.port)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    using listener = new EventListener(served.port, WITH_TOKEN);
    await listener.untilType('state');
  });

  test('refuses a token in the address', async () => {
    await using served = await serving(options);
    const refused = await refusedBy(served.port, { query: '?token=good', ...WITH_TOKEN });
    expect(refused.status).toBe(400);
  });

  test('lets a ticket stand for the token it was got with, once', async () => {
    await using served = await serving(options);
    const answer = await served.server.inject({
      method: 'POST',
      url: '/api/v1/events/tickets',
      ...WITH_TOKEN,
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { protocols } = answer.json<{ protocols: string[] }>();
    using listener = new EventListener(served.port, { protocols });
    await listener.untilType('state');
    expect(listener.socket.protocol).toBe(EVENT_PROTOCOL);
    expect(await refusedBy(served.port, { protocols })).toMatchObject({
      status: 401,
      code: 'TICKET_UNKNOWN',
    });
  });

  test('refuses a ticket that is too old', async () => {
    await using served = await serving(options);
    const answer = await served.server.inject({
      method: 'POST',
      url: '/api/v1/events/tickets',
      ...WITH_TOKEN,
    });
    served.clock.move(30_000);
    const { protocols } = answer.json<{ protocols: string[] }>();
    expect((await refusedBy(served.port, { protocols })).code).toBe('TICKET_UNKNOWN');
  });

  test('gives no ticket to whoever has no token', async () => {
    await using served = await serving(options);
    const answer = await served.server.inject({ method: 'POST', url: '/api/v1/events/tickets' });
    expect(answer.statusCode).toBe(401);
  });

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://127.0.0.1:1', 403],
  ])('refuses a page of %s', async (origin, status) => {
    await using served = await serving();
    expect(await refusedBy(served.port, { origin })).toMatchObject({
      status,
      code: 'ORIGIN_REFUSED',
    });
  });

  test('lets in its own pages, and those that are named', async () => {
    const server = { ...DEFAULT_SERVE.server, origins: ['https://grafana.example'] };
    await using served = await serving({ context: { settings: { ...DEFAULT_SERVE, server } } });
    for (const origin of [`http://127.0.0.1:${served.port}`, 'https://grafana.example']) {
      using listener = new EventListener(served.port, { origin });
      await listener.untilType('state');
    }
  });

  test('refuses more clients than there may be, and takes another when one has left', async () => {
    const server = { ...DEFAULT_SERVE.server, maxEventClients: 2 };
    await using served = await serving({ context: { settings: { ...DEFAULT_SERVE, server } } });
    using one = new EventListener(served.port);
    using other = new EventListener(served.port);
    await Promise.all([one.untilType('state'), other.untilType('state')]);
    const refused = await refusedBy(served.port);
    expect(refused).toMatchObject({ status: 503, code: 'TOO_MANY_CLIENTS' });
    expect(refused.headers['retry-after']).toBe('30');
    one.socket.close();
    await one.closed;
    await wait(20);
    using third = new EventListener(served.port);
    await third.untilType('state');
  });

  test('leaves room for others beside one caller', async () => {
    const server = { ...DEFAULT_SERVE.server, maxEventClients: 8 };
    const two = new Map([...ALICE, ['Bearer bob', { name: 'bob' }]]);
    await using served = await serving({
      context: { authenticator: tokens(two), settings: { ...DEFAULT_SERVE, server } },
    });
    using one = new EventListener(served.port, WITH_TOKEN);
    using other = new EventListener(served.port, WITH_TOKEN);
    await Promise.all([one.untilType('state'), other.untilType('state')]);
    expect(await refusedBy(served.port, WITH_TOKEN)).toMatchObject({
      status: 429,
      code: 'TOO_MANY_CONNECTIONS',
    });
    using bob = new EventListener(served.port, { headers: { authorization: 'Bearer bob' } });
    await bob.untilType('state');
  });

  test('ends when the token would not be let in any more', async () => {
    const names = new Map(ALICE);
    await using served = await serving({
      context: { authenticator: tokens(names) },
      eventLimits: { tick: millis(20), admitEvery: millis(40) },
    });
    using listener = new EventListener(served.port, WITH_TOKEN);
    await listener.untilType('state');
    await wait(100);
    expect(listener.socket.readyState).toBe(listener.socket.OPEN);
    names.clear();
    expect((await listener.closed).code).toBe(1008);
  });

  test('ends when nobody can tell any more who it is, but not at the first failure', async () => {
    let asked = 0;
    const authenticator: Authenticator = {
      admit: () => {
        asked += 1;
        if (asked > 1) throw new Error('down');
        return Promise.resolve({ state: 'admitted', caller: VIEWER });
      },
    };
    await using served = await serving({
      context: { authenticator },
      eventLimits: { tick: millis(20), admitEvery: millis(40) },
    });
    using listener = new EventListener(served.port);
    expect((await listener.closed).code).toBe(1013);
    expect(asked).toBe(3);
  });

  test('tells whoever may see less from now on how things are, and no more of the rest', async () => {
    const names = new Map<string, Partial<typeof VIEWER>>(ALICE);
    await using served = await serving({
      results: [aServedScan('scan-1', { findings: [aFinding()] })],
      context: { authenticator: tokens(names) },
      eventLimits: { tick: millis(20), admitEvery: millis(40) },
    });
    using listener = new EventListener(served.port, WITH_TOKEN);
    await listener.untilType('state');
    names.set('Bearer good', { name: 'alice', namespaces: new Set(['bank']) });
    expect(await listener.untilType('state', 1)).toMatchObject({ open: { high: [] } });
  });

  test('says to whoever does not upgrade that it has to', async () => {
    await using served = await serving();
    const answer = await served.server.inject({ url: '/api/v1/events' });
    expect(answer.statusCode).toBe(426);
    expect(answer.json()).toMatchObject({ error: { code: 'UPGRADE_REQUIRED' } });
  });
});

describe('bad clients', () => {
  test.each<[string, string | Buffer, number]>([
    ['what is no JSON', '{', 1007],
    ['a message nobody knows', '{"type":"drop"}', 1007],
    ['a negative number', '{"type":"resume","after":-1}', 1007],
    ['a key nobody knows', '{"type":"ping","x":1}', 1007],
    ['bytes', Buffer.from([0, 1, 2]), 1003],
    ['a message that is too large', `{"type":"${'x'.repeat(2_000)}"}`, 1009],
  ])('are told why they have to go: %s', async (_what, message, code) => {
    await using served = await serving({ eventLimits: { parting: millis(200) } });
    using listener = new EventListener(served.port);
    using other = new EventListener(served.port);
    await Promise.all([listener.untilType('state'), other.untilType('state')]);
    listener.say(message);
    expect((await listener.closed).code).toBe(code);
    await scanned(served, 'scan-2', []);
    await other.untilType('scan_finished');
  });

  test('are dropped for frames that are none', async () => {
    await using served = await serving({ eventLimits: { parting: millis(200) } });
    using listener = new EventListener(served.port);
    await listener.untilType('state');
    const raw = (listener.socket as unknown as { _socket: { write(data: Buffer): void } })._socket;
    raw.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect((await listener.closed).code).toBe(1002);
  });

  test('are dropped where they ask without end', async () => {
    await using served = await serving();
    using listener = new EventListener(served.port);
    await listener.untilType('state');
    for (let count = 0; count < 50; count += 1) listener.say('{"type":"ping"}');
    expect((await listener.closed).code).toBe(1008);
    expect(listener.kinds.filter((kind) => kind === 'pong').length).toBeLessThanOrEqual(20);
  });

  test('are dropped where they do not answer pings', async () => {
    await using served = await serving({
      eventLimits: { tick: millis(20), pingEvery: millis(60) },
    });
    using dead = new EventListener(served.port, { autoPong: false });
    using alive = new EventListener(served.port);
    await Promise.all([dead.untilType('state'), alive.untilType('state')]);
    expect((await dead.closed).code).toBe(1006);
    await wait(150);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
    expect(await droppedBy(served)).toEqual({ silent: 1, slow: 0 });
  });

  test('are dropped where they take nothing, while others hear everything', async () => {
    await using served = await serving({
      eventLimits: {
        tick: millis(50),
        patience: millis(500),
        parting: millis(10_000),
        unsent: 64 * 1024,
      },
    });
    using slow = new EventListener(served.port);
    using quick = new EventListener(served.port);
    await Promise.all([slow.untilType('state'), quick.untilType('state')]);
    slow.socket.pause();
    const rounds = 20;
    for (let round = 1; round <= rounds; round += 1) {
      await scanned(served, `on-${round}`, many(1_500, round * 1_500));
      await quick.until(
        (event) =>
          event.type === 'finding_opened' &&
          event.finding.id === aDatasetFinding(round * 1_500 + 1_499).id,
        Math.max(0, quick.heard.length - 10),
      );
    }
    expect(quick.kinds.filter((kind) => kind === 'finding_opened')).toHaveLength(1_500 * rounds);
    await wait(1_000);
    slow.socket.resume();
    const { code, reason } = await slow.closed;
    expect(code).toBe(1013);
    expect(reason).toContain('too slow');
    expect(await droppedBy(served)).toEqual({ silent: 0, slow: 1 });
    await scanned(served, 'after', []);
    await quick.until((event) => event.type === 'scan_finished' && event.result.id === 'after');
  });
});

test('parts from everybody when it ends, from those who do not answer too', async () => {
  const served = await serving({ eventLimits: { parting: millis(200) } });
  const listeners = Array.from({ length: 5 }, () => new EventListener(served.port));
  const [first] = listeners;
  await Promise.all(listeners.map(async (each) => await each.untilType('state')));
  first?.socket.pause();
  const started = performance.now();
  await served[Symbol.asyncDispose]();
  expect(performance.now() - started).toBeLessThan(2_000);
  for (const listener of listeners.slice(1)) expect((await listener.closed).code).toBe(1001);
  first?.[Symbol.dispose]();
});
