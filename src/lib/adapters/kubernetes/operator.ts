import { type Actor } from '../../core/cleanup/journal-schema.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type Operator } from '../../ports/cleanup-store.ts';
import { type Connection } from './connection.ts';
import { listAt, recordAt, textAt, type JsonRecord } from './json.ts';

/** A cluster that can be asked who asks. */
export interface AskedCluster {
  /** Null where it does not tell. Throws a `MonitorError` where it cannot be asked. */
  whoAmI(signal: AbortSignal): Promise<Actor | null>;
}

/** Newest first: 1.28, 1.27 and 1.26 brought one each. */
const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'];

/** Whom a cluster takes us for. Null too where it does not say which cluster it is: a name alone is anybody's. */
export async function whoAmI(connection: Connection, signal: AbortSignal): Promise<Actor | null> {
  const user = await ownUser(connection, signal);
  const name = user && textAt(user, 'username');
  if (user === null || name === null) return null;
  const groups = listAt(user, 'groups').filter((group) => typeof group === 'string');
  if (groups.includes('system:unauthenticated')) return null;
  const namespace = await connection.get('/api/v1/namespaces/kube-system', signal);
  const uid = textAt(recordAt(namespace.body ?? {}, 'metadata'), 'uid');
  if (namespace.status !== 200 || uid === null) return null;
  return {
    kind: 'kubernetes',
    name,
    uid: textAt(user, 'uid'),
    groups,
    cluster: connection.cluster.name,
    cluster_uid: uid,
  };
}

async function ownUser(connection: Connection, signal: AbortSignal): Promise<JsonRecord | null> {
  for (const version of VERSIONS) {
    const { status, body } = await connection.whoAmI(version, signal);
    if (body !== null && (status === 200 || status === 201)) {
      return recordAt(recordAt(body, 'status'), 'userInfo');
    }
  }
  return null;
}

/** As the first of the clusters knows whoever works here, else as `fallback` does. */
export function operatorOf(clusters: readonly AskedCluster[], fallback: Operator): Operator {
  return {
    identify: async (signal) => {
      for (const cluster of clusters) {
        const actor = await askedOf(cluster, signal);
        if (actor !== null) return actor;
      }
      return await fallback.identify(signal);
    },
  };
}

async function askedOf(cluster: AskedCluster, signal: AbortSignal): Promise<Actor | null> {
  try {
    return await cluster.whoAmI(signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MonitorError) return null;
    throw error;
  }
}
