/*
 * Addresses and networks as text, compared by what they mean: an address of IPv6 is written in many ways.
 */

/** An address, and how many bits one of its family has. */
export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

export interface IpNetwork {
  readonly address: IpAddress;
  /** Bits at its beginning that all addresses in it have in common. */
  readonly prefix: number;
}

const QUAD = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function parseQuad(text: string): bigint | undefined {
  const parts = QUAD.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** The groups on one side of `::`, the last of which may be four numbers; undefined where they are none. */
function groupsOf(text: string): readonly bigint[] | undefined {
  const groups: bigint[] = [];
  for (const part of text === '' ? [] : text.split(':')) {
    const quad = parseQuad(part);
    if (quad !== undefined) groups.push(quad >> 16n, quad & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

const NO_GROUPS: readonly bigint[] = [];

function parseGroups(text: string): bigint | undefined {
  const [left = '', right, ...more] = text.split('::');
  const head = groupsOf(left);
  const tail = right === undefined ? NO_GROUPS : groupsOf(right);
  if (head === undefined || tail === undefined || more.length > 0) return undefined;
  const gap = 8 - head.length - tail.length;
  if (right === undefined ? gap !== 0 : gap < 1) return undefined;
  const all = [...head, ...Array<bigint>(gap).fill(0n), ...tail];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

/** What IPv4 addresses begin with where they are written as IPv6. */
const MAPPED = 0xffffn;

/** Reads an address, with or without brackets and zone; undefined for a name. */
export function parseIp(text: string): IpAddress | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '');
  const quad = parseQuad(bare);
  if (quad !== undefined) return { bits: 32, value: quad };
  const value = bare.includes(':') ? parseGroups(bare) : undefined;
  if (value === undefined) return undefined;
  return value >> 32n === MAPPED ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}

/** Reads `10.0.0.0/24`, or a single address as the network of itself alone. */
export function parseNetwork(text: string): IpNetwork | undefined {
  const [address = '', length, ...more] = text.trim().split('/');
  const parsed = parseIp(address);
  if (parsed === undefined || more.length > 0) return undefined;
  if (length === undefined) return { address: parsed, prefix: parsed.bits };
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  return prefix > parsed.bits ? undefined : { address: parsed, prefix };
}

export function isWithin(ip: IpAddress, { address, prefix }: IpNetwork): boolean {
  if (ip.bits !== address.bits) return false;
  const rest = BigInt(ip.bits - prefix);
  return ip.value >> rest === address.value >> rest;
}

/** Whether an address stands for all addresses of a machine: `0.0.0.0` and `::`. */
export function isUnspecified({ value }: IpAddress): boolean {
  return value === 0n;
}

/** An address in one spelling, whichever it was written in; undefined for a name. */
export function ipKey(text: string): string | undefined {
  const ip = parseIp(text);
  return ip && `${String(ip.bits)} ${ip.value.toString(16)}`;
}

/** The host of `host`, `host:port`, `[address]:port` and a bare address of IPv6. */
export function hostOf(text: string): string {
  const trimmed = text.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed)?.[1];
  if (bracketed !== undefined) return bracketed;
  // More than one colon is an address of IPv6, whose last part is no port.
  return /^([^:]*):\d+$/.exec(trimmed)?.[1] ?? trimmed;
}
