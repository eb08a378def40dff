import { type ClusterIdentity } from '../../core/model/inventory.ts';
import { type ApiAnswer } from './api-answer.ts';
import { type Connection } from './connection.ts';
import { instantAt } from './decode-meta.ts';
import { notKubernetes } from './failures.ts';
import { recordAt, textAt } from './json.ts';

/** Asks a cluster who it is. What may not be read is null; a server that is no cluster is an error. */
export async function identifyCluster(
  connection: Connection,
  signal: AbortSignal,
): Promise<ClusterIdentity> {
  const failed = new AbortController();
  const scoped = AbortSignal.any([signal, failed.signal]);
  try {
    const [version, namespace, openshift] = await Promise.all([
      connection.get('/version', scoped),
      connection.get('/api/v1/namespaces/kube-system', scoped),
      connection.get('/apis/config.openshift.io', scoped),
    ]);
    return {
      name: connection.cluster.name,
      ...readNamespace(namespace),
      version: readVersion(connection, version),
      platform: openshift.status === 200 ? 'openshift' : 'kubernetes',
      clock: version.clock,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    // One failure decides, so the other requests need not go on.
    failed.abort();
  }
}

function readVersion({ cluster }: Connection, { status, body }: ApiAnswer): string | null {
  if (status === 403) return null;
  const version = body === null ? null : textAt(body, 'gitVersion');
  if (status !== 200 || version === null) {
    throw notKubernetes(cluster, `does not say its version (${status})`);
  }
  return version;
}

function readNamespace({ status, body }: ApiAnswer): Pick<ClusterIdentity, 'uid' | 'createdAt'> {
  if (status !== 200 || body === null) return { uid: null, createdAt: null };
  const metadata = recordAt(body, 'metadata');
  return { uid: textAt(metadata, 'uid'), createdAt: instantAt(metadata, 'creationTimestamp') };
}
