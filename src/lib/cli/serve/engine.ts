import { Redactor } from '../../adapters/log/redactor.ts';
import { makeServedScan } from '../../app/serve/make-served-scan.ts';
import { InterruptedError, MonitorError } from '../../core/model/errors.ts';
import { failureOf, INTERNAL_FAILURE, type Failure } from '../../core/serve/failure.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type Logger, type LogLevel } from '../../ports/logger.ts';
import { type EngineScanRequest, type EngineScanResult } from '../../ports/scan-engine.ts';
import { type Console } from '../base-command.ts';
import { openEstate } from '../wire.ts';
import { type Estate } from '../wiring.ts';
import { type EngineStart, type FromEngine, type ToEngine } from './protocol.ts';

/** How a thread talks to the one that started it. */
export interface EnginePort {
  post(message: FromEngine, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: ToEngine) => void): void;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Opens both sides, keeps them open, and scans when it is told to; ends when it is told to, or cannot begin. */
export async function runEngine(start: EngineStart, port: EnginePort): Promise<void> {
  const ending = new AbortController();
  const level = { least: start.logLevel };
  const console = consoleOf(start, port, level);
  let last = Promise.resolve();
  const estate = await open(start, console, port, ending.signal);
  if (estate === undefined) return;
  const closed = new Promise<void>((resolve) => {
    port.onMessage((message) => {
      switch (message.kind) {
        case 'scan':
          // One after the other, whoever asks.
          last = last.then(async () => {
            const result = await scanOnce(estate, message.request, console, ending.signal);
            port.post({ kind: 'scanned', call: message.call, result }, transfersOf(result));
          });
          return;
        case 'log-level':
          level.least = message.level;
          return;
        case 'close':
          ending.abort(new InterruptedError('truenas-monitor is ending', { remediation: [] }));
          resolve();
      }
    });
  });
  port.post({ kind: 'opened', clusters: [] });
  await closed;
  await last;
  await estate[Symbol.asyncDispose]();
}

async function open(
  { connection }: EngineStart,
  console: Console,
  port: EnginePort,
  signal: AbortSignal,
): Promise<Estate | undefined> {
  try {
    return await openEstate(connection, console, signal);
  } catch (error) {
    port.post({ kind: 'refused', failure: explain(error, console.logger) });
    return undefined;
  }
}

async function scanOnce(
  estate: Estate,
  request: EngineScanRequest,
  { logger, version }: Console,
  signal: AbortSignal,
): Promise<EngineScanResult> {
  try {
    const scan = await makeServedScan(estate.ports, {
      ...estate.settings,
      settings: estate.configuration,
      ...request,
      version,
      signal,
    });
    return scan === undefined ? { state: 'failed', error: NOTHING_KEPT } : { state: 'done', scan };
  } catch (error) {
    return { state: 'failed', error: explain(error, logger) };
  }
}

function explain(error: unknown, logger: Logger): Failure {
  if (error instanceof MonitorError) return failureOf(error);
  logger.log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  return INTERNAL_FAILURE;
}

const NOTHING_KEPT: Failure = {
  code: 'NOTHING_KEPT',
  class: 'transient',
  message: 'no scan was kept',
  details: {},
  remediation: [],
};

/** What need not be copied. */
function transfersOf(result: EngineScanResult): readonly ArrayBuffer[] {
  return result.state === 'done' ? buffersOf(result.scan) : [];
}

function buffersOf({ findings, suppressed, lists, documents }: ServedScan): readonly ArrayBuffer[] {
  const rows = [findings, suppressed, ...Object.values(lists)];
  const buffers = [
    ...rows.flatMap(({ text, ends }) => [text.buffer, ends.buffer]),
    ...Object.values(documents).map(({ buffer }) => buffer),
  ];
  // Some documents are parts of another, and what is handed over twice is refused.
  return [...new Set(buffers)];
}

function consoleOf(
  { version }: EngineStart,
  port: EnginePort,
  level: { readonly least: LogLevel },
): Console {
  const redactor = new Redactor();
  return {
    version,
    redactor,
    logger: {
      log: (importance, message, fields = {}) => {
        if (LEVELS.indexOf(importance) < LEVELS.indexOf(level.least)) return;
        port.post({ kind: 'log', level: importance, message: redactor.redact(message), fields });
      },
    },
    progress: {
      step: (phase, done, total) => {
        port.post({ kind: 'event', event: { kind: 'phase', phase, done, total } });
      },
      finish: () => undefined,
    },
  };
}
