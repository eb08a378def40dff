import { Errno, invalid } from './errors.ts';
import { bigNumber, type Fields, textOf } from './json.ts';
import { read, write } from './listing.ts';
import { type Call, fieldsParam, flagOf, type MethodTable, textsOf } from './method.ts';
import { destroyResourceSnapshot, sameNamed } from './snapshot-delete.ts';
import { readSnapshotProperty, snapshotUserProperties } from './snapshot-entry.ts';
import { addHold, dropHolds, takeSnapshot } from './snapshot-write.ts';
import { type SnapshotNode, subtree } from './view.ts';
import { findPath, propertyValue } from './zfs-resource.ts';

const QUERY = 'zfs.resource.snapshot.query';

/** The snapshots under the paths; a path may be a dataset or a snapshot. */
function under(call: Call, data: Fields, attribute: string): SnapshotNode[] {
  const { view } = call;
  const paths = textsOf(data, 'paths') ?? [];
  const recursive = flagOf(data, 'recursive');
  const roots = view.roots.map(({ dataset }) => dataset.id);
  return (paths.length === 0 ? roots : paths).flatMap((path) => {
    if (path.includes('@')) return [findSnapshotPath(call, path, attribute)];
    const node = findPath(call, path, attribute);
    const nodes = recursive ? subtree(node) : [node];
    return nodes.flatMap(({ snapshots }) =>
      snapshots.flatMap(({ id }) => view.snapshotById.get(id) ?? []),
    );
  });
}

function findSnapshotPath(call: Call, path: string, attribute: string): SnapshotNode {
  const found = call.view.snapshotById.get(path);
  if (found === undefined) throw invalid(attribute, `'${path}' not found`, Errno.ENOENT);
  return found;
}

function number(data: Fields, name: string): number {
  const value = data[name];
  return typeof value === 'number' ? value : 0;
}

/** Native properties: all by default, none where null was asked for. */
function properties(call: Call, data: Fields, entry: SnapshotNode): Fields | null {
  if (data['properties'] === null) return null;
  const known = call.lab.table.snapshots.properties;
  const asked = textsOf(data, 'properties') ?? [];
  const found: Fields = {};
  for (const name of asked.length === 0 ? known : asked) {
    const raw = readSnapshotProperty(entry, call.view, name);
    if (raw === undefined || !known.includes(name)) continue;
    found[name] = propertyValue(name, { raw, source: 'NONE' }, flagOf(data, 'get_source'));
  }
  return found;
}

function entryOf(call: Call, data: Fields, entry: SnapshotNode): Fields {
  const { snapshot, node, name } = entry;
  const user = [...snapshotUserProperties(entry)].map(([key, { value }]) => [key, value]);
  return {
    createtxg: snapshot.createtxg,
    guid: bigNumber(snapshot.guid),
    name: snapshot.id,
    pool: node.pool.name,
    dataset: node.dataset.id,
    snapshot_name: name,
    type: 'SNAPSHOT',
    holds: flagOf(data, 'get_holds') ? (snapshot.holds ?? []) : null,
    properties: properties(call, data, entry),
    user_properties: flagOf(data, 'get_user_properties') ? Object.fromEntries(user) : null,
  };
}

const QUERY_KEYS = [
  'paths',
  'recursive',
  'properties',
  'get_user_properties',
  'get_source',
  'get_holds',
  'min_txg',
  'max_txg',
];

function query(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data', QUERY_KEYS);
  const min = number(data, 'min_txg');
  const max = number(data, 'max_txg') || Number.POSITIVE_INFINITY;
  return under(call, data, QUERY)
    .filter(({ snapshot }) => snapshot.createtxg >= min && snapshot.createtxg <= max)
    .map((entry) => entryOf(call, data, entry));
}

function count(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data', ['paths', 'recursive']);
  const counts: Record<string, number> = {};
  for (const { node } of under(call, data, 'zfs.resource.snapshot.count')) {
    counts[node.dataset.id] = (counts[node.dataset.id] ?? 0) + 1;
  }
  return counts;
}

/** The snapshot a request names, with those of the same name below where it says so. */
function named(call: Call, data: Fields, attribute: string): SnapshotNode[] {
  const entry = findSnapshotPath(call, textOf(data, 'path'), attribute);
  return flagOf(data, 'recursive') ? sameNamed(call, entry) : [entry];
}

function hold(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data', ['path', 'tag', 'recursive']);
  const tag = data['tag'];
  addHold(
    call,
    named(call, data, 'zfs.resource.snapshot.hold'),
    typeof tag === 'string' ? tag : 'truenas',
  );
  return null;
}

function release(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data', ['path', 'tag', 'recursive']);
  const tag = data['tag'];
  dropHolds(
    call,
    named(call, data, 'zfs.resource.snapshot.release'),
    typeof tag === 'string' ? tag : null,
  );
  return null;
}

function create(call: Call): unknown {
  const known = ['dataset', 'name', 'recursive', 'exclude', 'user_properties'];
  const made = takeSnapshot(call, fieldsParam(call, 0, 'data', known), 'data');
  return entryOf(call, { get_user_properties: true }, made);
}

const READ = ['SNAPSHOT_READ'];
const WRITE = ['SNAPSHOT_WRITE'];

export const RESOURCE_SNAPSHOT_METHODS: MethodTable = {
  'zfs.resource.snapshot.query': read(READ, query, ['data']),
  'zfs.resource.snapshot.count': read(READ, count, ['data']),
  'zfs.resource.snapshot.holds': read(
    READ,
    (call) => {
      const data = fieldsParam(call, 0, 'data', ['path']);
      const [entry] = named(call, data, 'zfs.resource.snapshot.holds');
      return entry?.snapshot.holds ?? [];
    },
    ['data'],
  ),
  'zfs.resource.snapshot.hold': write(WRITE, ['data'], hold),
  'zfs.resource.snapshot.release': write(WRITE, ['data'], release),
  'zfs.resource.snapshot.create': write(WRITE, ['data'], create),
  'zfs.resource.snapshot.destroy': write(['SNAPSHOT_DELETE'], ['data'], destroyResourceSnapshot),
};
