import { matchesSelector } from '../../core/model/selector.ts';
import { maySee } from '../../core/serve/filtered-report.ts';
import { type RowKeys, type ServedList } from '../../core/serve/served-rows.ts';
import { readPart } from '../answer/json-parts.ts';
import { type RowFilter } from './filter-query.ts';

const known = new WeakMap<ServedList, readonly RowKeys[]>();

/** Read once, when somebody first chooses among the rows: most ask for all of them. */
function keysOf(list: ServedList): readonly RowKeys[] {
  const keys = known.get(list) ?? (readPart(list.keys) as readonly RowKeys[]); // as `servedList` writes them
  known.set(list, keys);
  return keys;
}

/** Indexes of the rows that are asked for and may be seen. What nobody can date is not older than anything. */
export function chooseRows(
  list: ServedList,
  { namespaces, selector, olderThan }: RowFilter,
  allowed: ReadonlySet<string> | null,
  takenAt: Date,
): readonly number[] {
  if (allowed === null && namespaces === null && selector === null && olderThan === null) {
    return Array.from(list.ends.keys());
  }
  const before = olderThan === null ? null : takenAt.getTime() - olderThan;
  const passes = ({ namespace, labels, createdAt }: RowKeys): boolean =>
    maySee(allowed, namespace) &&
    (namespaces === null || namespaces.includes(namespace ?? '')) &&
    (selector === null || matchesSelector(selector, labels)) &&
    (before === null || (createdAt !== null && createdAt <= before));
  return keysOf(list).flatMap((key, index) => (passes(key) ? [index] : []));
}
