import { type Entry } from './entry.ts';
import { isRecord } from './json.ts';
import { type Resource } from './resources.ts';
import { badRequest, expired } from './status.ts';

/** Where the next page goes on. */
export interface Position {
  /** Version of the list; `INCONSISTENT` goes on in whatever is there now. */
  readonly revision: number;
  /** The key after which it goes on. */
  readonly after: string;
  /** The number of the page it asks for; the first is 1. */
  readonly page: number;
}

export const INCONSISTENT = -1;

/** As long as etcd keeps a version before it is compacted. */
const LIFETIME_MS = 5 * 60_000;

/** Lists under way at once, of one kind. */
const KEPT = 256;

interface Snapshot {
  readonly revision: number;
  readonly takenAt: number;
  readonly entries: readonly Entry[];
}

/** The versions that lists under way are still paging through, so that no page sees a later change. */
export class ListSnapshots {
  readonly #snapshots = new Map<Resource, Snapshot[]>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  keep(resource: Resource, revision: number, entries: readonly Entry[]): void {
    const kept = this.#snapshots.get(resource) ?? [];
    if (kept.some((snapshot) => snapshot.revision === revision)) return;
    kept.push({ revision, takenAt: this.#now().getTime(), entries });
    if (kept.length > KEPT) kept.shift();
    this.#snapshots.set(resource, kept);
  }

  find(resource: Resource, revision: number): readonly Entry[] | undefined {
    const oldest = this.#now().getTime() - LIFETIME_MS;
    const kept = (this.#snapshots.get(resource) ?? []).filter(({ takenAt }) => takenAt >= oldest);
    this.#snapshots.set(resource, kept);
    return kept.find((snapshot) => snapshot.revision === revision)?.entries;
  }
}

export function encodePosition({ revision, after, page }: Position): string {
  const token = { v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000`, page };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

export function decodePosition(token: string): Position {
  const decoded = parseToken(token);
  if (!isRecord(decoded) || decoded['v'] !== 'meta.k8s.io/v1') throw malformed();
  const { rv, start, page } = decoded;
  if (typeof rv !== 'number' || typeof start !== 'string' || typeof page !== 'number') {
    throw malformed();
  }
  return { revision: rv, after: start.slice(0, -1), page };
}

/** The refusal of a token whose version is gone, with the token that goes on in the present. */
export function tokenExpired(position: Position): Error {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
      'without the continue parameter, or use the continue token in this response to retrieve the remainder of ' +
      'the results. Continuing with the provided token results in an inconsistent list - objects that were ' +
      'created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    encodePosition({ ...position, revision: INCONSISTENT }),
  );
}

function parseToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    throw malformed();
  }
}

function malformed(): Error {
  return badRequest('continue key is not valid: illegal base64 or unknown encoding');
}
