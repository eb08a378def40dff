import { type CollectionEvent } from './events.ts';

/** Who is logged in on a connection, and what the client set there. */
export class Session {
  readonly remoteAddress: string;
  user: SessionUser | null = null;
  options = { legacy_jobs: true, private_methods: false, py_exceptions: false };
  /** State of a SCRAM exchange under way. */
  scram: ScramState | null = null;
  /** Sends an event to this client; null where the transport has none. */
  notify: ((event: CollectionEvent, subscription: string) => void) | null = null;
  readonly subscriptions = new Set<string>();

  constructor(remoteAddress: string) {
    this.remoteAddress = remoteAddress;
  }
}

export interface SessionUser {
  readonly username: string;
  readonly roles: readonly string[];
  /** Id of the API key; null after a login by password. */
  readonly keyId: number | null;
}

/** SCRAM: what the server must remember between the two messages of the client. */
export interface ScramState {
  readonly user: SessionUser;
  readonly secret: string;
  readonly salt: Buffer;
  readonly nonce: string;
  /** The GS2 header, which the last message repeats. */
  readonly header: string;
  readonly clientFirst: string;
  readonly serverFirst: string;
}
