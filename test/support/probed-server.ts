import { type FastifyInstance } from 'fastify';
import { layeredAnswers } from '../../src/lib/adapters/cache/layered-answers.ts';
import { correlation } from '../../src/lib/adapters/log/correlation.ts';
import { Monitor } from '../../src/lib/app/serve/monitor.ts';
import { followProcess } from '../../src/lib/app/serve/process-state.ts';
import { type Report } from '../../src/lib/core/model/report.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type ServedScan } from '../../src/lib/core/serve/served-scan.ts';
import { DEFAULT_SERVE } from '../../src/lib/core/serve/settings.ts';
import { type LogFields } from '../../src/lib/ports/logger.ts';
import {
  type EngineAnswer,
  type EngineEvent,
  type EngineQuestion,
  type EngineScanResult,
} from '../../src/lib/ports/scan-engine.ts';
import { type Caller } from '../../src/lib/server/auth/access.ts';
import { buildServer } from '../../src/lib/server/server.ts';
import { emptyScan } from './empty-scan.ts';
import { packedPart } from './packed-texts.ts';
import { aReport } from './report-builders.ts';

/** A scan as it is served, with nothing in it but what it says of itself. */
export function aServedScan(id: string, overrides: Partial<Report> = {}): ServedScan {
  const empty = emptyScan(id, aReport({ cachedFor: null, ...overrides }));
  const report = packedPart('{"kind":"StorageReport"}');
  return { ...empty, documents: { ...empty.documents, 'reports/detailed': report } };
}

/** A server over an engine whose results a test decides on, which listens to nobody. */
export interface ProbedServer extends AsyncDisposable {
  readonly server: FastifyInstance;
  readonly time: { now: number };
  readonly questions: readonly EngineQuestion[];
  readonly logged: readonly { readonly message: string; readonly fields: LogFields }[];
  /** What the next scan ends with. */
  next: EngineScanResult;
  /** What the engine answers. */
  answer: EngineAnswer;
  caller: Caller;
  /** Scans once, and waits for its end. */
  scan(): Promise<void>;
  tell(event: EngineEvent): void;
  end(): void;
}

export async function probedServer(): Promise<ProbedServer> {
  const time = { now: Date.parse('2026-11-22T01:03:00Z') };
  const clock = { now: () => new Date(time.now) };
  const questions: EngineQuestion[] = [];
  const logged: { message: string; fields: LogFields }[] = [];
  const listeners = new Set<(event: EngineEvent) => void>();
  const ending = new AbortController();
  const stopped = new AbortController();
  const scope = correlation();
  const logger = {
    log: (_level: string, message: string, fields: LogFields = {}) => {
      logged.push({ message, fields: { ...scope.fields, ...fields } });
    },
  };
  let ids = 0;
  const engine = {
    scan: () => Promise.resolve(probed.next),
    answer: (question: EngineQuestion) => {
      questions.push(question);
      return Promise.resolve(probed.answer);
    },
    listen: (listener: (event: EngineEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
  const monitor = new Monitor(
    {
      engine,
      clock,
      pause: (_span, until) =>
        new Promise((_resolve, reject) => {
          until.addEventListener('abort', () => {
            reject(new Error('woken'));
          });
        }),
      logger,
      chance: () => 0.5,
      newId: () => `run-${String((ids += 1))}`,
    },
    { interval: millis(300_000), keptFor: millis(0) },
  );
  const server = await buildServer({
    monitor,
    engine,
    answers: layeredAnswers({ lifetime: millis(30_000), clock, logger, shared: null }),
    settings: DEFAULT_SERVE,
    authenticator: {
      admit: () => Promise.resolve({ state: 'admitted', caller: probed.caller }),
    },
    clock,
    logger,
    scope,
    process: followProcess(monitor, ending.signal),
    program: {
      version: '0.1.0',
      commit: null,
      node: '26.10.0',
      platform: 'linux-x64',
      started_at: '2026-11-22T01:00:00.000Z',
    },
  });
  let watching: Promise<void> | undefined;
  const probed: ProbedServer = {
    server,
    time,
    questions,
    logged,
    next: { state: 'done', scan: aServedScan('first') },
    answer: { state: 'done', body: new TextEncoder().encode('<html>') },
    caller: { name: 'ann', groups: [], role: 'viewer', namespaces: null },
    scan: async () => {
      const finished = new Promise<void>((resolve) => {
        const stop = monitor.listen(({ kind }) => {
          if (kind !== 'scan-finished' && kind !== 'scan-failed') return;
          stop();
          resolve();
        });
      });
      if (watching === undefined) watching = monitor.watch(stopped.signal);
      else monitor.request();
      await finished;
    },
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
    end: () => {
      ending.abort();
    },
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await watching;
      await server.close();
    },
  };
  return probed;
}
