import { randomUUID } from 'node:crypto';
import { Connection, type Wire } from './connection.ts';
import { subscribe } from './core-methods.ts';
import { CallError, EnvelopeError, Errno, ValidationErrors } from './errors.ts';
import { trueNasError } from './error-reply.ts';
import { type Fields, isFields, toText, textOf } from './json.ts';
import { type Lab } from './method.ts';

function errorOf(cause: unknown, lab: Lab): Fields {
  if (cause instanceof EnvelopeError) {
    return errorOf(new CallError(cause.message, Errno.ENOMETHOD), lab);
  }
  const error = { ...trueNasError(cause, lab.table), type: null as string | null };
  if (!(cause instanceof ValidationErrors)) return error;
  const [only, ...more] = cause.errors;
  // EAGAIN where several parameters are wrong, else the number of the one.
  return {
    ...error,
    type: 'VALIDATION',
    error: more.length > 0 ? 11 : (only?.[2] ?? Errno.EINVAL),
  };
}

/** Speaks the protocol of 24.10 and before on `/websocket`. */
export function serveLegacy(lab: Lab, wire: Wire): void {
  let connected = false;
  const connection = new Connection(lab, wire, (text) => {
    const message = parse(text);
    if (message === null) {
      wire.socket.close(1007, 'Invalid JSON');
    } else if (connected) {
      receive(connection, message);
    } else if (message['msg'] === 'connect' && message['version'] === '1') {
      connected = true;
      connection.send(JSON.stringify({ msg: 'connected', session: randomUUID() }));
    } else {
      connection.send(JSON.stringify({ msg: 'failed', version: '1' }));
    }
  });
  connection.session.notify = ({ msg, collection, id, fields }): void => {
    const update: Fields = { msg, collection, id };
    if (fields !== undefined) update['fields'] = fields;
    connection.send(JSON.stringify(update));
  };
}

function parse(text: string): Fields | null {
  try {
    const message: unknown = JSON.parse(text);
    return isFields(message) ? message : null;
  } catch {
    return null;
  }
}

function callMethod(connection: Connection, message: Fields): void {
  const { lab } = connection;
  const { id } = message;
  const params = Array.isArray(message['params']) ? (message['params'] as unknown[]) : [];
  const fail = (cause: unknown): string =>
    JSON.stringify({ msg: 'result', id, error: errorOf(cause, lab) });
  const accepted = connection.call(String(message['method']), params, id, (outcome) =>
    'cause' in outcome
      ? fail(outcome.cause)
      : `{"msg":"result","id":${JSON.stringify(id ?? null)},"result":${toText(outcome.result)}}`,
  );
  if (!accepted) {
    const text = 'Maximum number of concurrent calls (20) has exceeded.';
    connection.send(fail(new CallError(text, Errno.ETOOMANYREFS)));
  }
}

function receive(connection: Connection, message: Fields): void {
  const { lab, session } = connection;
  const id = textOf(message, 'id');
  switch (message['msg']) {
    case 'method':
      callMethod(connection, message);
      return;
    case 'ping':
      connection.send(JSON.stringify({ msg: 'pong', id: message['id'] }));
      return;
    case 'sub':
      try {
        subscribe({ lab, session }, String(message['name']), id);
        connection.send(JSON.stringify({ msg: 'ready', subs: [id] }));
      } catch (cause) {
        connection.send(JSON.stringify({ msg: 'nosub', id, error: errorOf(cause, lab) }));
      }
      return;
    case 'unsub':
      if (session.subscriptions.delete(id)) lab.events.unsubscribe(id);
      return;
    default:
      connection.send(JSON.stringify({ msg: 'error', reason: 'Unknown message' }));
  }
}
