import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runEngine } from '../../../src/lib/cli/serve/engine.ts';
import { type FromEngine, type ToEngine } from '../../../src/lib/cli/serve/protocol.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type KubernetesLab, startKubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { startTrueNasLab, type TrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { type EngineEvent, type EngineScanResult } from '../../../src/lib/ports/scan-engine.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };

interface Site {
  readonly directory: string;
  readonly config: string;
  readonly cluster: KubernetesLab;
  nas: TrueNasLab;
  readonly configure: (over?: { readonly key?: string; readonly text?: string }) => Promise<void>;
  readonly restartNas: () => Promise<void>;
}

async function aSite(): Promise<Site> {
  const directory = await mkdtemp(join(tmpdir(), 'engine-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const world = demo.build('25.10');
  const now = (): Date => new Date(world.now);
  const [first] = world.clusters;
  const [system] = world.systems;
  if (first === undefined || system === undefined) throw new Error('the demo has both sides');
  const cluster = await startKubernetesLab(first, { now });
  const nas = await startTrueNasLab(system, { now });
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
  const [key] = system.apiKeys;
  const secret = join(directory, 'key');
  const config = join(directory, 'config.yaml');
  const configure: Site['configure'] = async ({ key: written, text } = {}) => {
    await writeFile(secret, written ?? `${key?.id ?? ''}-${key?.secret ?? ''}\n`);
    await chmod(secret, 0o600);
    const content = {
      kubernetes: { name: first.name, kubeconfig },
      truenas: {
        name: system.name,
        url: nas.url,
        username: key?.username ?? null,
        api_key_file: secret,
      },
      cache: { path: join(directory, 'cache') },
      history: { path: join(directory, 'history.db') },
    };
    await writeFile(config, text ?? JSON.stringify(content), { mode: 0o600 });
  };
  await configure();
  const site: Site = {
    directory,
    config,
    cluster,
    nas,
    configure,
    restartNas: async () => {
      site.nas = await startTrueNasLab(system, { now, port: Number(new URL(nas.url).port) });
    },
  };
  onTestFinished(async () => {
    await cluster.close();
    await site.nas.close();
  });
  return site;
}

interface Running {
  readonly events: EngineEvent[];
  readonly log: string[];
  readonly scan: (keptOnly?: boolean) => Promise<EngineScanResult>;
  readonly end: () => Promise<void>;
}

async function run({ config, directory }: Site): Promise<Running> {
  vi.stubEnv('XDG_STATE_HOME', join(directory, 'state'));
  vi.stubEnv('XDG_CACHE_HOME', join(directory, 'cache'));
  const events: EngineEvent[] = [];
  const log: string[] = [];
  const calls = new Map<number, (result: EngineScanResult) => void>();
  const opened = Promise.withResolvers<undefined>();
  let send: (message: ToEngine) => void = () => undefined;
  let last = 0;
  const take = (message: FromEngine): void => {
    if (message.kind === 'opened') opened.resolve(undefined);
    if (message.kind === 'refused') opened.reject(new Error(message.failure.message));
    if (message.kind === 'event') events.push(message.event);
    if (message.kind === 'log') log.push(`${message.level} ${message.message}`);
    if (message.kind === 'scanned') calls.get(message.call)?.(message.result);
  };
  const done = runEngine(
    {
      connection: {
        config,
        kubeconfig: null,
        contexts: [],
        url: null,
        timeout: millis(2_000),
        maxAge: millis(0),
        namespaces: [],
        demo: null,
      },
      version: '0.0.0',
      logLevel: 'info',
      maxConcurrent: 2,
      volumeSeries: 0,
    },
    {
      post: take,
      onMessage: (listener) => {
        send = listener;
      },
    },
  );
  const end = async (): Promise<void> => {
    send({ kind: 'close' });
    await done;
  };
  onTestFinished(async () => {
    await end();
    vi.unstubAllEnvs();
  });
  await opened.promise;
  const scan = (keptOnly = false): Promise<EngineScanResult> =>
    new Promise((resolve) => {
      last += 1;
      calls.set(last, resolve);
      const maxAge = millis(keptOnly ? 3_600_000 : 0);
      const request = { maxAge, keptOnly, correlationId: `scan-${last}` };
      send({ kind: 'scan', call: last, request });
    });
  return { events, log, scan, end };
}

function ofKind<K extends EngineEvent['kind']>(
  { events }: Running,
  kind: K,
): readonly Extract<EngineEvent, { kind: K }>[] {
  return events.filter((event): event is Extract<EngineEvent, { kind: K }> => event.kind === kind);
}

function logins({ nas }: Site): number {
  return nas.calls.filter(({ method }) => method === 'core.set_options').length;
}

describe('the scanning engine', () => {
  test('scans again and again over one session, and is told of nothing it did itself', async () => {
    const site = await aSite();
    const engine = await run(site);
    for (let scan = 0; scan < 3; scan += 1) expect((await engine.scan()).state).toBe('done');
    expect(logins(site)).toBe(1);
    expect(ofKind(engine, 'changed')).toEqual([]);
    const calls = ofKind(engine, 'call');
    expect(new Set(calls.map(({ api, outcome }) => `${api} ${outcome}`))).toEqual(
      new Set(['kubernetes ok', 'truenas ok']),
    );
  });

  test('tells of a change on either side', async () => {
    const site = await aSite();
    const engine = await run(site);
    await engine.scan();
    site.cluster.cluster.objects['persistentvolumes']?.pop();
    site.cluster.refresh();
    await vi.waitFor(() => {
      const told = ofKind(engine, 'changed').map(({ source }) => source);
      expect(told).toContain(site.cluster.cluster.name);
    }, PATIENCE);
  });

  test('goes on where a NAS was away, asks it again when it is back, and says that it may have changed', async () => {
    const site = await aSite();
    const engine = await run(site);
    expect((await engine.scan()).state).toBe('done');
    await site.nas.close();
    for (let scan = 0; scan < 3; scan += 1) {
      expect(await engine.scan()).toMatchObject({
        state: 'failed',
        error: { code: 'TRUENAS_UNREACHABLE' },
      });
    }
    expect(ofKind(engine, 'circuit').at(-1)?.state).toBe('open');
    expect(await engine.scan()).toMatchObject({ state: 'failed', error: { code: 'CIRCUIT_OPEN' } });
    await site.restartNas();
    await vi.waitFor(() => {
      expect(ofKind(engine, 'changed').map(({ source }) => source)).toContain(site.nas.system.name);
    }, PATIENCE);
    expect((await engine.scan()).state).toBe('done');
    expect(ofKind(engine, 'circuit').at(-1)?.state).toBe('closed');
  });

  test('goes by a secret that was changed, and by the old one while the new file is broken', async () => {
    const site = await aSite();
    const engine = await run(site);
    expect((await engine.scan()).state).toBe('done');
    await site.configure({ text: 'truenas: [' });
    expect((await engine.scan()).state).toBe('done');
    expect(ofKind(engine, 'configuration').at(-1)?.failure?.code).toBe('CONFIG_INVALID');
    expect(engine.log.filter((line) => line.startsWith('error the configuration'))).toHaveLength(1);
    await site.configure({ key: '1-wrong' });
    expect(await engine.scan()).toMatchObject({
      state: 'failed',
      error: { code: 'TRUENAS_UNAUTHORIZED' },
    });
    expect(ofKind(engine, 'configuration').at(-1)?.failure).toBeNull();
    await site.configure();
    expect((await engine.scan()).state).toBe('done');
  });

  test('shows what was kept without reading anything', async () => {
    const site = await aSite();
    const first = await run(site);
    expect(await first.scan(true)).toMatchObject({
      state: 'failed',
      error: { code: 'NOTHING_KEPT' },
    });
    await first.scan();
    await first.end();
    expect(ofKind(first, 'kept').map(({ outcome }) => outcome)).toEqual(['miss']);
  });

  test('lets go of every connection in the middle of a scan', async () => {
    const site = await aSite();
    const engine = await run(site);
    site.nas.faults.latencyMs = 60_000;
    const scan = engine.scan();
    const began = performance.now();
    await engine.end();
    expect(await scan).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
