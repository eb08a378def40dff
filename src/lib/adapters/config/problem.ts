import { ConfigError } from '../../core/model/errors.ts';
import { type FileFault } from '../../core/model/settings.ts';
import { type ConfigPath, formatPath, type Origin, placeText } from './config.ts';

/** One thing that is wrong with the configuration. Neither text ever holds a value that may be secret. */
export interface Problem {
  readonly path: ConfigPath;
  /** Null for what is wrong with the file itself. */
  readonly origin: Origin | null;
  /** What is wrong, continuing the name of the key: `is not a duration`. */
  readonly message: string;
  /** What to do, imperative, lower case, no full stop. */
  readonly remedy: string;
  /** It is a variable that is not set here: elsewhere it may be. */
  readonly isUnset?: true;
}

/** A problem of which is not yet known where the value came from. */
export type Unplaced = Omit<Problem, 'origin'>;

/** Reports every problem at once: mending one line per run is nobody's idea of a good time. */
export function configError(file: string | null, problems: readonly Problem[]): ConfigError {
  const ordered = [...problems].sort((a, b) => lineOf(a) - lineOf(b));
  const source = file ?? 'the configuration';
  const count = ordered.length;
  const lines = ordered.map((problem) => describe(problem));
  const message =
    count === 1
      ? `${source}: ${lines[0] ?? ''}`
      : [`${source} has ${count} problems`, ...lines.map((line) => `  ${line}`)].join('\n');
  const remediation = ordered.map(remedyOf);
  return new ConfigError(message, {
    remediation: [...new Set(remediation)],
    details: { ...(file === null ? {} : { file }), problems: count },
  });
}

/** One problem in words of its own. */
export function faultOf(problem: Problem): FileFault {
  return { message: describe(problem), remedy: remedyOf(problem) };
}

function remedyOf(problem: Problem): string {
  return sentence(place(problem), problem.remedy);
}

function lineOf(problem: Problem): number {
  return problem.origin?.kind === 'file' ? problem.origin.line : 0;
}

function describe(problem: Problem): string {
  const where = place(problem);
  const subject = problem.path.length === 0 ? '' : `${formatPath(problem.path)} `;
  return `${where === '' ? '' : `${where}: `}${subject}${problem.message}`;
}

function place({ origin }: Problem): string {
  return origin === null ? '' : placeText(origin);
}

function sentence(where: string, remedy: string): string {
  const text = where === '' ? remedy : `${where}: ${remedy}`;
  const end = text.endsWith('?') ? '' : '.';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
