import { type CollectionEvent } from './events.ts';
import { type ScramState } from './scram.ts';

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
