import { usableOf } from '../scenario/pool-space.ts';
import { type DatasetNode } from './view.ts';

/** A native property of a dataset or snapshot: ZFS' raw text, and where it was set. */
export interface RawProperty {
  readonly raw: string;
  readonly source: 'NONE' | 'DEFAULT' | 'LOCAL' | 'INHERITED';
}

const none = (value: number | string): RawProperty => ({ raw: String(value), source: 'NONE' });
const local = (value: number | string): RawProperty => ({ raw: String(value), source: 'LOCAL' });
const fallback = (value: string): RawProperty => ({ raw: value, source: 'DEFAULT' });
const localOr = (value: number | undefined): RawProperty =>
  value === undefined || value === 0 ? fallback('0') : local(value);

const MIB = 1024 * 1024;

function rootOf(node: DatasetNode): DatasetNode {
  let at = node;
  while (at.parent !== null) at = at.parent;
  return at;
}

function available(node: DatasetNode): RawProperty {
  const { pool, dataset } = node;
  const free = Math.max(0, usableOf(pool) - rootOf(node).used);
  if (dataset.refquota === undefined) return none(free);
  return none(Math.min(free, Math.max(0, dataset.refquota - dataset.usedbydataset)));
}

const own = (node: DatasetNode): number =>
  node.dataset.usedbydataset + node.dataset.usedbysnapshots + node.dataset.usedbyrefreservation;

/** Set on the dataset itself, or on the nearest above that says something. */
function readOnly(node: DatasetNode): RawProperty {
  for (let at: DatasetNode | null = node; at !== null; at = at.parent) {
    if (at.dataset.readonly === undefined) continue;
    const raw = at.dataset.readonly ? 'on' : 'off';
    return { raw, source: at === node ? 'LOCAL' : 'INHERITED' };
  }
  return fallback('off');
}

const ratio = (logical: number, physical: number): string =>
  Math.max(1, physical === 0 ? 1 : logical / physical).toFixed(2);

type Reader = (node: DatasetNode) => RawProperty;

const COMMON: Readonly<Record<string, Reader>> = {
  used: (node) => none(node.used),
  usedbychildren: (node) => none(node.used - own(node)),
  usedbydataset: ({ dataset }) => none(dataset.usedbydataset),
  usedbyrefreservation: ({ dataset }) => none(dataset.usedbyrefreservation),
  usedbysnapshots: ({ dataset }) => none(dataset.usedbysnapshots),
  available,
  referenced: ({ dataset }) => none(dataset.usedbydataset),
  written: ({ dataset }) => none(dataset.usedbydataset),
  logicalused: ({ logical }) => none(logical),
  logicalreferenced: ({ dataset }) =>
    none(Math.round(dataset.usedbydataset * (dataset.compressRatio ?? 1))),
  creation: ({ dataset }) => none(Math.floor(Date.parse(dataset.createdAt) / 1000)),
  guid: ({ dataset }) => none(dataset.guid),
  createtxg: ({ dataset }) => none(dataset.createtxg),
  objsetid: ({ dataset }) => none(dataset.createtxg),
  origin: ({ dataset }) => none(dataset.origin ?? ''),
  // Of the dataset and everything below it, where that of `refcompressratio` is its own.
  compressratio: ({ logical, physical }) => none(ratio(logical, physical)),
  refcompressratio: ({ dataset }) => none((dataset.compressRatio ?? 1).toFixed(2)),
  checksum: () => fallback('on'),
  compression: () => fallback('lz4'),
  copies: () => fallback('1'),
  dedup: () => fallback('off'),
  encryption: (node) => fallback(node.lockedBy === null ? 'off' : 'aes-256-gcm'),
  encryptionroot: (node) => none(node.lockedBy ?? ''),
  keyformat: (node) => fallback(node.lockedBy === null ? 'none' : 'passphrase'),
  keylocation: (node) => fallback(node.lockedBy === null ? 'none' : 'prompt'),
  keystatus: (node) => none(node.lockedBy === null ? 'none' : 'unavailable'),
  pbkdf2iters: (node) => fallback(node.lockedBy === null ? '0' : '350000'),
  readonly: readOnly,
  reservation: () => fallback('0'),
  snapdev: () => fallback('hidden'),
  special_small_blocks: () => fallback('0'),
  sync: () => fallback('standard'),
};

const FILESYSTEM: Readonly<Record<string, Reader>> = {
  ...COMMON,
  aclmode: () => fallback('discard'),
  acltype: () => fallback('posix'),
  atime: () => fallback('off'),
  casesensitivity: () => fallback('sensitive'),
  exec: () => fallback('on'),
  mounted: (node) => none(node.lockedBy === null ? 'yes' : 'no'),
  mountpoint: ({ dataset }) => fallback(`/mnt/${dataset.id}`),
  quota: () => fallback('0'),
  recordsize: () => fallback(String(MIB / 8)),
  refquota: ({ dataset }) => localOr(dataset.refquota),
  refreservation: ({ dataset }) => localOr(dataset.usedbyrefreservation),
  snapdir: () => fallback('hidden'),
  xattr: () => fallback('sa'),
};

const VOLUME: Readonly<Record<string, Reader>> = {
  ...COMMON,
  // Thick zvols reserve their whole size; only the part not yet written counts as used by it.
  refreservation: ({ dataset }) =>
    localOr(dataset.usedbyrefreservation > 0 ? dataset.volsize : undefined),
  volblocksize: () => fallback(String(MIB / 64)),
  volsize: ({ dataset }) => local(dataset.volsize ?? 0),
};

/** The native property of a dataset, or undefined where its type has none of that name. */
export function readProperty(node: DatasetNode, property: string): RawProperty | undefined {
  return (node.dataset.type === 'VOLUME' ? VOLUME : FILESYSTEM)[property]?.(node);
}

/** What `pool.dataset.query` returns unless asked for less or more. */
export const DEFAULT_PROPERTIES: readonly string[] = [
  'available',
  'checksum',
  'compression',
  'compressratio',
  'copies',
  'creation',
  'dedup',
  'encryption',
  'keyformat',
  'origin',
  'pbkdf2iters',
  'readonly',
  'refreservation',
  'reservation',
  'snapdev',
  'sync',
  'used',
  'usedbychildren',
  'usedbydataset',
  'usedbyrefreservation',
  'usedbysnapshots',
  'special_small_blocks',
  'aclmode',
  'acltype',
  'atime',
  'casesensitivity',
  'exec',
  'mountpoint',
  'quota',
  'recordsize',
  'refquota',
  'snapdir',
  'xattr',
  'volblocksize',
  'volsize',
];

/** Names under which `pool.dataset.query` returns properties, where they are not ZFS' own. */
export const FIELD_OF_PROPERTY: Readonly<Record<string, string>> = {
  dedup: 'deduplication',
  encryption: 'encryption_algorithm',
  keyformat: 'key_format',
  special_small_blocks: 'special_small_block_size',
};

/** All native properties this lab knows, as `zfs.resource.query` gives them by default. */
export const NATIVE_PROPERTIES: readonly string[] = [
  ...new Set([...Object.keys(FILESYSTEM), ...Object.keys(VOLUME)]),
];
