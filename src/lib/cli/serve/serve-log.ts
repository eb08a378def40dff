import { leveledText } from '../../adapters/log/leveled-text.ts';
import { type Correlation, correlation } from '../../adapters/log/correlation.ts';
import { type LeveledLogger, pinoLogger } from '../../adapters/log/pino-logger.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../../adapters/log/stderr-logger.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { type LogLevel } from '../../ports/logger.ts';
import { type Console } from '../base-command.ts';
import { readWord } from '../flag-values.ts';
import { currentTerminal } from '../terminal.ts';
import { type RawServeFlags } from './flags-of-serve.ts';

/** Where the messages of a server go. */
export interface ServeLog {
  readonly logger: LeveledLogger;
  readonly scope: Correlation;
  /** As a flag says it; null where the configuration may. */
  readonly fixedLevel: LogLevel | null;
}

/**
 * The log of a server, on stderr as every message of this program: JSON for what collects it, text for whoever looks at a terminal.
 *
 * @param console that of the command, whose messages are lines of text of every importance
 */
export function serveLog(flags: RawServeFlags, console: Console): ServeLog {
  const scope = correlation();
  const context = (): Correlation['fields'] => scope.fields;
  const fixedLevel = levelOf(flags);
  const level = fixedLevel ?? 'info';
  const format =
    flags['log-format'] === undefined
      ? currentTerminal().stderrIsTerminal
        ? 'text'
        : 'json'
      : readWord('log-format', flags['log-format'], LOG_FORMATS);
  const logger =
    format === 'text'
      ? leveledText(console.logger, level, context)
      : pinoLogger({
          level,
          redactor: console.redactor,
          clock: systemClock,
          context,
          write: (line) => process.stderr.write(line),
        });
  return { logger, scope, fixedLevel };
}

function levelOf(flags: RawServeFlags): LogLevel | null {
  if (flags.quiet) return 'error';
  const word = flags['log-level'];
  return word === undefined ? null : readWord('log-level', word, LOG_LEVELS);
}
