import { type Fields } from './json.ts';
import { type VersionTable } from './version-table.ts';
import { type DatasetNode, effectiveProperties } from './view.ts';
import { parsedOf, valueOf } from './property-values.ts';
import {
  DEFAULT_PROPERTIES,
  FIELD_OF_PROPERTY,
  type RawProperty,
  readProperty,
} from './zfs-properties.ts';

/** Notes TrueNAS keeps as user properties of its own, under the names it answers with. */
const NOTES: Readonly<Record<string, string>> = {
  'org.freenas:description': 'comments',
  'org.freenas:quota_warning': 'quota_warning',
  'org.freenas:quota_critical': 'quota_critical',
  'org.freenas:refquota_warning': 'refquota_warning',
  'org.freenas:refquota_critical': 'refquota_critical',
  'org.truenas:managedby': 'managedby',
};

function propertyObject(name: string, { raw, source }: RawProperty, table: VersionTable): Fields {
  return {
    parsed: parsedOf(name, raw),
    rawvalue: raw,
    value: valueOf(name, raw, table.datasets),
    source,
    source_info: null,
  };
}

function userProperty(value: string, inheritedFrom: string | null): Fields {
  return {
    value,
    rawvalue: value,
    parsed: value,
    source: inheritedFrom === null ? 'LOCAL' : 'INHERITED',
    source_info: inheritedFrom,
  };
}

function addUserProperties(entry: Fields, node: DatasetNode, { datasets }: VersionTable): void {
  const userProperties: Fields = {};
  entry['user_properties'] = userProperties;
  for (const [key, { value, from }] of effectiveProperties(node)) {
    const inherited = from === node.dataset.id || datasets.userPropertiesAlwaysLocal ? null : from;
    const property = userProperty(value, inherited);
    const note = NOTES[key];
    if (note === undefined) userProperties[key] = property;
    else if (datasets.userPropertiesAlwaysLocal) userProperties[note] = property;
    else entry[note] = property;
  }
}

export interface DatasetShape {
  /** ZFS names; null for the default set. */
  readonly properties: readonly string[] | null;
  readonly userProperties: boolean;
}

/** What every entry has, cheap enough to filter by before the rest is built. */
export function datasetBase({ dataset, pool }: DatasetNode): Fields {
  return { id: dataset.id, type: dataset.type, name: dataset.id, pool: pool.name };
}

const TRUENAS_NAMES = new Map(Object.entries(FIELD_OF_PROPERTY).map(([zfs, own]) => [own, zfs]));

function propertyNames(shape: DatasetShape, table: VersionTable): readonly string[] {
  if (shape.properties === null) return DEFAULT_PROPERTIES;
  const names = shape.properties.map((name) => TRUENAS_NAMES.get(name) ?? name);
  return table.datasets.anyProperty
    ? names
    : names.filter((name) => DEFAULT_PROPERTIES.includes(name));
}

const ENCRYPTION = [
  'encryption',
  'encryptionroot',
  'keystatus',
  'keyformat',
  'encryption_algorithm',
];

/** One dataset as `pool.dataset.query` gives it, its children left empty. */
export function datasetEntry(node: DatasetNode, shape: DatasetShape, table: VersionTable): Fields {
  const { dataset, lockedBy } = node;
  const entry = datasetBase(node);
  if (shape.properties === null || shape.properties.some((name) => ENCRYPTION.includes(name))) {
    entry['encrypted'] = lockedBy !== null;
    entry['encryption_root'] = lockedBy;
    entry['key_loaded'] = false;
    entry['locked'] = lockedBy !== null;
  }
  entry['children'] = [];
  entry['mountpoint'] = dataset.type === 'VOLUME' ? null : `/mnt/${dataset.id}`;
  for (const name of propertyNames(shape, table)) {
    const property = name === 'mountpoint' ? undefined : readProperty(node, name);
    if (property !== undefined) {
      entry[FIELD_OF_PROPERTY[name] ?? name] = propertyObject(name, property, table);
    }
  }
  if (shape.userProperties) addUserProperties(entry, node, table);
  return entry;
}

export const BASE_FIELDS: readonly string[] = ['id', 'type', 'name', 'pool'];
