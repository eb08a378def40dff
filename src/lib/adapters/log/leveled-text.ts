import { type LogFields, type Logger, type LogLevel } from '../../ports/logger.ts';
import { allowedFields } from './allowed-fields.ts';
import { type LeveledLogger } from './pino-logger.ts';
import { scrub } from './scrub.ts';
import { LOG_LEVELS } from './stderr-logger.ts';

/** The same for people: lines of text as every command writes them, with a level that may change. */
export function leveledText(
  lines: Logger,
  initial: LogLevel,
  context: () => LogFields,
): LeveledLogger {
  let current = initial;
  return {
    get level() {
      return current;
    },
    setLevel: (level) => {
      current = level;
    },
    log: (level, message, fields = {}) => {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(current)) return;
      const allowed = allowedFields({ ...context(), ...fields });
      const safe = Object.entries(allowed).map(([name, value]) => [
        name,
        typeof value === 'string' ? scrub(value) : value,
      ]);
      lines.log(level, scrub(message), Object.fromEntries(safe) as LogFields);
    },
  };
}
