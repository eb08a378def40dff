import { Errno, invalid } from './errors.ts';
import { type Fields, bigNumber } from './json.ts';
import { read } from './listing.ts';
import { type Call, fieldsParam, flagOf, type MethodTable, textsOf } from './method.ts';
import { type DatasetNode, effectiveProperties } from './view.ts';
import { plainValueOf } from './property-values.ts';
import { NATIVE_PROPERTIES, type RawProperty, readProperty } from './zfs-properties.ts';

const ATTRIBUTE = 'zfs.resource.query';

export function propertyValue(
  name: string,
  { raw, source }: RawProperty,
  withSource: boolean,
): Fields {
  return {
    raw,
    source: withSource ? { type: source, value: null } : null,
    value: plainValueOf(name, raw),
  };
}

interface Wanted {
  /** Null for none. */
  readonly properties: readonly string[] | null;
  readonly userProperties: boolean;
  readonly source: boolean;
  readonly nested: boolean;
  readonly children: boolean;
  readonly maxDepth: number;
  readonly tier: boolean;
  /** What was not asked for is null, not empty. */
  readonly absentIsNull: boolean;
}

function readWanted(call: Call, data: Fields): Wanted {
  const { sourceByDefault, absentIsNull } = call.lab.table.resource;
  const asked = data['properties'] === null ? null : (textsOf(data, 'properties') ?? []);
  const depth = data['max_depth'];
  return {
    properties: asked?.length === 0 ? NATIVE_PROPERTIES : asked,
    userProperties: flagOf(data, 'get_user_properties'),
    source: flagOf(data, 'get_source', sourceByDefault),
    nested: flagOf(data, 'nest_results'),
    children: flagOf(data, 'get_children'),
    maxDepth: typeof depth === 'number' && depth > 0 ? depth : Number.POSITIVE_INFINITY,
    tier: flagOf(data, 'get_tier'),
    absentIsNull,
  };
}

function properties(node: DatasetNode, wanted: Wanted): Fields | null {
  if (wanted.properties === null && wanted.absentIsNull) return null;
  const found: Fields = {};
  for (const name of wanted.properties ?? []) {
    const property = readProperty(node, name);
    if (property !== undefined) found[name] = propertyValue(name, property, wanted.source);
  }
  return found;
}

function entryOf(node: DatasetNode, wanted: Wanted): Fields {
  const { dataset, pool } = node;
  const entry: Fields = {
    createtxg: dataset.createtxg,
    guid: bigNumber(dataset.guid),
    name: dataset.id,
    pool: pool.name,
    type: dataset.type,
    properties: properties(node, wanted),
    user_properties: wanted.userProperties
      ? Object.fromEntries([...effectiveProperties(node)].map(([key, { value }]) => [key, value]))
      : null,
    children: wanted.absentIsNull && !wanted.nested ? null : [],
  };
  if (wanted.tier) entry['tier'] = null;
  return entry;
}

/** Refuses snapshots, and paths of which one lies below another while children are asked for. */
function checkPaths(paths: readonly string[], children: boolean): void {
  if (new Set(paths).size < paths.length) throw invalid(ATTRIBUTE, 'Paths must be unique.');
  const snapshot = paths.find((path) => path.includes('@'));
  if (snapshot !== undefined) {
    throw invalid(
      ATTRIBUTE,
      'Set `recursive=True` or use zfs.resource.snapshot.query for snapshots.',
    );
  }
  const sorted = children ? [...paths].sort() : [];
  const below = sorted.find((path) => sorted.some((other) => path.startsWith(`${other}/`)));
  if (below !== undefined)
    throw invalid(ATTRIBUTE, `Overlapping path ${below}: get_children is set.`);
}

export function findPath(call: Call, path: string, attribute: string): DatasetNode {
  const node = call.view.byId.get(path);
  if (node === undefined) throw invalid(attribute, `'${path}' not found`, Errno.ENOENT);
  return node;
}

function collect(start: readonly DatasetNode[], wanted: Wanted): Fields[] {
  const listed: Fields[] = [];
  const walk = (node: DatasetNode, depth: number): Fields => {
    const entry = entryOf(node, wanted);
    if (!wanted.nested) listed.push(entry);
    if (wanted.children && depth < wanted.maxDepth) {
      const children = node.children.map((child) => walk(child, depth + 1));
      if (wanted.nested) entry['children'] = children;
    }
    return entry;
  };
  const roots = start.map((node) => walk(node, 0));
  return wanted.nested ? roots : listed;
}

function query(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data', call.lab.table.resource.keys);
  const wanted = readWanted(call, data);
  const paths = textsOf(data, 'paths') ?? [];
  checkPaths(paths, wanted.children);
  const start =
    paths.length === 0 ? call.view.roots : paths.map((path) => findPath(call, path, ATTRIBUTE));
  return collect(start, wanted);
}

export const RESOURCE_METHODS: MethodTable = {
  'zfs.resource.query': read(['ZFS_RESOURCE_READ'], query, ['data']),
};
