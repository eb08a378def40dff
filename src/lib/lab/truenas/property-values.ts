import { bigNumber, dateOf } from './json.ts';

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

function kindOf(property: string): PropertyKind {
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

interface ValueStyle {
  readonly sizeStyle: 'zfs' | 'humanfriendly';
  readonly upperCaseOrigin: boolean;
}

const upper = (raw: string): string => raw.toUpperCase();
const plain = (raw: string): string => raw;

const WRITERS: Readonly<
  Record<PropertyKind, (raw: string, style: ValueStyle, property: string) => string | null>
> = {
  size: (raw, { sizeStyle }) => humanSize(Number(raw), sizeStyle),
  quota: (raw, { sizeStyle }) => (raw === '0' ? null : humanSize(Number(raw), sizeStyle)),
  switch: upper,
  number: plain,
  big: plain,
  time: (raw) => new Date(Number(raw) * 1000).toUTCString(),
  text: upper,
  name: (raw, { upperCaseOrigin }, property) =>
    property === 'origin' && upperCaseOrigin ? upper(raw) : raw,
  ratio: (raw) => `${raw}x`,
};

/** The `value` member: for people. */
export function valueOf(property: string, raw: string, style: ValueStyle): string | null {
  return WRITERS[kindOf(property)](raw, style, property);
}
