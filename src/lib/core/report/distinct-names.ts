/** Something that was read from a file. */
export interface Filed<T> {
  /** What the file is called. */
  readonly path: string;
  readonly item: T;
}

interface Named {
  readonly name: string;
  /** Null or empty where there is none. */
  readonly namespace: string | null;
}

/**
 * Objects by names that no two share. Files may well hold one object twice, for two clusters or by mistake, and what is said of the
 * one is not to be taken for what is said of the other: those go by their file as well.
 */
export function withDistinctNames<T extends Named>(filed: readonly Filed<T>[]): readonly T[] {
  const keyOf = ({ item: { namespace, name } }: Filed<T>): string => `${namespace ?? ''}/${name}`;
  const groups = Map.groupBy(filed, keyOf);
  return filed.map((each) => {
    const { path, item } = each;
    const group = groups.get(keyOf(each)) ?? [];
    if (group.length <= 1) return item;
    const inFile = group.filter((other) => other.path === path);
    const rank = inFile.indexOf(each) + 1;
    const where = inFile.length === 1 ? path : `${path}, ${String(rank)}`;
    return { ...item, name: `${item.name} (${where})` };
  });
}
