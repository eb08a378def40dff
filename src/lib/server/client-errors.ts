import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type Clock } from '../ports/clock.ts';
import { errorForm } from './error-form.ts';
import { type HttpError, refuse } from './http-error.ts';

/** Answers what never became a request, in the form of every other error, and ends the connection. */
export function answerClientError(clock: Clock) {
  return (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const { status, failure } = refusalOf(error.code);
    const id = randomUUID();
    const body = JSON.stringify(errorForm(failure, id, clock.now()));
    const head = [
      `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${String(Buffer.byteLength(body))}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      `x-request-id: ${id}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    // Whoever does not read the answer either is not waited for.
    socket.setTimeout(1_000, () => socket.destroy());
  };
}

function refusalOf(code: string | undefined): HttpError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return refuse(408, {
      code: 'REQUEST_TOO_SLOW',
      message: 'the request was not complete in time',
      class: 'transient',
    });
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return refuse(431, {
      code: 'HEADERS_TOO_LARGE',
      message: 'the address and headers of the request are too large',
    });
  }
  return refuse(400, { code: 'NOT_HTTP', message: 'this is no HTTP request' });
}
