import { type Correlation, correlation } from '../../adapters/log/correlation.ts';
import { Redactor } from '../../adapters/log/redactor.ts';
import { makeServedScan } from '../../app/serve/make-served-scan.ts';
import { InterruptedError, MonitorError } from '../../core/model/errors.ts';
import { failureOf, INTERNAL_FAILURE, type Failure } from '../../core/serve/failure.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type LogFields, type Logger, type LogLevel } from '../../ports/logger.ts';
import {
  type EngineAnswer,
  type EngineQuestion,
  type EngineScanRequest,
  type EngineScanResult,
} from '../../ports/scan-engine.ts';
import { type Console } from '../base-command.ts';
import { openEstate } from '../wire.ts';
import { type Estate } from '../wiring.ts';
import { answerFromKept, NOTHING_KEPT } from './answer.ts';
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
  const scope = correlation();
  const console = consoleOf(start, port, level, scope);
  const opened = await open(start, console, port, ending.signal);
  if (opened === undefined) return;
  let estate = opened;
  // One after the other, whoever asks.
  let last = Promise.resolve();
  const queue = (work: () => Promise<void>): void => {
    last = last.then(work);
  };
  const closed = new Promise<void>((resolve) => {
    port.onMessage((message) => {
      switch (message.kind) {
        case 'scan':
          queue(async () => {
            const { request, call } = message;
            const result = await scope.run({ scan: request.correlationId }, async () =>
              scanOnce(estate, request, console, ending.signal),
            );
            port.post({ kind: 'scanned', call, result }, transfersOf(result));
          });
          return;
        case 'answer':
          queue(async () => {
            const { question, call } = message;
            const answer = await scope.run({ request: question.correlationId }, async () =>
              answerOnce(estate, question, console, ending.signal),
            );
            const transfer = answer.state === 'done' ? [answer.body.buffer] : [];
            port.post({ kind: 'answered', call, answer }, transfer);
          });
          return;
        case 'reload':
          queue(async () => {
            estate = await reopen(estate, start, console, ending.signal);
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

/** Opens both sides anew, by the configuration and the secrets there are now. What is wrong with them ends nothing that works. */
async function reopen(
  before: Estate,
  { connection }: EngineStart,
  console: Console,
  signal: AbortSignal,
): Promise<Estate> {
  try {
    const estate = await openEstate(connection, console, signal);
    await before[Symbol.asyncDispose]();
    console.logger.log('info', 'the configuration was read again');
    return estate;
  } catch (error) {
    const { code, message } = explain(error, console.logger);
    console.logger.log('error', `the configuration stays as it was: ${message}`, { code });
    return before;
  }
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

async function answerOnce(
  estate: Estate,
  question: EngineQuestion,
  { logger, version }: Console,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  try {
    const body = await answerFromKept(estate, question, version, signal);
    return body === undefined ? { state: 'failed', error: NOTHING_KEPT } : { state: 'done', body };
  } catch (error) {
    return { state: 'failed', error: explain(error, logger) };
  }
}

/** What need not be copied. */
function transfersOf(result: EngineScanResult): readonly ArrayBuffer[] {
  return result.state === 'done' ? buffersOf(result.scan) : [];
}

function buffersOf({ findings, suppressed, lists, documents }: ServedScan): readonly ArrayBuffer[] {
  const rows = [findings, suppressed, ...Object.values(lists)];
  return [
    ...rows.flatMap(({ text, ends }) => [text.buffer, ends.buffer]),
    ...Object.values(documents).map(({ buffer }) => buffer),
  ];
}

function consoleOf(
  { version }: EngineStart,
  port: EnginePort,
  level: { readonly least: LogLevel },
  scope: Correlation,
): Console {
  const redactor = new Redactor();
  return {
    version,
    redactor,
    logger: {
      log: (importance, message, fields = {}) => {
        if (LEVELS.indexOf(importance) < LEVELS.indexOf(level.least)) return;
        port.post({
          kind: 'log',
          level: importance,
          message: redactor.redact(message),
          fields: redacted({ ...scope.fields, ...fields }, redactor),
        });
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

/** This thread alone knows some of the secrets, so they are taken out before anything leaves it. */
function redacted(fields: LogFields, redactor: Redactor): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactor.redact(value) : value,
    ]),
  );
}
