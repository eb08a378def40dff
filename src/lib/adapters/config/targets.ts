import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type ClusterConfig, type Config } from './config.ts';
import { configuredClusters, type DecodeContext, type PlacingContext } from './decode.ts';
import { type ConnectionOverrides, type Layered, valueAt } from './layers.ts';
import { resolvePath } from './resolve-path.ts';
import { type FileForm } from './schema.ts';
import { type YamlSource } from './yaml-source.ts';

/*
 * What `drivers:` declares holds for the clusters and the system of the configuration. Where the command
 * line reads others, a volume of a cluster that is not looked at would pass for forgotten.
 */

/** Everything that says where this run goes, and where the file alone would have gone. */
export interface Route {
  readonly source: YamlSource;
  readonly layered: Layered;
  readonly form: FileForm;
  readonly context: DecodeContext;
  readonly environment: NodeJS.ProcessEnv;
}

/** What of the configuration is not read, one line each; none where only the spelling differs. */
export function straysFrom(route: Route, config: Config): string[] {
  if (config.drivers.length === 0) return [];
  const { form, context } = route;
  const consequence = 'so what "drivers:" declares is not relied on and no orphan is certain';
  const unread = configuredClusters(form, context)
    .map(({ cluster }) => cluster)
    .filter((cluster) => !config.clusters.some((each) => isSameCluster(each, cluster, context)));
  const strays = unread.map((cluster) => `${nameOf(cluster)} is not read, ${consequence}`);
  if (isOtherKubeconfig(route)) {
    strays.push(`the kubeconfig is not the one of the configuration, ${consequence}`);
  }
  if (isOtherSystem(route)) {
    strays.push(`the TrueNAS system is not the one of the configuration, ${consequence}`);
  }
  return strays;
}

export function withoutProof(config: Config): Config {
  const clusters = new Set(config.clusters.map(({ name }) => name));
  return {
    ...config,
    drivers: config.drivers
      .filter(({ cluster }) => cluster === null || clusters.has(cluster))
      .map((driver) => ({ ...driver, exclusive: false, instanceId: null })),
  };
}

/** By where they lead: the name of a cluster on the command line may be that of another in the file. */
function isSameCluster(one: ClusterConfig, other: ClusterConfig, context: DecodeContext): boolean {
  return (
    one.kubeconfig === other.kubeconfig &&
    context.contextOf(one) === context.contextOf(other) &&
    one.inCluster === other.inCluster
  );
}

/** A cluster without a context is whichever is current. */
function nameOf({ name, context, inCluster }: ClusterConfig): string {
  return context === null && !inCluster
    ? 'the current context of the kubeconfig'
    : `cluster ${name} of the configuration`;
}

const KUBECONFIG = ['kubernetes', 'kubeconfig'];

/** $KUBECONFIG replaces nothing: it only says where the file's own words, or its silence, lead on this machine. */
function isOtherKubeconfig({ source, context, environment }: Route): boolean {
  const { kubeconfig } = context.overrides;
  if (kubeconfig === null) return false;
  const value = valueAt(source.values, KUBECONFIG);
  const written = typeof value === 'string' ? value : null;
  const inFile: Pick<PlacingContext, 'file' | 'originOf'> = {
    file: context.file,
    originOf: () => ({ kind: 'file', line: 1 }),
  };
  const configured = resolvePath(written, KUBECONFIG, inFile) ?? usualKubeconfig(environment);
  return resolvePath(kubeconfig, KUBECONFIG, context) !== configured;
}

/** Where a cluster leads that names no kubeconfig. Several files in $KUBECONFIG are no path, so that no flag ever names them. */
export function usualKubeconfig(environment: NodeJS.ProcessEnv): string {
  const listed = environment['KUBECONFIG'] ?? '';
  if (listed === '') return join(homedir(), '.kube', 'config');
  return listed.includes(delimiter) ? listed : resolve(listed);
}

function isOtherSystem({ source, layered }: Route): boolean {
  const written = valueAt(source.values, ['truenas', 'url']);
  const used = valueAt(layered.values, ['truenas', 'url']);
  return typeof written === 'string' && originOf(written) !== originOf(used);
}

function originOf(url: unknown): unknown {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : url;
}

/**
 * Finds out which context each cluster leads to, so that the command line may name what the file leaves to the
 * kubeconfig. Nothing is read where no context is named.
 */
export async function currentContexts(
  contexts: ConnectionOverrides['contexts'],
  clusters: readonly ClusterConfig[],
  currentContext: (kubeconfig: string | null) => Promise<string | null>,
): Promise<(cluster: ClusterConfig) => string | null> {
  const current = new Map<string | null, string | null>();
  if (contexts.length > 0) {
    for (const { kubeconfig, context, inCluster } of clusters) {
      if (context !== null || inCluster || current.has(kubeconfig)) continue;
      current.set(kubeconfig, await currentContext(kubeconfig));
    }
  }
  return ({ kubeconfig, context, inCluster }) =>
    context ?? (inCluster ? null : (current.get(kubeconfig) ?? null));
}
