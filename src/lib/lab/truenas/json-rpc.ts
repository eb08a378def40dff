import { Connection, type Wire } from './connection.ts';
import { EnvelopeError } from './errors.ts';
import { rpcError } from './error-reply.ts';
import { type CollectionEvent } from './events.ts';
import { type Fields, isFields, toText } from './json.ts';
import { type Lab } from './method.ts';

function failure(id: unknown, error: Fields): string {
  return JSON.stringify({ jsonrpc: '2.0', error, id });
}

function parseMessage(text: string): Fields {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (cause) {
    throw new EnvelopeError(-32700, cause instanceof Error ? cause.message : 'Parse error');
  }
  if (Array.isArray(message)) {
    throw new EnvelopeError(-32700, 'Batch messages are not supported at this time');
  }
  if (!isFields(message)) throw new EnvelopeError(-32700, 'Invalid Message Format');
  return message;
}

const isId = (id: unknown): boolean =>
  id === undefined || id === null || typeof id === 'string' || Number.isInteger(id);

/** What is wrong with the envelope, or null. */
function envelopeProblem(message: Fields): string | null {
  if (!('jsonrpc' in message)) return "Missing 'jsonrpc' member";
  if (message['jsonrpc'] !== '2.0') return "'jsonrpc' member must be '2.0'";
  if (!isId(message['id'])) return "'id' member must be of type string, integer or null";
  if (!('method' in message)) return "Missing 'method' member";
  if (typeof message['method'] !== 'string') return "'method' member must be of type string";
  if (message['params'] !== undefined && !Array.isArray(message['params'])) {
    return "'params' member must be of type array";
  }
  return null;
}

/** Speaks JSON-RPC 2.0 on a WebSocket. */
export function serveJsonRpc(lab: Lab, wire: Wire): void {
  const connection = new Connection(lab, wire, (text) => {
    receive(connection, text);
  });
  connection.session.notify = ({ msg, collection, id, fields, extra }: CollectionEvent): void => {
    const params: Fields = { msg, collection, id };
    if (fields !== undefined) params['fields'] = fields;
    if (extra !== undefined) params['extra'] = extra;
    connection.send(JSON.stringify({ jsonrpc: '2.0', method: 'collection_update', params }));
  };
}

function receive(connection: Connection, text: string): void {
  let message: Fields;
  try {
    message = parseMessage(text);
  } catch (cause) {
    connection.send(failure(null, rpcError(cause, connection.lab.table)));
    return;
  }
  const silent = !('id' in message);
  const id = message['id'] ?? null;
  const problem = envelopeProblem(message);
  if (problem !== null) {
    if (!silent) connection.send(failure(isId(id) ? id : null, { code: -32600, message: problem }));
    return;
  }
  const params = Array.isArray(message['params']) ? (message['params'] as unknown[]) : [];
  const accepted = connection.call(String(message['method']), params, id, (outcome) => {
    if (silent) return null;
    if ('cause' in outcome) return failure(id, rpcError(outcome.cause, connection.lab.table));
    return `{"jsonrpc":"2.0","result":${toText(outcome.result)},"id":${JSON.stringify(id)}}`;
  });
  if (!accepted && !silent) {
    const text = 'Maximum number of concurrent calls (20) has exceeded';
    connection.send(failure(id, { code: -32000, message: text }));
  }
}
