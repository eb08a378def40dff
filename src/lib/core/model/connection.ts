import { type MonitorError } from './errors.ts';
import { inOneLine } from './repetition.ts';
import { type Millis } from './units.ts';

/** How one cluster or system was reached, or why it was not. */
export interface Connection {
  readonly side: 'kubernetes' | 'truenas';
  /** Name of the cluster or system in our configuration. */
  readonly name: string;
  /** Host, and port where it is not the usual one. */
  readonly host: string;
  /** Whether it speaks TLS. */
  readonly secure: boolean;
  /** Whether it is this machine itself: nothing is overheard on the way there. */
  readonly loopback: boolean;
  /** Null without TLS, and where no connection came about. */
  readonly tls: TlsFacts | null;
  /** Answers that were waited for. */
  readonly requests: number;
  /** Null where nothing was answered. */
  readonly latency: Latency | null;
  /** Null where it was reached. */
  readonly failure: ConnectionFailure | null;
}

export interface Latency {
  readonly p50: Millis;
  readonly p95: Millis;
}

export interface ConnectionFailure {
  /** Of the `MonitorError`. */
  readonly code: string;
  readonly message: string;
  readonly remediation: readonly string[];
}

/** What became of a member that was reached at first: the last of its exchanges found nobody. */
export function lostBy(error: MonitorError): ConnectionFailure {
  const { code, remediation } = error;
  return { code, message: `it answered at first, then ${inOneLine(error)}`, remediation };
}

export interface TlsFacts {
  /** `TLSv1.3`, … */
  readonly protocol: string;
  /** Common names. */
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Whether the chain led to an authority that is trusted, and the host to its names. */
  readonly trusted: boolean;
  /** Why not, in the words of the TLS library; null where it did. */
  readonly distrust: string | null;
  /** Whether an untrusted certificate would have ended the connection. */
  readonly verified: boolean;
  /** Whether the public key is one of those the configuration names; null where it names none. */
  readonly pinned: boolean | null;
  /** Base64 SHA-256 of the public key. */
  readonly spki: string;
}
