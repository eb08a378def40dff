import {
  CallError,
  EnvelopeError,
  Errno,
  errnoName,
  MatchNotFound,
  ValidationErrors,
} from './errors.ts';
import { type Fields } from './json.ts';
import { type VersionTable } from './version-table.ts';

function trace(name: string, repr: string, table: VersionTable): Fields {
  const formatted = `Traceback (most recent call last):\n${repr}`;
  const frames = table.traceFrames ? { frames: [] } : {};
  return { class: name, ...frames, formatted, repr };
}

/** The members of an error TrueNAS puts under `data`, and sends bare over the legacy protocol. */
export function trueNasError(cause: unknown, table: VersionTable): Fields {
  if (cause instanceof ValidationErrors) {
    return {
      error: Errno.EINVAL,
      errname: 'EINVAL',
      reason: cause.message,
      trace: trace('ValidationErrors', cause.message, table),
      extra: cause.errors,
    };
  }
  if (cause instanceof CallError) {
    const name = errnoName(cause.errno);
    const reason = `[${name}] ${cause.message}`;
    return {
      error: cause.errno,
      errname: name,
      reason,
      trace: trace('CallError', reason, table),
      extra: cause.extra,
    };
  }
  const name = cause instanceof MatchNotFound ? 'MatchNotFound' : 'Exception';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return {
    error: Errno.EINVAL,
    errname: 'EINVAL',
    reason,
    trace: trace(name, reason, table),
    extra: null,
  };
}

/** The `error` member of a JSON-RPC reply. */
export function rpcError(cause: unknown, table: VersionTable): Fields {
  if (cause instanceof EnvelopeError) return { code: cause.code, message: cause.message };
  const data = trueNasError(cause, table);
  return cause instanceof ValidationErrors
    ? { code: -32602, message: 'Invalid params', data }
    : { code: -32001, message: 'Method call error', data };
}
