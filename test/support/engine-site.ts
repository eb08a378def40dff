import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { runEngine } from '../../src/lib/cli/serve/engine.ts';
import { type FromEngine, type ToEngine } from '../../src/lib/cli/serve/protocol.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type KubernetesLab, startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import {
  type EngineEvent,
  type EngineScanRequest,
  type EngineScanResult,
} from '../../src/lib/ports/scan-engine.ts';

/* The engine that scans, without a thread around it, over both sides as servers on loopback. */

export interface EngineSite {
  readonly directory: string;
  readonly config: string;
  readonly cluster: KubernetesLab;
  nas: TrueNasLab;
  readonly configure: (over?: { readonly key?: string; readonly text?: string }) => Promise<void>;
  readonly restartNas: () => Promise<void>;
}

/** A configuration that names both sides of a world with one cluster and one system. */
export async function anEngineSite(world: World = demo.build('25.10')): Promise<EngineSite> {
  const directory = await mkdtemp(join(tmpdir(), 'engine-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const now = (): Date => new Date(world.now);
  const [first] = world.clusters;
  const [system] = world.systems;
  if (first === undefined || system === undefined) throw new Error('the world has both sides');
  const cluster = await startKubernetesLab(first, { now });
  const nas = await startTrueNasLab(system, { now });
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
  const [key] = system.apiKeys;
  const secret = join(directory, 'key');
  const config = join(directory, 'config.yaml');
  const configure: EngineSite['configure'] = async ({ key: written, text } = {}) => {
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
  const site: EngineSite = {
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

export interface RunningEngine {
  readonly events: EngineEvent[];
  readonly log: string[];
  readonly scan: (keptOnly?: boolean) => Promise<EngineScanResult>;
  readonly scanAs: (request: EngineScanRequest) => Promise<EngineScanResult>;
  readonly end: () => Promise<void>;
}

/** Runs the engine until the test ends, or it is told to. */
export async function runEngineOf({ config, directory }: EngineSite): Promise<RunningEngine> {
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
  const scanAs: RunningEngine['scanAs'] = (request) =>
    new Promise((resolve) => {
      last += 1;
      const call = last;
      calls.set(call, (result) => {
        calls.delete(call);
        resolve(result);
      });
      send({ kind: 'scan', call, request });
    });
  const scan: RunningEngine['scan'] = (keptOnly = false) => {
    const maxAge = millis(keptOnly ? 3_600_000 : 0);
    return scanAs({ maxAge, keptOnly, correlationId: `scan-${String(last + 1)}` });
  };
  return { events, log, scan, scanAs, end };
}
