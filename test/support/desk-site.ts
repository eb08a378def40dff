import { readFile, writeFile } from 'node:fs/promises';
import { onTestFinished, vi } from 'vitest';
import { runEngine } from '../../src/lib/cli/serve/engine.ts';
import { type FromEngine, type ToEngine } from '../../src/lib/cli/serve/protocol.ts';
import { ThreadDesk } from '../../src/lib/cli/serve/thread-desk.ts';
import { Waiting } from '../../src/lib/cli/serve/waiting.ts';
import { type ConnectionRequest, type DemoRequest } from '../../src/lib/cli/scan-flags.ts';
import { type PlanScope } from '../../src/lib/core/cleanup/plan-scope.ts';
import { NO_FILTER } from '../../src/lib/core/model/filter.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type AskedBy, type DeskAnswer } from '../../src/lib/ports/cleanup-desk.ts';
import {
  type EngineAnswer,
  type EngineEvent,
  type EngineScanResult,
} from '../../src/lib/ports/scan-engine.ts';
import { RealCleanup, type RealCleanupOptions } from './real-cleanup.ts';
import { type Sandbox } from './run-command.ts';

/*
 * The desk of `serve` at work: the engine of the scanning thread in this process, with real servers behind it and the side of the
 * answering thread before it. What passes between them is copied, as between threads.
 */

export const PATIENCE = { timeout: 20_000, interval: 20 };

export const ANN: AskedBy = {
  by: { kind: 'token', name: 'ann', issuer: 'https://issuer.example' },
  correlationId: 'request-1',
};

export const EVERYTHING: PlanScope = {
  rules: null,
  findings: [],
  includeSnapshots: [],
  filter: NO_FILTER,
};

/** One share that leads nowhere: a plan of one step. */
export const ONE_STEP: PlanScope = { ...EVERYTHING, rules: ['nfs-share-dangling'] };

/** Datasets that are put aside: several steps. */
export const SEVERAL_STEPS: PlanScope = { ...EVERYTHING, rules: ['dataset-unclaimed'] };

export interface RunningDesk extends AsyncDisposable {
  readonly desk: ThreadDesk;
  readonly events: readonly EngineEvent[];
  readonly log: readonly string[];
  scan(): Promise<EngineScanResult>;
  explain(object: string): Promise<EngineAnswer>;
}

const REAL: ConnectionRequest = {
  config: null,
  kubeconfig: null,
  contexts: [],
  url: null,
  timeout: null,
  maxAge: millis(0),
  namespaces: [],
  demo: null,
};

/** Starts the engine, and waits until both sides are open. */
export async function runDesk(
  { environment }: Sandbox,
  connection: Partial<ConnectionRequest>,
): Promise<RunningDesk> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const events: EngineEvent[] = [];
  const log: string[] = [];
  const scans = new Waiting<EngineScanResult>();
  const answers = new Waiting<EngineAnswer>();
  const opened = Promise.withResolvers<undefined>();
  const line: { send: (message: ToEngine) => void } = { send: () => undefined };
  const send = (message: ToEngine): void => {
    line.send(structuredClone(message));
  };
  const desk = new ThreadDesk((call, request) => {
    send({ kind: 'desk', call, request });
  });
  const take = (message: FromEngine): void => {
    if (message.kind === 'opened') opened.resolve(undefined);
    if (message.kind === 'refused') opened.reject(new Error(message.failure.message));
    if (message.kind === 'event') events.push(message.event);
    if (message.kind === 'log') {
      const { level, message: text, fields } = message;
      log.push(`${level} ${text} ${JSON.stringify(fields)}`);
    }
    if (message.kind === 'scanned') scans.settle(message.call, message.result);
    if (message.kind === 'answered') answers.settle(message.call, message.answer);
    if (message.kind === 'desk') desk.take(message.call, message.reply);
  };
  const done = runEngine(
    {
      connection: { ...REAL, ...connection },
      version: '0.0.0-test',
      logLevel: 'info',
      maxConcurrent: 2,
      volumeSeries: 0,
    },
    {
      post: (message) => {
        take(structuredClone(message));
      },
      onMessage: (listener) => {
        line.send = listener;
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
  return {
    desk,
    events,
    log,
    scan: async () =>
      await scans.ask((call) => {
        const request = { maxAge: millis(0), keptOnly: false, correlationId: `scan-${call}` };
        send({ kind: 'scan', call, request });
      }),
    explain: async (object) =>
      await answers.ask((call) => {
        const of = {
          kind: 'explain',
          object,
          format: 'json',
          correlationId: 'a-question',
        } as const;
        send({ kind: 'answer', call, question: of });
      }),
    [Symbol.asyncDispose]: end,
  };
}

/** Servers, a configuration that lets plans be carried out, and the desk. */
export async function deskSite(
  options: RealCleanupOptions & { readonly allowApply?: boolean } = {},
): Promise<RunningDesk & { readonly site: RealCleanup }> {
  const { allowApply = true, ...others } = options;
  const site = await RealCleanup.start(others);
  onTestFinished(async () => {
    await site[Symbol.asyncDispose]();
  });
  if (allowApply) await allowApplying(site);
  const config = site.sandbox.path('config.yaml');
  return Object.assign(await runDesk(site.sandbox, { config }), { site });
}

export async function allowApplying({ sandbox }: RealCleanup, allowed = true): Promise<void> {
  const file = sandbox.path('config.yaml');
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>; // as it was written
  const server = { allow_apply: allowed };
  await writeFile(file, JSON.stringify({ ...config, server }), { mode: 0o600 });
}

/** The demo, and the desk. */
export async function demoDesk(
  sandbox: Sandbox,
  over: Partial<DemoRequest> = {},
): Promise<RunningDesk> {
  const stateDirectory = sandbox.path('demo');
  const demo = { size: null, stateDirectory, reset: false, clock: null, ...over };
  return await runDesk(sandbox, { demo });
}

/** Holds every change of the NAS until it is let go. */
export function holdChanges({ truenas }: Pick<RealCleanup, 'truenas'>): {
  readonly arrived: Promise<void>;
  letGo(): void;
} {
  const held = Promise.withResolvers<undefined>();
  const arrived = Promise.withResolvers<undefined>();
  truenas.faults.onCall = async (method) => {
    if (!/\.(update|delete|create|rename)$/.test(method)) return;
    arrived.resolve(undefined);
    await held.promise;
  };
  const letGo = (): void => {
    held.resolve(undefined);
  };
  onTestFinished(letGo);
  return { arrived: arrived.promise, letGo };
}

/** What was answered, where it went well. */
export function valueOf<T>(answer: DeskAnswer<T>): T {
  if (answer.state === 'done') return answer.value;
  throw new Error(`${answer.error.code}: ${answer.error.message}`);
}
