import { type Actor } from '../../core/cleanup/journal-schema.ts';
import { type Role } from '../../core/serve/settings.ts';

/** What a route asks of its caller: a role, on what in terms of Kubernetes. */
export interface Needed {
  readonly role: Role;
  /** A right to get this path is enough as well, as those have it in Kubernetes who scrape. */
  readonly path?: string;
}

/** Somebody who may ask. */
export interface Caller {
  /** As Kubernetes or the token calls them; null for somebody on this machine of whom nobody asked. */
  readonly name: string | null;
  readonly groups: readonly string[];
  /** What they were seen to be allowed: what the route needs, or more. */
  readonly role: Role;
  /** The namespaces they may see; null for all, and for what belongs to none. */
  readonly namespaces: ReadonlySet<string> | null;
  /** The same for a journal; null or absent where nobody vouches for who they are. */
  readonly actor?: Actor | null;
}

/** What of a request tells who it is from. */
export interface Credentials {
  readonly method: string;
  /** Header `Authorization`. */
  readonly authorization: string | undefined;
  /** Header `Host`. */
  readonly host: string | undefined;
  /** Address of the other end, proxies that are trusted looked through. */
  readonly remoteAddress: string;
  /** Whether a header says that somebody else handed the request on. */
  readonly forwarded: boolean;
  /** Whether the server itself can be reached from this machine alone. */
  readonly local: boolean;
}

export type Verdict =
  | { readonly state: 'admitted'; readonly caller: Caller }
  /** Nobody knows them: 401. */
  | { readonly state: 'unknown'; readonly reason: string }
  /** They are known, and may not: 403. */
  | { readonly state: 'forbidden'; readonly reason: string }
  /** Whoever knows them cannot be asked: 503. Nobody is let in meanwhile. */
  | { readonly state: 'unavailable'; readonly reason: string };

/** Knows callers. Whatever goes wrong in it, nobody is let in. */
export interface Authenticator {
  admit(credentials: Credentials, needed: Needed, signal: AbortSignal): Promise<Verdict>;
}
