import { poolName } from '../../core/correlate/paths.ts';
import {
  type Dataset,
  type ZfsSnapshot,
  type ZfsSnapshotDetails,
} from '../../core/model/truenas.ts';
import { decodeMonitorMarks, decodeProperties } from './decode-properties.ts';
import { isAnyList } from '../http/long-json.ts';
import {
  DecodeError,
  flagOf,
  idText,
  instantProperty,
  isRow,
  limitProperty,
  optionalText,
  ratioProperty,
  rawOf,
  type Row,
  type Rows,
  sizeProperty,
  switchProperty,
  textProperty,
} from './decode-values.ts';

function kindOf(row: Row, { properties, mountpoint }: Told): Dataset['kind'] {
  const type = row['type'];
  if (type === 'FILESYSTEM') return 'filesystem';
  if (type === 'VOLUME') return 'volume';
  // Only a zvol has a size, only a filesystem is mounted.
  if (type === undefined && rawOf(properties['volsize']) !== null) return 'volume';
  if (type === undefined && mountpoint !== null) return 'filesystem';
  throw new DecodeError('"type" is neither FILESYSTEM nor VOLUME');
}

/** What was written on a dataset must not be overlooked because it stands there in another form. */
function userPropertiesOf(row: Row): Row | null {
  const properties = row['user_properties'] ?? null;
  if (properties === null || isRow(properties)) return properties;
  throw new DecodeError('"user_properties" is no object');
}

/** What the two shapes of a dataset say differently. */
interface Told {
  readonly system: string;
  readonly id: string;
  /** ZFS properties by their ZFS names. */
  readonly properties: Row;
  readonly mountpoint: string | null;
  readonly locked: boolean;
}

function decodeDataset(row: Row, told: Told): Dataset {
  const { id, properties, mountpoint } = told;
  const kind = kindOf(row, told);
  const userProperties = userPropertiesOf(row);
  return {
    system: told.system,
    id,
    pool: optionalText(row, 'pool') ?? poolName(id),
    kind,
    mountpoint: mountpoint === null || NOT_A_PATH.has(mountpoint) ? null : mountpoint,
    createdAt: instantProperty(properties['creation']),
    guid: rawOf(properties['guid']) ?? idText(row['guid']),
    createtxg: rawOf(properties['createtxg']) ?? idText(row['createtxg']),
    used: sizeProperty(properties['used']),
    usedByDataset: sizeProperty(properties['usedbydataset']),
    usedBySnapshots: sizeProperty(properties['usedbysnapshots']),
    usedByRefreservation: sizeProperty(properties['usedbyrefreservation']),
    available: sizeProperty(properties['available']),
    compressRatio: ratioProperty(properties['compressratio']),
    readonly: switchProperty(properties['readonly']),
    refquota: limitProperty(properties['refquota']),
    volsize: kind === 'volume' ? sizeProperty(properties['volsize']) : null,
    origin: textProperty(properties['origin'], 'origin'),
    locked: told.locked,
    properties: decodeProperties(userProperties, row),
    attachments: null,
    marks: decodeMonitorMarks(userProperties),
  };
}

const NOT_A_PATH = new Set(['none', 'legacy', '-', '']);

const NO_ROW: Row = {};

/** `name` and `id` say the same of datasets and snapshots; not every method sends both. */
function idOf(row: Row): string {
  const { name, id } = row;
  if (typeof name === 'string' && name !== '') return name;
  if (typeof id === 'string' && id !== '') return id;
  throw new DecodeError('it has no name');
}

/** An entry of `zfs.resource.query` (25.10 and later). */
export function decodeResource(row: Row, system: string): Dataset {
  const properties = isRow(row['properties']) ? row['properties'] : NO_ROW;
  return decodeDataset(row, {
    system,
    id: idOf(row),
    properties,
    mountpoint: rawOf(properties['mountpoint']),
    locked: rawOf(properties['keystatus']) === 'unavailable',
  });
}

/** An entry of `pool.dataset.query`, over either transport. */
export function decodePoolDataset(row: Row, system: string): Dataset {
  return decodeDataset(row, {
    system,
    id: idOf(row),
    properties: row,
    mountpoint: optionalText(row, 'mountpoint'),
    locked: flagOf(row, 'locked', false),
  });
}

/** Every row of a nested answer, parents first; what is no list of children stands there as one odd row. */
export function* flattenDatasets(rows: Rows): Rows {
  for (const row of rows) {
    yield row;
    const children = isRow(row) ? (row['children'] ?? []) : [];
    if (isAnyList(children)) yield* flattenDatasets(children);
    else yield children;
  }
}

/** A snapshot of which only the name is known; undefined for one of the pool TrueNAS boots from. */
export function decodeSnapshotName(row: Row, system: string): ZfsSnapshot | undefined {
  const id = idOf(row);
  return isOnBootPool(id) ? undefined : named(id, system, null);
}

function named(id: string, system: string, details: ZfsSnapshotDetails | null): ZfsSnapshot {
  const at = id.indexOf('@');
  if (at < 1) throw new DecodeError('a snapshot has no "@" in its name');
  return { system, id, dataset: id.slice(0, at), name: id.slice(at + 1), details };
}

/** A snapshot with its details, from any of the methods that tell them. */
export function decodeSnapshot(row: Row, system: string): ZfsSnapshot {
  const properties = isRow(row['properties']) ? row['properties'] : NO_ROW;
  return named(idOf(row), system, {
    createdAt: instantProperty(properties['creation']),
    createtxg: idText(row['createtxg']) ?? rawOf(properties['createtxg']),
    used: sizeProperty(properties['used']),
    referenced: sizeProperty(properties['referenced']),
    holds: holdsOf(row['holds']),
    deferDestroy: switchProperty(properties['defer_destroy']),
    // Until 25.10 the user properties stand among the native ones.
    properties: decodeProperties(userPropertiesOf(row) ?? properties),
  });
}

/** A list of tags on 26, before that an object with the tags as keys. What is there and is no tag is unknown, not nothing. */
function holdsOf(holds: unknown): readonly string[] | null {
  if (Array.isArray(holds)) {
    const tags = (holds as readonly unknown[]).filter((tag) => typeof tag === 'string');
    return tags.length === holds.length ? tags : null;
  }
  return isRow(holds) ? Object.keys(holds) : null;
}

/** Snapshots of the pool TrueNAS boots from say nothing about storage. */
export function isOnBootPool(name: string): boolean {
  return /^(?:boot-pool|freenas-boot)(?:[/@]|$)/.test(name);
}
