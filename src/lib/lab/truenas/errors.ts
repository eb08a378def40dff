/** The error numbers TrueNAS answers with: those of Linux, and its own from 201 on. */
export const Errno = {
  ENOENT: 2,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOTEMPTY: 39,
  EOPNOTSUPP: 95,
  ETOOMANYREFS: 109,
  ENOMETHOD: 201,
  EDATASETISLOCKED: 205,
  ENOTAUTHENTICATED: 207,
} as const;

const NAMES = new Map<number, string>(
  Object.entries(Errno).map(([name, value]): [number, string] => [value, name]),
);

export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? 'EUNKNOWN';
}

/** A failed call, as most methods raise it. */
export class CallError extends Error {
  readonly errno: number;
  readonly extra: unknown;

  constructor(message: string, errno: number = Errno.EFAULT, extra: unknown = null) {
    super(message);
    this.name = 'CallError';
    this.errno = errno;
    this.extra = extra;
  }
}

export type Invalid = readonly [attribute: string | null, message: string, errno: number];

/** Parameters that were refused, each with its attribute; null is the attribute of a missing object. */
export class ValidationErrors extends Error {
  readonly errors: readonly Invalid[];

  constructor(errors: readonly Invalid[]) {
    super(
      errors
        .map(([name, text, errno]) => `[${errnoName(errno)}] ${name ?? 'None'}: ${text}`)
        .join('\n'),
    );
    this.name = 'ValidationErrors';
    this.errors = errors;
  }
}

/** An error of the JSON-RPC envelope itself. */
export class EnvelopeError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'EnvelopeError';
    this.code = code;
  }
}

/** `get: true` found nothing. */
export class MatchNotFound extends Error {
  constructor() {
    super('MatchNotFound()');
    this.name = 'MatchNotFound';
  }
}

export function invalid(
  attribute: string | null,
  message: string,
  errno: number = Errno.EINVAL,
): ValidationErrors {
  return new ValidationErrors([[attribute, message, errno]]);
}

/** An object asked for by id that is not there. */
export function instanceNotFound(what: string, id: string | number): ValidationErrors {
  return invalid(null, `${what} ${id} does not exist`, Errno.ENOENT);
}

export function methodNotFound(): EnvelopeError {
  return new EnvelopeError(-32601, 'Method does not exist');
}
