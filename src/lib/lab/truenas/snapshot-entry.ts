import { type Fields, dateOf } from './json.ts';
import { type Call } from './method.ts';
import { type DatasetNode, effectiveProperties, type SnapshotNode, type View } from './view.ts';
import { parsedOf, valueOf } from './property-values.ts';

type Read = (entry: SnapshotNode, view: View) => string;

const ratioOf = ({ dataset }: DatasetNode): number => dataset.compressRatio ?? 1;

const READERS: Readonly<Record<string, Read>> = {
  type: () => 'snapshot',
  name: ({ snapshot }) => snapshot.id,
  creation: ({ snapshot }) => String(Math.floor(Date.parse(snapshot.createdAt) / 1000)),
  used: ({ snapshot }) => String(snapshot.used),
  referenced: ({ snapshot }) => String(snapshot.referenced),
  written: ({ snapshot }) => String(snapshot.used),
  logicalreferenced: ({ snapshot, node }) =>
    String(Math.round(snapshot.referenced * ratioOf(node))),
  compressratio: ({ node }) => ratioOf(node).toFixed(2),
  refcompressratio: ({ node }) => ratioOf(node).toFixed(2),
  createtxg: ({ snapshot }) => String(snapshot.createtxg),
  objsetid: ({ snapshot }) => String(snapshot.createtxg),
  guid: ({ snapshot }) => snapshot.guid,
  encryption: ({ node }) => (node.lockedBy === null ? 'off' : 'aes-256-gcm'),
  clones: ({ snapshot }, view) => (view.clones.get(snapshot.id) ?? []).join(','),
  userrefs: ({ snapshot }) => String(snapshot.holds?.length ?? 0),
  defer_destroy: ({ snapshot }) => (snapshot.deferDestroy === true ? 'on' : 'off'),
};

/** Raw text of a snapshot's native property. */
export function readSnapshotProperty(
  entry: SnapshotNode,
  view: View,
  name: string,
): string | undefined {
  return READERS[name]?.(entry, view);
}

/** The user properties in force on a snapshot: its own, then those of its dataset. */
export function snapshotUserProperties({
  snapshot,
  node,
}: SnapshotNode): ReadonlyMap<string, { readonly value: string; readonly inherited: boolean }> {
  const found = new Map<string, { readonly value: string; readonly inherited: boolean }>();
  for (const [key, value] of Object.entries(snapshot.userProperties)) {
    found.set(key, { value, inherited: false });
  }
  for (const [key, { value }] of effectiveProperties(node)) {
    if (!found.has(key)) found.set(key, { value, inherited: true });
  }
  return found;
}

export interface SnapshotShape {
  /** Native properties; null for the default set. */
  readonly properties: readonly string[] | null;
  readonly holds: boolean;
  readonly retention: boolean;
}

/** What every entry has. */
export function snapshotBase({ snapshot, node, name }: SnapshotNode): Fields {
  return {
    id: snapshot.id,
    name: snapshot.id,
    pool: node.pool.name,
    type: 'SNAPSHOT',
    snapshot_name: name,
    dataset: node.dataset.id,
    createtxg: String(snapshot.createtxg),
  };
}

/** The native property as an object; undefined where this version returns none of that name. */
function native(call: Call, entry: SnapshotNode, name: string): Fields | undefined {
  const { snapshots, datasets } = call.lab.table;
  const raw = readSnapshotProperty(entry, call.view, name);
  if (raw === undefined || !snapshots.properties.includes(name)) return undefined;
  const value = valueOf(name, raw, datasets) ?? '';
  const fields = { value, rawvalue: raw, source: 'NONE', parsed: parsedOf(name, raw) };
  return snapshots.sourceInfo ? { ...fields, source_info: null } : fields;
}

function properties(call: Call, entry: SnapshotNode, shape: SnapshotShape): Fields {
  const { snapshots } = call.lab.table;
  const found: Fields = {};
  for (const name of shape.properties ?? snapshots.properties) {
    const property = native(call, entry, name);
    if (property !== undefined) found[name] = property;
  }
  if (!snapshots.userProperties) return found;
  for (const [key, { value, inherited }] of snapshotUserProperties(entry)) {
    const source = inherited ? 'INHERITED' : 'LOCAL';
    const fields = { value, rawvalue: value, source, parsed: value };
    const from = inherited ? entry.node.dataset.id : null;
    found[key] = snapshots.sourceInfo ? { ...fields, source_info: from } : fields;
  }
  return found;
}

function holds(call: Call, { snapshot }: SnapshotNode): Fields {
  const tags = snapshot.holds ?? [];
  if (!call.lab.table.snapshots.foreignHolds) return tags.includes('truenas') ? { truenas: 1 } : {};
  const since = Math.floor(Date.parse(snapshot.createdAt) / 1000);
  return Object.fromEntries(tags.map((tag) => [tag, since]));
}

const UNIT_DAYS = { HOUR: 1 / 24, DAY: 1, WEEK: 7, MONTH: 30, YEAR: 365 } as const;

/** When a periodic task will remove the snapshot; null where none made it. */
function retention(call: Call, { snapshot, node, name }: SnapshotNode): Fields | null {
  const task = call.lab.system.snapshotTasks.find(
    ({ dataset, recursive, namingSchema }) =>
      (dataset === node.dataset.id || (recursive && node.dataset.id.startsWith(`${dataset}/`))) &&
      name.startsWith(namingSchema.split('%', 1)[0] ?? ''),
  );
  if (task === undefined) return null;
  const days = task.lifetimeValue * UNIT_DAYS[task.lifetimeUnit];
  return {
    datetime: dateOf(new Date(Date.parse(snapshot.createdAt) + days * 86_400_000)),
    source: 'periodic_snapshot_task',
    periodic_snapshot_task_id: task.id,
  };
}

/** Properties that need no second look at the snapshot: asked for alone, entries carry none. */
const SIMPLE = ['name', 'createtxg'];

/** One snapshot as `zfs.snapshot.query` and `pool.snapshot.query` give it. */
export function snapshotEntry(call: Call, entry: SnapshotNode, shape: SnapshotShape): Fields {
  const fields = snapshotBase(entry);
  const simple =
    call.lab.table.snapshots.namesOnlyPath &&
    shape.properties?.every((name) => SIMPLE.includes(name)) === true &&
    shape.properties.length > 0;
  if (!simple) fields['properties'] = properties(call, entry, shape);
  if (shape.holds) fields['holds'] = holds(call, entry);
  if (shape.retention) {
    fields['retention'] = retention(call, entry);
    if (!call.lab.table.snapshots.userProperties) {
      fields['user_properties'] = Object.fromEntries(
        [...snapshotUserProperties(entry)].map(([key, { value }]) => [key, value]),
      );
    }
  }
  return fields;
}

/** The `snapshots` member of a dataset that was asked for with its snapshots. */
export function snapshotsOfDataset(
  call: Call,
  node: DatasetNode,
  names: readonly string[] | null,
): Fields[] {
  return node.snapshots.map((snapshot) => {
    const name = snapshot.id.slice(snapshot.id.indexOf('@') + 1);
    const entry = { snapshot, node, name };
    const base = snapshotBase(entry);
    // An empty list of properties means names alone.
    if (names?.length === 0) return base;
    return {
      ...base,
      properties: properties(call, entry, { properties: names, holds: false, retention: false }),
    };
  });
}
