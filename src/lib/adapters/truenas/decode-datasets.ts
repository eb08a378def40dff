import { poolName } from '../../core/correlate/paths.ts';
import {
  type Dataset,
  type ZfsSnapshot,
  type ZfsSnapshotDetails,
} from '../../core/model/truenas.ts';
import { decodeProperties } from './decode-properties.ts';
import {
  DecodeError,
  idText,
  instantProperty,
  isRow,
  limitProperty,
  optionalText,
  rawOf,
  type Row,
  sizeProperty,
  textOf,
  textProperty,
} from './decode-values.ts';

function kindOf(row: Row): Dataset['kind'] {
  const type = row['type'];
  if (type === 'FILESYSTEM') return 'filesystem';
  if (type === 'VOLUME') return 'volume';
  throw new DecodeError('"type" is neither FILESYSTEM nor VOLUME');
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
  const kind = kindOf(row);
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
    refquota: limitProperty(properties['refquota']),
    volsize: kind === 'volume' ? sizeProperty(properties['volsize']) : null,
    origin: textProperty(properties['origin']),
    locked: told.locked,
    properties: decodeProperties(row['user_properties'], row),
  };
}

const NOT_A_PATH = new Set(['none', 'legacy', '-', '']);

const NO_ROW: Row = {};

/** An entry of `zfs.resource.query` (25.10 and later). */
export function decodeResource(row: Row, system: string): Dataset {
  const properties = isRow(row['properties']) ? row['properties'] : NO_ROW;
  return decodeDataset(row, {
    system,
    id: textOf(row, 'name'),
    properties,
    mountpoint: rawOf(properties['mountpoint']),
    locked: rawOf(properties['keystatus']) === 'unavailable',
  });
}

/** An entry of `pool.dataset.query`, over either transport. */
export function decodePoolDataset(row: Row, system: string): Dataset {
  return decodeDataset(row, {
    system,
    id: textOf(row, 'id'),
    properties: row,
    mountpoint: optionalText(row, 'mountpoint'),
    locked: row['locked'] === true,
  });
}

/** Every dataset of a nested answer, parents first. */
export function flattenDatasets(rows: readonly Row[]): readonly Row[] {
  const flat: Row[] = [];
  const rest = [...rows].reverse();
  for (let row = rest.pop(); row !== undefined; row = rest.pop()) {
    flat.push(row);
    const children = row['children'];
    if (Array.isArray(children))
      rest.push(...(children as readonly unknown[]).filter(isRow).reverse());
  }
  return flat;
}

/** A snapshot of which only the name is known. */
export function decodeSnapshotName(row: Row, system: string): ZfsSnapshot {
  return named(textOf(row, 'name'), system, null);
}

function named(id: string, system: string, details: ZfsSnapshotDetails | null): ZfsSnapshot {
  const at = id.indexOf('@');
  if (at < 1) throw new DecodeError('a snapshot has no "@" in its name');
  return { system, id, dataset: id.slice(0, at), name: id.slice(at + 1), details };
}

/** A snapshot with its details, from any of the methods that tell them. */
export function decodeSnapshot(row: Row, system: string): ZfsSnapshot {
  const properties = isRow(row['properties']) ? row['properties'] : NO_ROW;
  return named(textOf(row, 'name'), system, {
    createdAt: instantProperty(properties['creation']),
    createtxg: idText(row['createtxg']) ?? rawOf(properties['createtxg']),
    used: sizeProperty(properties['used']),
    referenced: sizeProperty(properties['referenced']),
    holds: holdsOf(row['holds']),
    // Until 25.10 the user properties stand among the native ones.
    properties: decodeProperties(row['user_properties'] ?? properties),
  });
}

/** A list of tags on 26, before that an object with the tags as keys. */
function holdsOf(holds: unknown): readonly string[] | null {
  if (Array.isArray(holds)) {
    return (holds as readonly unknown[]).filter((tag) => typeof tag === 'string');
  }
  return isRow(holds) ? Object.keys(holds) : null;
}

/** Snapshots of the pool TrueNAS boots from say nothing about storage. */
export function isOnBootPool(name: string): boolean {
  return /^(?:boot-pool|freenas-boot)(?:[/@]|$)/.test(name);
}
