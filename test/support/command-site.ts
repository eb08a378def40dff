import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubernetesLab, startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import { type Sandbox } from './run-command.ts';

const TLS = new URL('../fixtures/tls/', import.meta.url);

/** A certificate of the fixtures, by name. */
export function certificate(name: string): { cert: string; key: string } {
  return {
    cert: readFileSync(new URL(`${name}.pem`, TLS), 'utf8'),
    key: readFileSync(new URL(`${name}-key.pem`, TLS), 'utf8'),
  };
}

export interface SiteOptions {
  /** Names of certificates; plain http where there is none. */
  readonly clusterCertificate?: string;
  readonly systemCertificate?: string;
}

/** A cluster and a TrueNAS for commands, with the environment that leads to them. */
export interface CommandSite extends AsyncDisposable {
  readonly kubernetes: KubernetesLab;
  readonly truenas: TrueNasLab;
  readonly environment: Readonly<Record<string, string>>;
  /** What must never be seen. */
  readonly secrets: readonly string[];
}

export async function startSite(
  sandbox: Sandbox,
  world: World,
  { clusterCertificate, systemCertificate }: SiteOptions = {},
): Promise<CommandSite> {
  const [cluster] = world.clusters;
  const [system] = world.systems;
  const [key] = system?.apiKeys ?? [];
  if (cluster === undefined || system === undefined || key === undefined) {
    throw new Error('the world needs both sides and a key');
  }
  const now = (): Date => new Date(world.now);
  const tlsOf = (name: string | undefined): { tls?: { cert: string; key: string } } =>
    name === undefined ? {} : { tls: certificate(name) };
  const kubernetes = await startKubernetesLab(cluster, { now, ...tlsOf(clusterCertificate) });
  const truenas = await startTrueNasLab(system, { now, ...tlsOf(systemCertificate) });
  const kubeconfig = sandbox.path('kubeconfig');
  await writeFile(kubeconfig, kubernetes.kubeconfig(), { mode: 0o600 });
  return {
    kubernetes,
    truenas,
    environment: {
      KUBECONFIG: kubeconfig,
      TRUENAS_URL: truenas.url,
      TRUENAS_USERNAME: key.username,
      TRUENAS_API_KEY: `${key.id}-${key.secret}`,
    },
    secrets: [key.secret, kubernetes.token],
    [Symbol.asyncDispose]: async () => {
      await Promise.all([kubernetes.close(), truenas.close()]);
    },
  };
}

/** The text of every file below a directory, but those that are named. */
export async function textsBelow(directory: string, without: readonly string[]): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !without.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map((file) => readFile(file, 'utf8')));
}
