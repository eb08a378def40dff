import { type Coverage, type Listing } from '../../core/model/coverage.ts';
import { type DriverConfig } from '../../core/model/driver-config.ts';
import {
  type ClusterIdentity,
  type ClusterInventory,
  type ClusterLists,
  type Inventory,
  type ListSource,
  type SystemIdentity,
  type SystemInventory,
  type SystemLists,
} from '../../core/model/inventory.ts';
import { type StoredScan } from '../../ports/scan-store.ts';

/*
 * A scan as lines of JSON: first what it is, then its lists in slices, last how many lines there were. Slices keep
 * the memory for writing small; the last line tells a whole file from the start of one. JSON.stringify
 * writes an instant as text by itself, so only reading has to know which fields are instants.
 */

/** Raised with every change of what is stored. */
const FORMAT = 1;
const SLICE = 2_000;

/** Fields of `T` that hold an instant. */
type InstantKeys<T> = {
  [K in keyof T]-?: Extract<T[K], Date> extends never ? never : K;
}[keyof T];
type InstantsOf<T> = Readonly<Record<InstantKeys<T>, true>>;

type AllLists = ClusterLists & SystemLists;

/** Complete by its type: a field that becomes an instant does not compile until it is here. */
const INSTANTS: { readonly [S in ListSource]: InstantsOf<AllLists[S]> } = {
  persistentVolumes: { createdAt: true, deletedAt: true, phaseSince: true },
  persistentVolumeClaims: { createdAt: true, deletedAt: true },
  volumeSnapshots: { createdAt: true, deletedAt: true },
  volumeSnapshotContents: { createdAt: true, deletedAt: true },
  storageClasses: { createdAt: true, deletedAt: true },
  pods: { createdAt: true, deletedAt: true },
  pools: {},
  datasets: { createdAt: true },
  zfsSnapshots: {},
  nfsShares: {},
  smbShares: {},
  iscsiTargets: {},
  iscsiExtents: {},
  iscsiTargetExtents: {},
  iscsiSessions: {},
  nvmetNamespaces: {},
  snapshotTasks: {},
  replicationTasks: {},
};

const CLUSTER_INSTANTS: InstantsOf<ClusterIdentity> = { createdAt: true, clock: true };
const SYSTEM_INSTANTS: InstantsOf<SystemIdentity> = { clock: true };
const DETAIL_INSTANTS: InstantsOf<NonNullable<AllLists['zfsSnapshots']['details']>> = {
  createdAt: true,
};

interface Header {
  readonly format: number;
  readonly key: string;
  readonly takenAt: string;
  readonly clusters: readonly StoredMember<ClusterIdentity>[];
  readonly systems: readonly StoredMember<SystemIdentity>[];
  readonly drivers: readonly DriverConfig[];
  readonly firstSeen: readonly (readonly [string, string])[];
  readonly confirmed: readonly string[];
}

interface StoredMember<I> {
  readonly identity: I;
  readonly coverage: Readonly<Partial<Record<ListSource, Coverage>>>;
}

interface Slice {
  readonly side: 'clusters' | 'systems';
  readonly member: number;
  readonly source: ListSource;
  readonly items: readonly unknown[];
}

/** @param key fingerprint of what was scanned */
export function* encodeScan(key: string, { inventory, confirmed }: StoredScan): Generator<string> {
  const header: Header = {
    format: FORMAT,
    key,
    takenAt: inventory.takenAt.toISOString(),
    clusters: inventory.clusters.map(storedMember),
    systems: inventory.systems.map(storedMember),
    drivers: inventory.drivers,
    firstSeen: [...inventory.firstSeen].map(([subject, date]) => [subject, date.toISOString()]),
    confirmed: [...confirmed],
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
}): StoredMember<I> {
  const coverage = Object.fromEntries(
    Object.entries(member.lists).map(([source, listing]) => [source, listing.coverage]),
  );
  return { identity: member.identity, coverage };
}

function* slicesOf(inventory: Inventory): Generator<Slice> {
  for (const side of ['clusters', 'systems'] as const) {
    for (const [member, { lists }] of inventory[side].entries()) {
      const listings = Object.entries<Listing<unknown>>(lists);
      for (const [source, { items }] of listings) {
        for (let start = 0; start < items.length; start += SLICE) {
          yield {
            side,
            member,
            source: source as ListSource, // the keys of `lists` are sources
            items: items.slice(start, start + SLICE),
          };
        }
      }
    }
  }
}

/** Reads what `encodeScan` wrote; undefined for another format, another key, or a file that was cut short. */
export function decodeScan(key: string, text: string): StoredScan | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '') return undefined;
  const last: unknown = JSON.parse(lines.pop() ?? 'null');
  const [first, ...slices] = lines;
  const header = first === undefined ? undefined : asHeader(JSON.parse(first));
  if (header?.key !== key || !countsLines(last, lines.length)) return undefined;
  return assemble(header, collectItems(slices));
}

/** The items of each list, by side, member and source. */
function collectItems(lines: readonly string[]): ReadonlyMap<string, readonly unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const line of lines) {
    const slice = JSON.parse(line) as Slice; // written by encodeScan: format and line count hold
    const instants = Object.keys(INSTANTS[slice.source]);
    for (const item of slice.items) reviveItem(item, slice.source, instants);
    const id = `${slice.side} ${slice.member} ${slice.source}`;
    items.set(id, (items.get(id) ?? []).concat(slice.items));
  }
  return items;
}

function asHeader(value: unknown): Header | undefined {
  if (typeof value !== 'object' || value === null || !('format' in value)) return undefined;
  return value.format === FORMAT ? (value as Header) : undefined;
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
    identity: revived(stored.identity, Object.keys(CLUSTER_INSTANTS)),
    lists: lists('clusters', index, stored),
  }));
  const systems = header.systems.map((stored, index) => ({
    identity: revived(stored.identity, Object.keys(SYSTEM_INSTANTS)),
    lists: lists('systems', index, stored),
  }));
  const firstSeen = new Map(header.firstSeen.map(([subject, date]) => [subject, new Date(date)]));
  return {
    inventory: {
      takenAt: new Date(header.takenAt),
      clusters,
      systems,
      drivers: header.drivers,
      firstSeen,
    },
    confirmed: new Set(header.confirmed),
  };
}

function reviveItem(item: unknown, source: ListSource, instants: readonly string[]): void {
  if (typeof item !== 'object' || item === null) return;
  revived(item, instants);
  if (source !== 'zfsSnapshots' || !('details' in item)) return;
  if (typeof item.details !== 'object' || item.details === null) return;
  revived(item.details, Object.keys(DETAIL_INSTANTS));
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
