import { type Correlation } from '../../adapters/log/correlation.ts';
import { Redactor } from '../../adapters/log/redactor.ts';
import { type LogFields, type LogLevel } from '../../ports/logger.ts';
import { type EngineEvent } from '../../ports/scan-engine.ts';
import { type Console } from '../base-command.ts';
import { type EnginePort } from './protocol.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export interface ThreadConsoleOptions {
  readonly version: string;
  readonly port: EnginePort;
  readonly level: { readonly least: LogLevel };
  /** What is being worked on, which whatever is said goes with. */
  readonly scope: Correlation;
}

/** What is said in the thread that scans, said to the one that answers. */
export function threadConsole({ version, port, level, scope }: ThreadConsoleOptions): Console {
  const redactor = new Redactor();
  const tell = (event: EngineEvent): void => {
    port.post({ kind: 'event', event });
  };
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
        tell({ kind: 'phase', phase, done, total });
      },
      finish: () => undefined,
    },
    onCall: ({ api, name }, outcome, duration) => {
      tell({ kind: 'call', api, member: name, outcome, duration });
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
