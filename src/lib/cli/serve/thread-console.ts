import { Redactor } from '../../adapters/log/redactor.ts';
import { type LogLevel } from '../../ports/logger.ts';
import { type EngineEvent } from '../../ports/scan-engine.ts';
import { type Console } from '../base-command.ts';
import { type EnginePort } from './engine.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** What is said in the thread that scans, said to the one that answers. */
export function threadConsole(
  version: string,
  port: EnginePort,
  level: { readonly least: LogLevel },
): Console {
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
        port.post({ kind: 'log', level: importance, message: redactor.redact(message), fields });
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
