import { type Millis } from '../../core/model/units.ts';
import { SYSTEM_TIMING } from '../http/retry.ts';
import { type ClusterSurroundings } from './cluster-reader.ts';
import { Connection } from './connection.ts';
import { Credentials } from './credentials.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { Reviews } from './reviews.ts';

/** Which cluster says who callers are. */
export interface ReviewsOptions {
  /** Name in our configuration. */
  readonly name: string;
  /** Path of a kubeconfig; null for $KUBECONFIG or the default one. */
  readonly kubeconfig: string | null;
  /** A kubeconfig that is in no file. */
  readonly kubeconfigText?: string;
  readonly context: string | null;
  readonly inCluster: boolean;
  readonly audience: string | null;
  /** For one request. */
  readonly timeout: Millis;
}

/**
 * Opens a cluster to ask it who callers are, and connects only when somebody calls. It is a connection of its own: whoever answers
 * must not wait for a scan. Throws a `KubeconfigError` where there is nothing usable to connect with.
 */
export async function openReviews(
  options: ReviewsOptions,
  surroundings: ClusterSurroundings = { timing: SYSTEM_TIMING, rootDirectory: '' },
): Promise<Reviews> {
  const { name, kubeconfig, kubeconfigText, context, inCluster, audience, timeout } = options;
  const { timing, rootDirectory } = surroundings;
  const origin = { cluster: name, kubeconfig, kubeconfigText, context, inCluster, rootDirectory };
  const loaded = await loadKubeconfig(origin);
  const { server } = loaded;
  const connection = new Connection({
    cluster: { name, host: server.host },
    server,
    credentials: new Credentials(origin, loaded),
    timeout,
    timing,
  });
  return new Reviews(connection, audience);
}
