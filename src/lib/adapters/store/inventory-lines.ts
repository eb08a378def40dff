import { type Connection } from '../../core/model/connection.ts';
import { type Coverage, type Listing } from '../../core/model/coverage.ts';
import { type DriverConfig } from '../../core/model/driver-config.ts';
import {
  type ClusterIdentity,
  type ClusterInventory,
  type Inventory,
  type ListSource,
  type SystemIdentity,
  type SystemInventory,
} from '../../core/model/inventory.ts';
import { type SourceStatus } from '../../core/model/report.ts';
import { type StoredScan } from '../../ports/scan-store.ts';
import { CLUSTER_INSTANTS, instantsOf, nestedInstantsOf, SYSTEM_INSTANTS } from './instants.ts';
import { areMillis, isHeaderShape, isSliceShape } from './stored-shape.ts';
import { readConnection } from './stored-connection.ts';
import { fromTable, type Table, toTable } from './table.ts';

/*
 * A scan as lines of JSON: first what it is, then its lists in slices, last how many lines there were. Slices keep
 * the memory for writing small; the last line tells a whole file from the start of one.
 */

/** Raised with every change of what is stored. */
const FORMAT = 9;
const SLICE = 250;

interface Header {
  readonly format: number;
  readonly key: string;
  readonly takenAt: string;
  readonly clusters: readonly StoredMember<ClusterIdentity>[];
  readonly systems: readonly StoredMember<SystemIdentity>[];
  readonly drivers: readonly DriverConfig[];
  readonly firstSeen: readonly (readonly [string, string])[];
  readonly confirmed: readonly string[];
  readonly sources: readonly SourceStatus[];
}

interface StoredMember<I> {
  readonly identity: I;
  readonly connection?: unknown;
  readonly coverage: Readonly<Partial<Record<ListSource, Coverage>>>;
}

interface Slice {
  readonly side: 'clusters' | 'systems';
  readonly member: number;
  readonly source: ListSource;
  readonly table: Table;
}

/** @param key fingerprint of what was scanned */
export function* encodeScan(
  key: string,
  { inventory, confirmed, sources }: StoredScan,
): Generator<string> {
  const header: Header = {
    format: FORMAT,
    key,
    takenAt: inventory.takenAt.toISOString(),
    clusters: inventory.clusters.map(storedMember),
    systems: inventory.systems.map(storedMember),
    drivers: inventory.drivers,
    firstSeen: [...inventory.firstSeen].map(([subject, date]) => [subject, date.toISOString()]),
    confirmed: [...confirmed],
    sources,
  };
  let lines = 1;
  yield `${JSON.stringify(header)}\n`;
  for (const slice of slicesOf(inventory)) {
    lines += 1;
    yield `${JSON.stringify(slice)}\n`;
  }
  yield `${JSON.stringify({ lines })}\n`;
}

function storedMember<I>(member: {
  readonly identity: I;
  readonly lists: ClusterInventory['lists'] & SystemInventory['lists'];
  readonly connection?: Connection;
}): StoredMember<I> {
  const coverage = Object.fromEntries(
    Object.entries(member.lists).map(([source, listing]) => [source, listing.coverage]),
  );
  const { identity, connection } = member;
  return { identity, coverage, ...(connection === undefined ? {} : { connection }) };
}

function* slicesOf(inventory: Inventory): Generator<Slice> {
  for (const side of ['clusters', 'systems'] as const) {
    for (const [member, { lists }] of inventory[side].entries()) {
      const listings = Object.entries<Listing<object>>(lists);
      for (const [source, { items }] of listings) {
        for (let start = 0; start < items.length; start += SLICE) {
          const slice = items.slice(start, start + SLICE);
          const name = source as ListSource; // the keys of `lists` are sources
          yield { side, member, source: name, table: toTable(slice, instantsOf(name)) };
        }
      }
    }
  }
}

/**
 * Reads what `encodeScan` wrote; undefined for another format, another key, or a file that was cut short.
 *
 * @param only lists that are wanted: nothing of the others is decoded
 */
