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

/** The snapshots between two transaction groups that pass the filters on fields every entry has. */
function preselect(call: Call, { filters, options }: Query): readonly SnapshotNode[] {
  const holds = compileFilters(filters.filter(isCheap));
  const min = txg(options.extra, 'min_txg');
  const max = txg(options.extra, 'max_txg') || Number.POSITIVE_INFINITY;
  return candidates(call, filters).filter(
    (node) =>
      node.snapshot.createtxg >= min && node.snapshot.createtxg <= max && holds(snapshotBase(node)),
  );
}

/** `zfs.snapshot.query` and `pool.snapshot.query`. */
export function querySnapshots(call: Call): unknown {
  const query = readQuery(call);
  const { select, count, extra } = query.options;
  const shape = shapeOf(extra);
  checkRetention(call, query, shape);
  const costly = query.filters.filter((filter) => !isCheap(filter));
  const namesOnly = count || (select.length === 1 && select[0] === 'name');
  const build = (node: SnapshotNode): Fields =>
    costly.length === 0 && namesOnly ? snapshotBase(node) : snapshotEntry(call, node, shape);
  const entries = preselect(call, query).map(build);
  const matching = costly.length === 0 ? entries : entries.filter(compileFilters(costly));
  return finish(matching, selectable(call, query.options));
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
