import { inOneLine } from './repetition.ts';

/**
 * What kind of failure it is, and so what may be done about it: `transient` may be retried, `configuration`
 * never helps to retry, `inconsistency` goes on with a warning, `critical` stops.
 */
export type ErrorClass = 'transient' | 'configuration' | 'inconsistency' | 'critical';

export interface ErrorOptionsWithHelp extends ErrorOptions {
  /** What to do about it, imperative sentences in order. */
  readonly remediation: readonly string[];
  /** Further facts, never a secret. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** A failure we expected: shown as message and remediation, never as a stack. */
export abstract class MonitorError extends Error {
  /** Stable, upper snake case; part of the wire form. */
  abstract readonly code: string;
  abstract readonly class: ErrorClass;
  readonly remediation: readonly string[];
  readonly details: Readonly<Record<string, string | number>>;

  constructor(message: string, options: ErrorOptionsWithHelp) {
    super(message, options);
    this.name = new.target.name;
    this.remediation = options.remediation;
    this.details = options.details ?? {};
  }

  /** The same failure, of another class: what ends a run of its own need not end one that goes on without it. */
  withClass(kind: ErrorClass): this {
    return Object.create(Object.getPrototypeOf(this) as object, {
      ...Object.getOwnPropertyDescriptors(this),
      class: { value: kind, enumerable: true },
    }) as this;
  }

  /** The same failure, with something else to do about it. */
  withRemediation(remediation: readonly string[]): this {
    return Object.create(Object.getPrototypeOf(this) as object, {
      ...Object.getOwnPropertyDescriptors(this),
      remediation: { value: remediation, enumerable: true },
    }) as this;
  }
}

export class UsageError extends MonitorError {
  readonly code = 'USAGE';
  readonly class = 'configuration';
}

export class ConfigError extends MonitorError {
  readonly code = 'CONFIG_INVALID';
  readonly class = 'configuration';
}

export class KubeconfigError extends MonitorError {
  readonly code = 'KUBECONFIG_INVALID';
  readonly class = 'configuration';
}

export class ClusterUnreachableError extends MonitorError {
  readonly code = 'CLUSTER_UNREACHABLE';
  readonly class = 'transient';
}

export class ClusterAuthError extends MonitorError {
  readonly code = 'CLUSTER_UNAUTHORIZED';
  readonly class = 'configuration';
}

export class ClusterForbiddenError extends MonitorError {
  readonly code = 'CLUSTER_FORBIDDEN';
  readonly class = 'configuration';
}

export class ClusterProtocolError extends MonitorError {
  readonly code = 'CLUSTER_PROTOCOL';
  readonly class = 'inconsistency';
}

export class TrueNasUnreachableError extends MonitorError {
  readonly code = 'TRUENAS_UNREACHABLE';
  readonly class = 'transient';
}

export class TrueNasAuthError extends MonitorError {
  readonly code = 'TRUENAS_UNAUTHORIZED';
  readonly class = 'configuration';
}

export class TrueNasForbiddenError extends MonitorError {
  readonly code = 'TRUENAS_FORBIDDEN';
  readonly class = 'configuration';
}

export class TrueNasProtocolError extends MonitorError {
  readonly code = 'TRUENAS_PROTOCOL';
  readonly class = 'inconsistency';
}

/** The certificate is not trusted, expired, for another host, or not the pinned one. */
export class TlsError extends MonitorError {
  readonly code = 'TLS_UNTRUSTED';
  readonly class = 'configuration';
}

/** A secret would have left this machine in the clear. */
export class InsecureTransportError extends MonitorError {
  readonly code = 'INSECURE_TRANSPORT';
  readonly class = 'configuration';
}

/** The store of past scans cannot do what a command is there for. */
export class HistoryError extends MonitorError {
  readonly code = 'HISTORY_UNUSABLE';
  readonly class = 'configuration';
}

/** A plan is expired, edited, of another world, not approved, or over its limits: nothing was changed. */
export class CleanupRefusedError extends MonitorError {
  readonly code = 'CLEANUP_REFUSED';
  readonly class = 'configuration';
}

/** Somebody else is cleaning up, or has taken the lock over: nothing more is changed. */
export class CleanupLockedError extends MonitorError {
  readonly code = 'CLEANUP_LOCKED';
  readonly class = 'transient';
}

/** A journal cannot be read, believed or written: nothing more is changed. */
export class CleanupStoreError extends MonitorError {
  readonly code = 'CLEANUP_STORE';
  readonly class = 'critical';
}

/** Somebody else has the port, it may not be used, or there is no such address here. */
export class ListenError extends MonitorError {
  readonly code = 'LISTEN_FAILED';
  readonly class = 'configuration';
}

/** Another process serves with this state directory. */
export class AlreadyServingError extends MonitorError {
  readonly code = 'ALREADY_SERVING';
  readonly class = 'configuration';
}

/** Neither side can be had: whoever mends one of them should not have to come back for the other. */
export class BothSidesError extends MonitorError {
  readonly code = 'NOTHING_REACHABLE';
  readonly class: ErrorClass;

  constructor(failures: readonly MonitorError[]) {
    super(`neither side can be read: ${failures.map(inOneLine).join('; ')}`, {
      remediation: [...new Set(failures.flatMap(({ remediation }) => remediation))],
      details: Object.fromEntries(failures.flatMap(({ details }) => Object.entries(details))),
    });
    this.class = failures.some((failure) => failure.class === 'configuration')
      ? 'configuration'
      : 'transient';
  }
}

/** It failed so often that it is left alone for a while. */
export class CircuitOpenError extends MonitorError {
  readonly code = 'CIRCUIT_OPEN';
  readonly class = 'transient';
}

export class InterruptedError extends MonitorError {
  readonly code = 'INTERRUPTED';
  readonly class = 'transient';
}
