import { type ErrorClass } from '../core/model/errors.ts';
import { type Failure } from '../core/serve/failure.ts';

/** An answer that says why there is no other. */
export class HttpError extends Error {
  readonly status: number;
  readonly failure: Failure;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, failure: Failure, headers: Readonly<Record<string, string>> = {}) {
    super(failure.message);
    this.name = 'HttpError';
    this.status = status;
    this.failure = failure;
    this.headers = headers;
  }
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly remediation?: readonly string[];
  readonly class?: ErrorClass;
  readonly details?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(status: number, refusal: Refusal): HttpError {
  const { code, message, remediation = [], details = {}, headers = {} } = refusal;
  return new HttpError(
    status,
    { code, class: refusal.class ?? 'configuration', message, details, remediation },
    headers,
  );
}
