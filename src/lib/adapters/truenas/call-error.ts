/**
 * Why a call that reached TrueNAS failed:
 * `absent` the object does not exist · `denied` the role is missing · `unauthenticated` the login has lapsed ·
 * `unknown-method` this version has no such method · `busy` refused for now · `failed` everything else.
 */
export type CallFailure =
  'absent' | 'denied' | 'unauthenticated' | 'unknown-method' | 'busy' | 'failed';

/** A call that TrueNAS itself answered with an error. Stays inside this adapter: lists turn it into coverage. */
export class NasCallError extends Error {
  readonly failure: CallFailure;
  /** Method or path that was called. */
  readonly method: string;
  /** Whether TrueNAS may have done what it was told to: it failed to say what came of it. */
  readonly isUnclear: boolean;

  constructor(method: string, failure: CallFailure, reason: string, isUnclear = false) {
    super(reason);
    this.name = 'NasCallError';
    this.method = method;
    this.failure = failure;
    this.isUnclear = isUnclear;
  }
}

export function isAbsent(error: unknown): boolean {
  return error instanceof NasCallError && error.failure === 'absent';
}

/** Where the call names the object: TrueNAS's word that there is none, as undefined. */
export async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

const ENOENT = 2;
const EACCES = 13;
const EBUSY = 16;
const ENOMETHOD = 201;
const ENOTAUTHENTICATED = 207;

const BY_ERRNO: Readonly<Record<number, CallFailure>> = {
  [ENOENT]: 'absent',
  [EACCES]: 'denied',
  [EBUSY]: 'busy',
  [ENOMETHOD]: 'unknown-method',
  [ENOTAUTHENTICATED]: 'unauthenticated',
};

const BY_NAME: Readonly<Record<string, CallFailure>> = {
  ENOENT: 'absent',
  EACCES: 'denied',
  EBUSY: 'busy',
  ENOMETHOD: 'unknown-method',
  ENOTAUTHENTICATED: 'unauthenticated',
};

const METHOD_NOT_FOUND = -32601;
const TOO_MANY_CALLS = -32000;
/** The call has run, and its result cannot be written as JSON. */
const UNWRITABLE_RESULT = -32603;

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** The `error` member of a JSON-RPC answer as an error of ours. */
export function fromRpcError(method: string, error: unknown): NasCallError {
  const code = fieldOf(error, 'code');
  const data = fieldOf(error, 'data');
  const reason = firstLine(fieldOf(data, 'reason')) ?? firstLine(fieldOf(error, 'message'));
  // A part of TrueNAS that gave up waiting for another does not know what that one did.
  const isUnclear = code === UNWRITABLE_RESULT || fieldOf(data, 'errname') === 'ETIMEDOUT';
  return new NasCallError(method, classify(code, data), reason ?? 'no reason given', isUnclear);
}

function classify(code: unknown, data: unknown): CallFailure {
  if (code === METHOD_NOT_FOUND) return 'unknown-method';
  if (code === TOO_MANY_CALLS) return 'busy';
  const detailed = failureOfExtra(fieldOf(data, 'extra'));
  if (detailed !== undefined) return detailed;
  const name = fieldOf(data, 'errname');
  const named = typeof name === 'string' ? BY_NAME[name] : undefined;
  return named ?? failureOfErrno(fieldOf(data, 'error')) ?? 'failed';
}

function failureOfErrno(errno: unknown): CallFailure | undefined {
  return typeof errno === 'number' ? BY_ERRNO[errno] : undefined;
}

/**
 * `extra` of a validation error is `[[attribute, message, errno], …]`, and only there does a missing object
 * show itself: `data.error` of every validation error is EINVAL.
 */
function failureOfExtra(extra: unknown): CallFailure | undefined {
  if (!Array.isArray(extra)) return undefined;
  for (const item of extra as readonly unknown[]) {
    const failure = Array.isArray(item)
      ? failureOfErrno((item as readonly unknown[])[2])
      : undefined;
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Reasons may be a whole traceback; its first line is what a person needs. */
export function firstLine(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = text.trim().split('\n', 1)[0]?.trim();
  return line === undefined || line === '' ? undefined : line.slice(0, 300);
}
