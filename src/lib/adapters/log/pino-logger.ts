import { pino } from 'pino';
import { escapeInJson } from '../../core/render/text/safe.ts';
import { type Clock } from '../../ports/clock.ts';
import { type LogFields, type Logger, type LogLevel } from '../../ports/logger.ts';
import { allowedFields } from './allowed-fields.ts';
import { type Redactor } from './redactor.ts';
import { scrub } from './scrub.ts';

/** A logger whose level may change while it is used. */
export interface LeveledLogger extends Logger {
  readonly level: LogLevel;
  setLevel(level: LogLevel): void;
}

export interface PinoLoggerOptions {
  /** Messages below it are dropped. */
  readonly level: LogLevel;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** What goes with every message right now. */
  readonly context: () => LogFields;
  /** Takes one finished line, with its newline. */
  readonly write: (line: string) => void;
}

/** One line of JSON per message, for whatever collects the log of a server. */
export function pinoLogger(options: PinoLoggerOptions): LeveledLogger {
  const { redactor, clock, context, write } = options;
  // Values, and not the line: a secret may be spelled as the name of a field is.
  const safe = (value: string): string => redactor.redact(scrub(value));
  const safeFields = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(allowedFields(fields)).map(([name, value]) => [
        name,
        typeof value === 'string' ? safe(value) : value,
      ]),
    );
  const logger = pino(
    {
      level: options.level,
      // Process and host are known to whatever collects the lines.
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${clock.now().toISOString()}"`,
      formatters: {
        level: (level) => ({ level }),
        log: safeFields,
      },
    },
    {
      write: (line: string) => {
        write(escapeInJson(line));
      },
    },
  );
  let current = options.level;
  return {
    get level() {
      return current;
    },
    setLevel: (level) => {
      current = level;
      logger.level = level;
    },
    log: (level, message, fields = {}) => {
      logger[level]({ ...context(), ...fields }, safe(message));
    },
  };
}
