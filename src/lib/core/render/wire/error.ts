import { type MonitorError } from '../../model/errors.ts';
import { type ErrorWire } from './schema.ts';

/** What an error's wire form says beside the error itself. */
export interface ErrorContext {
  /** Names this failure in logs on both ends. */
  readonly requestId: string;
  readonly timestamp: Date;
}

/** A failure as stderr carries it with `-o json`, and REST always. */
export function errorToWire(error: MonitorError, context: ErrorContext): ErrorWire {
  return {
    error: {
      code: error.code,
      message: error.message,
      details: { ...error.details },
      timestamp: context.timestamp.toISOString(),
      request_id: context.requestId,
      remediation: [...error.remediation],
    },
  };
}
