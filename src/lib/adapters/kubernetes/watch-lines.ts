import { type OpenAnswer } from './connection.ts';
import { isRecord, recordAt, textAt, type JsonRecord } from './json.ts';

/** What a watch tells. */
export type WatchEvent =
  | { readonly kind: 'object'; readonly type: string; readonly object: JsonRecord }
  /** Nothing happened up to this version. */
  | { readonly kind: 'bookmark'; readonly version: string }
  /** The server no longer knows where the watch began. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A line that is longer than any object Kubernetes takes: whoever sends it is no API server. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** The events of a watch, as they come. What was cut off in the middle was not said. */
export async function* watchEvents(
  body: OpenAnswer['body'],
): AsyncGenerator<WatchEvent, void, undefined> {
  body.setEncoding('utf8');
  let rest = '';
  for await (const part of body) {
    const lines = (rest + (part as string)).split('\n'); // a stream with an encoding gives text
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield eventOf(line);
    if (rest.length > LONGEST_LINE) {
      yield { kind: 'failed', reason: 'it sent a line without an end' };
      return;
    }
  }
}

function eventOf(line: string): WatchEvent {
  const event = parse(line);
  const type = event === undefined ? null : textAt(event, 'type');
  if (event === undefined || type === null) {
    return { kind: 'failed', reason: 'it sent something that is no event' };
  }
  const object = recordAt(event, 'object');
  if (type === 'ERROR') return errorOf(object);
  if (type === 'BOOKMARK') return { kind: 'bookmark', version: versionOf(object) ?? '' };
  return { kind: 'object', type, object };
}

function parse(line: string): JsonRecord | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

function errorOf(status: JsonRecord): WatchEvent {
  if (status['code'] === 410) return { kind: 'expired' };
  return { kind: 'failed', reason: textAt(status, 'message') ?? 'it ended with an error' };
}

export function versionOf(object: JsonRecord): string | null {
  return textAt(recordAt(object, 'metadata'), 'resourceVersion');
}
