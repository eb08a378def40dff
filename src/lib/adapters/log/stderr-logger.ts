import { escapeInJson, printable } from '../../core/render/text/safe.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger, type LogLevel } from '../../ports/logger.ts';
import { type Redactor } from './redactor.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface StderrLoggerOptions {
  /** Messages below it are dropped. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Takes one finished line, without its newline. */
  readonly write: (line: string) => void;
}

const LABELS: Readonly<Record<LogLevel, string>> = {
  debug: 'Debug',
  info: 'Info',
  warn: 'Warning',
  error: 'Error',
};

type Fields = Readonly<Record<string, string | number | boolean>>;

/** One line per message: for people, or JSON for machines. Controls are spelled out and secrets blanked in both. */
export function stderrLogger(options: StderrLoggerOptions): Logger {
  const { redactor, clock, write } = options;
  const least = LOG_LEVELS.indexOf(options.level);
  const format = options.format === 'json' ? jsonLine : textLine;
  return {
    log(level, message, fields = {}) {
      if (LOG_LEVELS.indexOf(level) < least) return;
      write(redactor.redact(format(level, message, fields, clock)));
    },
  };
}

function textLine(level: LogLevel, message: string, fields: Fields): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`);
  const suffix = pairs.length === 0 ? '' : ` (${pairs.join(', ')})`;
  return printable(`${LABELS[level]}: ${message}${suffix}`);
}

function jsonLine(level: LogLevel, message: string, fields: Fields, clock: Clock): string {
  const time = clock.now().toISOString();
  return escapeInJson(JSON.stringify({ ...fields, time, level, message }));
}
