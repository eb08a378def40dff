import { CleanupLockedError, ClusterUnreachableError } from '../../core/model/errors.ts';
import { type ApiAnswer } from './api-answer.ts';
import { type Connection } from './connection.ts';
import { instantAt } from './decode-meta.ts';
import { protocolFailure } from './failures.ts';
import { recordAt, textAt, type JsonRecord } from './json.ts';

/** Where the Leases of the control plane are too, so that no cluster is without it. */
export const LEASE_NAMESPACE = 'kube-system';
const GROUP = 'coordination.k8s.io';
const LEASES = `/apis/${GROUP}/v1/namespaces/${LEASE_NAMESPACE}/leases`;

/** What it takes to hold a lock. */
export const LEASE_RIGHTS = ['get', 'create', 'update'].map((verb) => {
  return { verb, group: GROUP, resource: 'leases', namespace: LEASE_NAMESPACE };
});

/** A Lease as it was read. */
export interface StoredLease {
  readonly uid: string | null;
  readonly resourceVersion: string | null;
  /** Null where nobody has it. */
  readonly holder: string | null;
  readonly acquiredAt: Date | null;
  readonly renewedAt: Date | null;
  readonly durationSeconds: number | null;
  /** Grows each time that it is taken, so that it tells one time from the next. */
  readonly transitions: number;
  readonly body: JsonRecord;
}

/** What is written into one. */
export interface LeaseSpec {
  /** Empty for nobody. */
  readonly holder: string;
  readonly acquiredAt: Date;
  readonly renewedAt: Date;
  readonly durationSeconds: number;
  readonly transitions: number;
}

/** The Leases by which those who clean up in a cluster keep out of each other's way. */
export interface LeaseClient {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Null where there is none. With the cluster's own time. */
  read(
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly lease: StoredLease | null; readonly clock: Date }>;
  /**
   * Makes one, or changes the one that was read, if nobody else has meanwhile. Undefined where somebody has, and where nobody
   * knows: who reads it again does.
   */
  write(
    name: string,
    read: StoredLease | null,
    spec: LeaseSpec,
    signal: AbortSignal,
  ): Promise<StoredLease | undefined>;
}

export function leaseClient(connection: Connection): LeaseClient {
  const { cluster } = connection;
  return {
    cluster: cluster.name,
    read: async (name, signal) => {
      const answer = await connection.get(`${LEASES}/${name}`, signal);
      if (answer.clock === null) throw protocolFailure(cluster, 'does not say what time it is');
      return { lease: readLease(connection, answer), clock: answer.clock };
    },
    write: async (name, read, spec, signal) => {
      const message =
        read === null
          ? ({ method: 'POST', path: LEASES } as const)
          : ({ method: 'PUT', path: `${LEASES}/${name}` } as const);
      const delivery = await connection.change(
        { ...message, body: bodyOf(name, read, spec) },
        signal,
      );
      if (delivery.state === 'answered') return decodeLease(delivery.answer.body ?? {});
      if (delivery.state === 'not-sent') throw unreachable(delivery.reason);
      // Unauthorized: the credentials have been renewed since. Conflict or not found: somebody was faster.
      const passes =
        delivery.state === 'no-answer' || [401, 404, 409, 429].includes(delivery.status);
      if (passes) return undefined;
      throw notGranted(cluster.name, delivery.reason);
    },
  };
}

function readLease({ cluster }: Connection, { status, body }: ApiAnswer): StoredLease | null {
  if (status === 404 && body?.['reason'] === 'NotFound') return null;
  if (status === 200 && body !== null) return decodeLease(body);
  throw notGranted(cluster.name, `Leases cannot be read (${status})`);
}

function decodeLease(body: JsonRecord): StoredLease {
  const metadata = recordAt(body, 'metadata');
  const spec = recordAt(body, 'spec');
  const numberAt = (key: string): number | null => {
    const value = spec[key];
    return typeof value === 'number' ? value : null;
  };
  return {
    uid: textAt(metadata, 'uid'),
    resourceVersion: textAt(metadata, 'resourceVersion'),
    holder: textAt(spec, 'holderIdentity'),
    acquiredAt: instantAt(spec, 'acquireTime'),
    renewedAt: instantAt(spec, 'renewTime'),
    durationSeconds: numberAt('leaseDurationSeconds'),
    transitions: numberAt('leaseTransitions') ?? 0,
    body,
  };
}

function bodyOf(name: string, read: StoredLease | null, spec: LeaseSpec): JsonRecord {
  const metadata = { name, namespace: LEASE_NAMESPACE };
  const body = read?.body ?? { apiVersion: `${GROUP}/v1`, kind: 'Lease', metadata };
  return {
    ...body,
    spec: {
      ...recordAt(body, 'spec'),
      holderIdentity: spec.holder,
      leaseDurationSeconds: spec.durationSeconds,
      acquireTime: microTime(spec.acquiredAt),
      renewTime: microTime(spec.renewedAt),
      leaseTransitions: spec.transitions,
    },
  };
}

/** Kubernetes reads these instants only with all six digits. */
function microTime(instant: Date): string {
  return instant.toISOString().replace('Z', '000Z');
}

function notGranted(cluster: string, reason: string): CleanupLockedError {
  return new CleanupLockedError(
    `cluster ${cluster}: the lock for clean-up cannot be had: ${reason}`,
    {
      remediation: [
        `Grant get, create and update on leases.${GROUP} in the namespace ${LEASE_NAMESPACE}, as docs/kubernetes-access.md shows.`,
      ],
    },
  );
}

function unreachable(reason: string): ClusterUnreachableError {
  return new ClusterUnreachableError(reason, {
    remediation: ['Check the server address in the kubeconfig, and the network to it.'],
  });
}
