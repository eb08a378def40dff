import { type SystemLists, type SystemSource } from '../../core/model/inventory.ts';
import {
  type Dataset,
  type DatasetAttachment,
  type ZfsSnapshot,
} from '../../core/model/truenas.ts';
import { type Family } from './api-versions.ts';
import { NasCallError } from './call-error.ts';
import { type Call, type Delivery, type Rights } from './call.ts';
import { type Decoded, type Seen } from './decode-rows.ts';
import { type Row, type Rows } from './decode-values.ts';
import { type Following } from './following.ts';

/** Reads one list whole, or throws why it could not; rows that cannot be understood are set aside. */
export type ReadList<T> = (signal: AbortSignal) => Promise<Decoded<T>>;

/** How objects of one kind are looked up again. */
export interface Lookup<T> {
  /** `undefined`, or `absent` thrown, is TrueNAS's own word that there is no such object; one that is not understood is thrown. */
  see(id: string, signal: AbortSignal): Promise<Seen<T> | undefined>;
  /** Groups ids so that each group costs one listing; the key names what is listed. */
  group(ids: readonly string[]): ReadonlyMap<string, readonly string[]>;
  /**
   * Lists at least every object of a group that exists. A failure of any kind is thrown: that a listing, route or
   * pool is missing says nothing of the objects, unless the call names the path that they all stand under.
   */
  many(key: string, signal: AbortSignal): Promise<Decoded<T>>;
}

/** How objects of one kind are listed, and looked up again. */
export interface Source<T> {
  readonly list: ReadList<T>;
  readonly lookup: Lookup<T>;
}

/** Sources that came with NVMe-oF. */
export type NvmetSource = 'nvmetNamespaces' | 'nvmetSubsystems' | 'nvmetSessions';

/** What a system says of itself; what may not be read is null. */
export interface SystemFacts {
  readonly version: string;
  readonly hostId: string | null;
  readonly clock: Date | null;
}

/** Entries of a service such as `sharing.nfs`, with every field they have. */
export interface Services {
  /** Throws `NasCallError` where there is none of that id: a list without it may be one of somebody who may not see it. */
  one(service: string, id: number, extra: Row | undefined, signal: AbortSignal): Promise<unknown>;
  all(service: string, extra: Row | undefined, signal: AbortSignal): Promise<Rows>;
}

/** One TrueNAS version over one transport: the only thing that differs between them. */
export interface Dialect {
  readonly transport: 'jsonrpc' | 'rest';
  readonly family: Family;
  facts(signal: AbortSignal): Promise<SystemFacts>;
  /** A source that is missing here cannot exist on this version, or cannot be read over this transport. */
  readonly lists: { readonly [S in SystemSource]?: ReadList<SystemLists[S]> };
  readonly datasets: Lookup<Dataset>;
  readonly snapshots: Lookup<ZfsSnapshot>;
  /** What is enabled and uses a dataset, or what lies below it. */
  attachments(dataset: string, signal: AbortSignal): Promise<readonly DatasetAttachment[]>;
  readonly services: Services;
  /** Sends a call that changes something, once. Only an abort before it has left throws. */
  send(call: Call, signal: AbortSignal): Promise<Delivery>;
  /** What our user may call, as far as anybody tells. */
  rights(calls: readonly Call[], signal: AbortSignal): Promise<Rights>;
  /** Follows what volumes are made of, for as long as the connection lasts; undefined over a transport that says nothing unasked. */
  readonly follow: ((following: Following, signal: AbortSignal) => Promise<void>) | undefined;
  /** Whether it can be gone on with as it is. */
  readonly isAlive: boolean;
  /** Whether somebody waits for an answer. */
  readonly isBusy: boolean;
  /** Forgets what was refused. */
  renew(): void;
  close(): void;
}

/** Groups ids by what they stand under. */
export function groupBy(
  ids: readonly string[],
  keyOf: (id: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const key = keyOf(id);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  return groups;
}

/** What may not be read, or does not exist on this version, is null. */
export async function unlessDenied(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    const failure = error instanceof NasCallError ? error.failure : undefined;
    if (failure === 'denied' || failure === 'unknown-method') return null;
    throw error;
  }
}
