/** What a row of a list can be chosen by. */
export interface RowKeys {
  /** Of the object, or of the claim it belongs to; null where it belongs to none. */
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; null where nothing dates it. */
  readonly createdAt: number | null;
  /** The cluster or system it was read from. */
  readonly home: string;
}

/**
 * A list as it is served. The rows are JSON already, one after the other in one piece of memory that can be handed from thread to
 * thread, so that an answer is cut out of it and nothing is made anew for a request.
 */
export interface ServedRows<K = RowKeys> {
  readonly keys: readonly K[];
  readonly text: Uint8Array<ArrayBuffer>;
  /** Where each row ends in the text. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** @param rows each with what it is chosen by, and what it is written from */
export function servedRows<K>(
  rows: Iterable<readonly [keys: K, value: unknown]>,
  encode: (text: string) => Uint8Array,
): ServedRows<K> {
  const keys: K[] = [];
  const parts: Uint8Array[] = [];
  const ends: number[] = [];
  let length = 0;
  for (const [key, value] of rows) {
    const part = encode(JSON.stringify(value));
    length += part.length;
    keys.push(key);
    parts.push(part);
    ends.push(length);
  }
  const text = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    text.set(part, at);
    at += part.length;
  }
  return { keys, text, ends: Uint32Array.from(ends) };
}

/** The JSON of one row; empty where there is no such row. */
export function rowText({ text, ends }: ServedRows<unknown>, index: number): Uint8Array {
  const end = ends[index];
  return end === undefined ? text.subarray(0, 0) : text.subarray(ends[index - 1] ?? 0, end);
}
