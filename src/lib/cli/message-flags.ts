import { type Interfaces } from '@oclif/core';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat } from '../adapters/log/stderr-logger.ts';
import { type LogLevel } from '../ports/logger.ts';
import { readWord } from './flag-values.ts';
import { type MESSAGE_FLAGS } from './flags.ts';

/** How much is said on stderr, and how. */
export interface MessageSettings {
  readonly quiet: boolean;
  readonly level: LogLevel;
  readonly format: LogFormat;
}

export type RawMessageFlags = Interfaces.InferredFlags<typeof MESSAGE_FLAGS>;

export function readMessageFlags(flags: RawMessageFlags): MessageSettings {
  const level = readWord('log-level', flags['log-level'], LOG_LEVELS);
  return {
    quiet: flags.quiet,
    // Whoever asks to be left alone is, whatever the environment or another flag asks for.
    level: flags.quiet ? 'error' : level,
    format: readWord('log-format', flags['log-format'], LOG_FORMATS),
  };
}
