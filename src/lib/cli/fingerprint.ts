import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ClusterConfig } from '../adapters/config/config.ts';
import { type ReachableSystem } from '../adapters/config/connection.ts';
import { type Secret } from '../adapters/config/secret.ts';
import { type DriverConfig, secretsDeclaredFor } from '../core/model/driver-config.ts';

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Names what is stored about these systems, however they are reached. */
export function systemsKey(systems: readonly ReachableSystem[]): string {
  return digest(systems.map(({ url }) => url).sort()).slice(0, 16);
}

/**
 * Names the scan of these clusters and systems as this user: a kept one must never be taken for that of
 * another context, nor for one that looked into other Secrets. The state of the kubeconfig files stands for the current
 * context and for credentials.
 */
export async function scanKey(
  clusters: readonly ClusterConfig[],
  systems: readonly ReachableSystem[],
  drivers: readonly DriverConfig[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const cluster = await Promise.all(
    clusters.map(async ({ name, kubeconfig, context, inCluster, namespaces }) => {
      const files = inCluster ? [] : kubeconfigFiles(kubeconfig, environment);
      const states = await Promise.all(files.map(fileState));
      const secrets = secretsDeclaredFor(name, drivers);
      return [name, context, inCluster, namespaces, states, secrets];
    }),
  );
  const system = systems.map(({ name, url, username, apiKey, transport }) => [
    name,
    url,
    username,
    apiKey === null ? null : keyId(apiKey),
    transport,
  ]);
  return digest([cluster, system]);
}

/** What stands before the secret of a key, which TrueNAS shows in its own list of keys; null for any other form. */
function keyId(apiKey: Secret): string | null {
  return /^(\d+)-/.exec(apiKey.reveal())?.[1] ?? null;
}

function kubeconfigFiles(path: string | null, environment: NodeJS.ProcessEnv): string[] {
  if (path !== null) return [path];
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}

async function fileState(path: string): Promise<readonly (string | number)[]> {
  const info = await stat(path).catch(() => undefined);
  return info === undefined ? [path] : [path, info.ino, info.size, info.mtimeMs];
}

/** Names the scan of a world of the lab. */
export function demoKey(scenario: string): string {
  return digest(['demo', scenario]);
}
