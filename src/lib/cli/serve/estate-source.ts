import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ClusterConfig } from '../../adapters/config/config.ts';
import { type LoadedConfig } from '../../adapters/config/load.ts';
import { loadKubeconfig } from '../../adapters/kubernetes/kubeconfig.ts';
import { loadUserConfig } from '../load-config.ts';
import { type ConnectionRequest } from '../scan-flags.ts';

/**
 * Names what an estate is opened from: the configuration, the secrets it leads to, kubeconfigs and certificates. Two that are
 * named alike are opened alike. Throws a `MonitorError` where the configuration cannot be used. Tokens of service accounts are
 * not among it: they change every hour, and whoever is refused with one reads it again.
 */
export async function estateSource(request: ConnectionRequest): Promise<string> {
  // The lab is opened from nothing that anybody could change.
  if (request.demo !== null) return 'demo';
  const { kubeconfig, contexts, url } = request;
  const overrides = { kubeconfig, contexts, url };
  const loaded = await loadUserConfig({ file: request.config, overrides });
  const clusters = await Promise.all(loaded.config.clusters.map(clusterSource));
  const files = await Promise.all(loaded.config.systems.map(({ tls }) => contentOf(tls.caFile)));
  // What serve itself goes by is not what is scanned by: that is the same after it was changed.
  const config = { ...loaded.config, serve: null };
  return digest([config, secretsOf(loaded), clusters, files]);
}

function secretsOf({ config }: LoadedConfig): readonly (string | null)[] {
  return config.systems.flatMap(({ apiKey, password }) => [
    apiKey?.reveal() ?? null,
    password?.reveal() ?? null,
  ]);
}

async function clusterSource({
  name,
  kubeconfig,
  context,
  inCluster,
}: ClusterConfig): Promise<unknown> {
  const { server, cluster, user } = await loadKubeconfig({
    cluster: name,
    kubeconfig,
    kubeconfigText: undefined,
    context,
    inCluster,
    rootDirectory: '',
  });
  const paths = [
    cluster['certificate-authority'],
    user['client-certificate'],
    user['client-key'],
  ].filter((path) => typeof path === 'string');
  return [server.href, cluster, user, await Promise.all(paths.map(contentOf))];
}

/** What cannot be read is for whoever opens it to complain of. */
async function contentOf(path: string | null): Promise<string> {
  if (path === null) return '';
  return await readFile(path, 'base64').catch(() => '');
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
