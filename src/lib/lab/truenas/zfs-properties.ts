import { bigNumber } from './json.ts';
import { type DatasetNode } from './view.ts';
import { dateOf } from './json.ts';

/** A native property of a dataset or snapshot: ZFS' raw text, and where it was set. */
export interface RawProperty {
  readonly raw: string;
  readonly source: 'NONE' | 'DEFAULT' | 'LOCAL' | 'INHERITED';
}

/** How the raw text becomes a value: `quota` is a size of which 0 means none. */
export type PropertyKind =
  'size' | 'quota' | 'switch' | 'number' | 'big' | 'time' | 'text' | 'name' | 'ratio';

const KINDS: Readonly<Record<string, PropertyKind>> = {
  used: 'size',
  available: 'size',
  referenced: 'size',
  written: 'size',
  logicalused: 'size',
  logicalreferenced: 'size',
  usedbychildren: 'size',
  usedbydataset: 'size',
  usedbyrefreservation: 'size',
  usedbysnapshots: 'size',
  volsize: 'size',
  volblocksize: 'size',
  recordsize: 'size',
  special_small_blocks: 'size',
  quota: 'quota',
  refquota: 'quota',
  reservation: 'quota',
  refreservation: 'quota',
  readonly: 'switch',
  atime: 'switch',
  exec: 'switch',
  mounted: 'switch',
  defer_destroy: 'switch',
  copies: 'number',
  pbkdf2iters: 'number',
  createtxg: 'number',
  objsetid: 'number',
  userrefs: 'number',
  guid: 'big',
  creation: 'time',
  origin: 'name',
  clones: 'name',
  encryptionroot: 'name',
  mountpoint: 'name',
  compressratio: 'ratio',
  refcompressratio: 'ratio',
};

export function kindOf(property: string): PropertyKind {
  return KINDS[property] ?? 'text';
}

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** A size for people, as either generation of TrueNAS writes it. */
export function humanSize(bytes: number, style: 'zfs' | 'humanfriendly'): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const letter = UNITS[unit] ?? '';
  if (style === 'humanfriendly') {
    return unit === 0 ? `${size} bytes` : `${Number(size.toFixed(2))} ${letter}iB`;
  }
  if (unit === 0) return `${size}B`;
  const digits = size < 10 ? 2 : size < 100 ? 1 : 0;
  return `${Number.isInteger(size) ? size : size.toFixed(digits)}${letter}`;
}

const PARSERS: Readonly<Record<PropertyKind, (raw: string) => unknown>> = {
  size: Number,
  quota: (raw) => (raw === '0' ? null : Number(raw)),
  switch: (raw) => raw === 'on' || raw === 'yes',
  number: Number,
  big: bigNumber,
  time: (raw) => dateOf(new Date(Number(raw) * 1000)),
  text: (raw) => raw,
  name: (raw) => raw,
  ratio: Number,
};

export function parsedOf(property: string, raw: string): unknown {
  return PARSERS[kindOf(property)](raw);
}

/** What a property is worth to `zfs.resource`: numbers, switches and text, times as seconds. */
export function plainValueOf(property: string, raw: string): unknown {
  const kind = kindOf(property);
  if (kind === 'time' || kind === 'quota') return Number(raw);
  if ((kind === 'name' || kind === 'text') && (raw === '' || raw === 'none')) return null;
  return PARSERS[kind](raw);
}

/** The `value` member: for people. */
export function valueOf(
  property: string,
  raw: string,
  style: { readonly sizeStyle: 'zfs' | 'humanfriendly'; readonly upperCaseOrigin: boolean },
): string | null {
  switch (kindOf(property)) {
    case 'size':
      return humanSize(Number(raw), style.sizeStyle);
    case 'quota':
      return raw === '0' ? null : humanSize(Number(raw), style.sizeStyle);
    case 'time':
      return new Date(Number(raw) * 1000).toUTCString();
    case 'ratio':
      return `${raw}x`;
    case 'name':
      return property === 'origin' && style.upperCaseOrigin ? raw.toUpperCase() : raw;
    case 'number':
    case 'big':
      return raw;
    case 'switch':
    case 'text':
      return raw.toUpperCase();
  }
}

const none = (value: number | string): RawProperty => ({ raw: String(value), source: 'NONE' });
const local = (value: number | string): RawProperty => ({ raw: String(value), source: 'LOCAL' });
const fallback = (value: string): RawProperty => ({ raw: value, source: 'DEFAULT' });
const localOr = (value: number | undefined): RawProperty =>
  value === undefined || value === 0 ? fallback('0') : local(value);

const MIB = 1024 * 1024;

function available({ pool, dataset }: DatasetNode): RawProperty {
  const free = Math.max(0, pool.size - pool.allocated);
  if (dataset.refquota === undefined) return none(free);
  return none(Math.min(free, Math.max(0, dataset.refquota - dataset.usedbydataset)));
}

const own = (node: DatasetNode): number =>
  node.dataset.usedbydataset + node.dataset.usedbysnapshots + node.dataset.usedbyrefreservation;

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
  logicalused: (node) => none(node.used),
  logicalreferenced: ({ dataset }) => none(dataset.usedbydataset),
  creation: ({ dataset }) => none(Math.floor(Date.parse(dataset.createdAt) / 1000)),
  guid: ({ dataset }) => none(dataset.guid),
  createtxg: ({ dataset }) => none(dataset.createtxg),
  objsetid: ({ dataset }) => none(dataset.createtxg),
  origin: ({ dataset }) => none(dataset.origin ?? ''),
  compressratio: () => none('1.00'),
  refcompressratio: () => none('1.00'),
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
  readonly: ({ dataset }) => (dataset.readonly === true ? local('on') : fallback('off')),
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
