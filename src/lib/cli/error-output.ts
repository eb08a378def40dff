import { randomUUID } from 'node:crypto';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { MonitorError, TlsError, type ErrorOptionsWithHelp } from '../core/model/errors.ts';
import { isRepetition } from '../core/model/repetition.ts';
import { escapeInJson, printable } from '../core/render/text/safe.ts';
import { type ErrorContext, errorToWire } from '../core/render/wire/error.ts';

/** A failure nobody expected: a bug of ours, shown with its stack. */
export class InternalError extends MonitorError {
  readonly code = 'INTERNAL';
  readonly class = 'critical';

  constructor(cause: unknown) {
    const options: ErrorOptionsWithHelp = {
      cause,
      remediation: ['This is a bug. Report it with the lines below and the version you run.'],
    };
    super(`internal error: ${cause instanceof Error ? cause.message : String(cause)}`, options);
  }
}

/** An error for stderr, in the form the arguments of the command ask for. */
export function formatError(error: MonitorError, argv: readonly string[]): string {
  return wantsJson(argv)
    ? errorJson(error, { requestId: randomUUID(), timestamp: systemClock.now() })
    : errorText(error);
}

/** Read from the raw arguments, because an error in them may be what there is to say. */
export function wantsJson(argv: readonly string[]): boolean {
  let format: string | undefined;
  argv.forEach((argument, index) => {
    const joined = /^(?:--output=|-o=?)(.+)$/.exec(argument);
    if (joined !== null) format = joined[1];
    else if (argument === '-o' || argument === '--output') format = argv[index + 1];
  });
  return format === 'json';
}

/** An error as people read it: what failed, why in one line, and what to do. */
function errorText(error: MonitorError): string {
  const lines = error.message.split('\n').map(printable);
  lines[0] = `Error: ${lines[0] ?? ''}`;
  // TLS errors say it all themselves; their causes end in advice for people who program Node.
  const selfContained = error instanceof InternalError || error instanceof TlsError;
  const why = selfContained ? '' : causeLine(error);
  if (why !== '') lines.push(`Cause: ${printable(why)}`);
  const steps = error.remediation.map(printable);
  if (steps.length === 1) lines.push(`What to do: ${steps[0] ?? ''}`);
  else if (steps.length > 1) {
    lines.push('What to do:', ...steps.map((step, index) => `  ${index + 1}. ${step}`));
  }
  if (error instanceof InternalError) lines.push(...stackOf(error.cause));
  return `${lines.join('\n')}\n`;
}

/** The same in the form machines read. */
function errorJson(error: MonitorError, context: ErrorContext): string {
  return `${escapeInJson(JSON.stringify(errorToWire(error, context), null, 2))}\n`;
}

/** The chain of causes in one line, without repeating what the line already says. */
function causeLine(error: Error): string {
  const parts: string[] = [];
  let said = error.message;
  for (
    let cause: unknown = error.cause, depth = 0;
    cause instanceof Error && depth < 5;
    depth += 1
  ) {
    const text = summary(cause);
    if (!isRepetition(text, said)) parts.push(text);
    said += ` ${text}`;
    cause = cause.cause;
  }
  return parts.join(': ');
}

/** A connection that tried several addresses has an empty message and says in its parts what happened. */
function summary(error: Error): string {
  const [first = ''] = error.message.trim().split('\n');
  if (first !== '') return first;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) {
    return summary(error.errors[0]);
  }
  return 'code' in error ? String(error.code) : '';
}

function stackOf(cause: unknown): string[] {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `  ${printable(line.trim())}`);
}
