import { instanceNotFound, invalid } from './errors.ts';
import { admittedValues, compileFilters } from './filter-list.ts';
import { type Fields } from './json.ts';
import { type Call, flagOf, readQuery, textParam, textsOf } from './method.ts';
import { type Query, finish, parseOptions } from './query-options.ts';
import { type SnapshotShape, snapshotBase, snapshotEntry } from './snapshot-entry.ts';
import { type SnapshotNode } from './view.ts';

const CHEAP = ['id', 'name', 'pool', 'type', 'snapshot_name', 'dataset', 'createtxg'];

function isCheap(filter: unknown): boolean {
  return Array.isArray(filter) && filter.length === 3 && CHEAP.includes(String(filter[0]));
}

function shapeOf(extra: Fields): SnapshotShape {
  return {
    properties: textsOf(extra, 'properties'),
    holds: flagOf(extra, 'holds'),
    retention: flagOf(extra, 'retention'),
  };
}

function txg(extra: Fields, name: string): number {
  const value = extra[name];
  return typeof value === 'number' ? value : 0;
}

/** The snapshots to look at: all, or those a filter names by id or dataset. */
function candidates({ view }: Call, filters: readonly unknown[]): readonly SnapshotNode[] {
  for (const filter of filters) {
    const ids = admittedValues(filter, ['id', 'name']);
    if (ids !== undefined) return ids.flatMap((id) => view.snapshotById.get(String(id)) ?? []);
    const datasets = admittedValues(filter, ['dataset']);
    if (datasets !== undefined) {
      return [...new Set(datasets)].flatMap((id) =>
        (view.byId.get(String(id))?.snapshots ?? []).flatMap(
          (snapshot) => view.snapshotById.get(snapshot.id) ?? [],
        ),
      );
    }
  }
  return view.snapshots;
}

function checkRetention(call: Call, { filters, options }: Query, shape: SnapshotShape): void {
  if (!shape.retention || !call.lab.table.snapshots.retentionNeedsFilter) return;
  const byId = filters.some((filter) => Array.isArray(filter) && filter[0] === 'id');
  if (!byId && options.limit === 0) {
    throw invalid(null, '`id` or `limit` is required if `retention` is requested');
  }
}

/** On versions that select top-level keys only, dotted paths and aliases are cut to their first name. */
function selectable(call: Call, options: Query['options']): Query['options'] {
  if (!call.lab.table.snapshots.flatSelect) return options;
  const select = options.select.filter((item) => typeof item === 'string');
  return { ...options, select: [...new Set(select.map((path) => path.split('.', 1)[0] ?? path))] };
}

/** `zfs.snapshot.query` and `pool.snapshot.query`. */
export function querySnapshots(call: Call): unknown {
  const query = readQuery(call);
  const { extra, select, count } = query.options;
  const shape = shapeOf(extra);
  checkRetention(call, query, shape);
  const cheap = compileFilters(query.filters.filter(isCheap));
  const costly = compileFilters(query.filters.filter((filter) => !isCheap(filter)));
  const onlyCheap = query.filters.every(isCheap);
  const namesOnly = select.length === 1 && select[0] === 'name';
  const min = txg(extra, 'min_txg');
  const max = txg(extra, 'max_txg') || Number.POSITIVE_INFINITY;
  const entries: Fields[] = [];
  for (const node of candidates(call, query.filters)) {
    if (node.snapshot.createtxg < min || node.snapshot.createtxg > max) continue;
    const base = snapshotBase(node);
    if (!cheap(base)) continue;
    const entry = onlyCheap && (namesOnly || count) ? base : snapshotEntry(call, node, shape);
    if (onlyCheap || costly(entry)) entries.push(entry);
  }
  return finish(entries, selectable(call, query.options));
}

export function findSnapshot(call: Call, id: string): SnapshotNode {
  const found = call.view.snapshotById.get(id);
  if (found === undefined) throw instanceNotFound('ZFSSnapshot', id);
  return found;
}

/** `…snapshot.get_instance`. */
export function getSnapshot(call: Call): unknown {
  const found = findSnapshot(call, textParam(call, 0, 'id'));
  const options = parseOptions(call.params[1], call.lab.table.queryOptions);
  return snapshotEntry(call, found, shapeOf(options.extra));
}
