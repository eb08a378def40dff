/** Works something out when it is first asked for, and remembers it. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Makes something of a list once, whoever asks for it: several rules look things up in one list by the same key. */
export function oncePerList<T, V>(make: (list: readonly T[]) => V): (list: readonly T[]) => V {
  const known = new WeakMap<readonly T[], { readonly value: V }>();
  return (list) => {
    let made = known.get(list);
    if (made === undefined) {
      made = { value: make(list) };
      known.set(list, made);
    }
    return made.value;
  };
}

/**
 * Makes something of a list once while others are not asked about in between. Where thousands of lists come one after the other,
 * remembering each until the next full collection of garbage takes more memory than all that is kept of them.
 */
export function onceInARow<T, V>(make: (list: readonly T[]) => V): (list: readonly T[]) => V {
  let latest: { readonly list: readonly T[]; readonly value: V } | undefined;
  return (list) => {
    if (latest?.list !== list) latest = { list, value: make(list) };
    return latest.value;
  };
}
