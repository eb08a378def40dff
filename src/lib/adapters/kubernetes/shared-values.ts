/*
 * Texts that thousands of objects have in common: namespaces, classes, drivers, nodes, finalizers. Each comes out of its own
 * document as a text of its own, and is kept once.
 */

/** More different ones than this are no common texts. */
const MOST = 10_000;

const TEXTS = new Map<string, string>();
const LISTS = new Map<string, readonly string[]>();

function once<V>(known: Map<string, V>, key: string, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    if (known.size < MOST) known.set(key, value);
  }
  return value;
}

/** The same text, as it was first seen. */
export function sharedText(text: string | null): string | null {
  return text === null ? null : once(TEXTS, text, () => text);
}

/** A list of the same texts, frozen. */
export function sharedList(list: readonly string[]): readonly string[] {
  return once(LISTS, list.join('\n'), () => Object.freeze([...list]));
}
