import { stripVTControlCharacters } from 'node:util';
import { findNearest } from '../core/model/did-you-mean.ts';
import { UsageError } from '../core/model/errors.ts';

/** What the parser of the command line may complain about, for a message of our own. */
export interface UsageContext {
  /** The command as typed: `truenas-monitor orphans`. */
  readonly command: string;
  /** Long names of its flags. */
  readonly flags: readonly string[];
}

/** Turns a complaint of the parser into an error that says what to type instead. */
export function usageError(error: Error, context: UsageContext): UsageError {
  const help = `See every option: ${context.command} --help.`;
  const message = complaint(error.message);
  const wrongValue = /^Expected --(\S+?)=(.*) to be one of: (.*)$/s.exec(message);
  if (wrongValue !== null) {
    const [, flag = '', value = '', values = ''] = wrongValue;
    return badFlagValue(flag, value, values.split(', '));
  }
  const unknown = unknownFlags(error);
  if (unknown !== undefined) {
    return new UsageError(`there is no flag ${unknown.join(', ')}`, {
      remediation: [...unknown.flatMap((flag) => suggestFlag(flag, context.flags)), help],
    });
  }
  return new UsageError(`${message.charAt(0).toLowerCase()}${message.slice(1)}`, {
    remediation: [help],
  });
}

/** What the parser says, without its advice and its layout. */
function complaint(message: string): string {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('See more help'));
  const [first = '', ...rest] = lines;
  return first.startsWith('The following error') ? rest.join('; ') : first;
}

function unknownFlags(error: Error): string[] | undefined {
  if (!('flags' in error) || !Array.isArray(error.flags)) return undefined;
  return error.flags.map(String);
}

function suggestFlag(typed: string, known: readonly string[]): string[] {
  const meant = findNearest(typed.replace(/^-+/, '').replace(/=.*$/s, ''), known);
  return meant === undefined ? [] : [`Did you mean --${meant}?`];
}

/** A flag whose value is none it takes. */
export function badFlagValue(flag: string, value: string, values: readonly string[]): UsageError {
  const meant = findNearest(value, values);
  return new UsageError(`--${flag} does not take ${JSON.stringify(value)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean --${flag} ${meant}?`]),
      `Use one of ${values.join(', ')}.`,
    ],
  });
}