export function decodeScan(
  key: string,
  text: string,
  only?: ReadonlySet<ListSource>,
): StoredScan | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '') return undefined;
  const last: unknown = JSON.parse(lines.pop() ?? 'null');
  const [first, ...slices] = lines;
  const header = first === undefined ? undefined : asHeader(JSON.parse(first));
  if (header?.key !== key || !countsLines(last, lines.length)) return undefined;
  const wanted = only === undefined ? slices : slices.filter((line) => isOf(line, only));
  const items = collectItems(wanted);
  return items === undefined ? undefined : assemble(header, items);
}

/** The list a slice is of, as `encodeScan` writes it in front of everything that is large. */
const SOURCE = /^\{"side":"[a-z]+","member":\d+,"source":"([A-Za-z]+)"/;

function isOf(line: string, sources: ReadonlySet<string>): boolean {
  const [, source] = SOURCE.exec(line) ?? [];
  return source === undefined || sources.has(source);
}

/** The items of each list, by side, member and source; undefined where a line is not as it was written. */
function collectItems(
  lines: readonly string[],
): ReadonlyMap<string, readonly unknown[]> | undefined {
  const items = new Map<string, unknown[]>();
  for (const line of lines) {
    const parsed: unknown = JSON.parse(line);
    if (!isSliceShape(parsed, SLICE)) return undefined;
    const slice = parsed as Slice;
    if (!instantsOf(slice.source).every((field) => holdsInstants(slice.table, field))) {
      return undefined;
    }
    const part = fromTable(slice.table, instantsOf(slice.source));
    for (const [field, instants] of nestedInstantsOf(slice.source)) {
      part.forEach((item) => {
        reviveNested(item[field], instants);
      });
    }
    const id = `${slice.side} ${slice.member} ${slice.source}`;
    items.set(id, (items.get(id) ?? []).concat(part));
  }
  return items;
}

function holdsInstants({ columns }: Table, field: string): boolean {
  const column = columns[field];
  if (column === undefined) return true;
  return areMillis('each' in column ? column.each : [column.all]);
}

function asHeader(value: unknown): Header | undefined {
  if (typeof value !== 'object' || value === null || !('format' in value)) return undefined;
  if (value.format !== FORMAT) return undefined;
  return isHeaderShape({ ...value }, CLUSTER_INSTANTS, SYSTEM_INSTANTS)
    ? (value as unknown as Header)
    : undefined;
}

function countsLines(last: unknown, lines: number): boolean {
  return typeof last === 'object' && last !== null && 'lines' in last && last.lines === lines;
}

function assemble(header: Header, items: ReadonlyMap<string, readonly unknown[]>): StoredScan {
  const lists = (side: Slice['side'], member: number, stored: StoredMember<unknown>): object =>
    Object.fromEntries(
      Object.entries(stored.coverage).map(([source, coverage]) => [
        source,
        { coverage, items: items.get(`${side} ${member} ${source}`) ?? [] },
      ]),
    );
  const clusters = header.clusters.map((stored, index) => ({
    identity: revived(stored.identity, CLUSTER_INSTANTS),
    lists: lists('clusters', index, stored),
    ...connectionOf(stored),
  }));
  const systems = header.systems.map((stored, index) => ({
    identity: revived(stored.identity, SYSTEM_INSTANTS),
    lists: lists('systems', index, stored),
    ...connectionOf(stored),
  }));
  const firstSeen = new Map(header.firstSeen.map(([subject, date]) => [subject, new Date(date)]));
  return {
    inventory: {
      takenAt: new Date(header.takenAt),
      clusters,
      systems,
      drivers: header.drivers,
      firstSeen,
      // Journals are at hand, and may have grown since.
      moved: [],
    },
    confirmed: new Set(header.confirmed),
    sources: header.sources,
  };
}

function connectionOf(stored: StoredMember<unknown>): { connection?: Connection } {
  const connection = readConnection(stored.connection);
  return connection === undefined ? {} : { connection };
}

function reviveNested(value: unknown, instants: readonly string[]): void {
  if (Array.isArray(value)) for (const each of value) reviveNested(each, instants);
  else if (typeof value === 'object' && value !== null) revived(value, instants);
}

/** Turns the texts of these fields back into instants, in place: nobody else holds the object yet. */
function revived<T extends object>(object: T, instants: readonly string[]): T {
  const fields = object as Record<string, unknown>;
  for (const key of instants) {
    const value = fields[key];
    if (typeof value === 'string') fields[key] = new Date(value);
  }
  return object;
}
