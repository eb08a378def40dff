import { type DriverConfig } from '../../core/model/driver-config.ts';
import { type IgnoreEntry } from '../../core/model/filter.ts';
import { parseInstant } from '../../core/model/instant.ts';
import { DEFAULT_POLICY } from '../../core/model/policy.ts';
import { parseSelector } from '../../core/model/selector.ts';
import { type Thresholds } from '../../core/model/settings.ts';
import { type ClusterConfig, type Config, type ConfigPath, type SystemConfig } from './config.ts';
import { decodeCleanup } from './decode-cleanup.ts';
import { decodeServe } from './decode-serve.ts';
import { isTrue, parseSecretName } from './fields.ts';
import { span } from './decode-values.ts';
import { type ConnectionOverrides } from './layers.ts';
import { type PathContext, resolvePath } from './resolve-path.ts';
import {
  type ClusterForm,
  type DriverForm,
  type FileForm,
  type IgnoreForm,
  type SystemForm,
} from './schema.ts';
import { type Secret } from './secret.ts';

/** What says where the paths and clusters of a file lead. */
export interface PlacingContext extends PathContext {
  readonly overrides: ConnectionOverrides;
  /** The file has a `kubernetes:` section, if an empty one. */
  readonly hasKubernetes: boolean;
}

export interface DecodeContext extends PlacingContext {
  /** The context that is used for a cluster, named or current; null where it is not known. */
  readonly contextOf: (cluster: ClusterConfig) => string | null;
}

/** Credentials of one system, read from wherever they are kept. */
export interface Credentials {
  readonly apiKey: Secret | null;
  readonly password: Secret | null;
}

/** The form of the file in the words of core; credentials are by system, in the order of `systemForms`. */
export function decode(
  form: FileForm,
  credentials: readonly Credentials[],
  context: DecodeContext,
): Config {
  return {
    clusters: clustersInUse(form, context),
    systems: systemForms(form).map(({ form: system, path }, index) =>
      decodeSystem(system, path, credentials[index], context),
    ),
    drivers: form.drivers.map(decodeDriver),
    policy: {
      ...DEFAULT_POLICY,
      orphanThreshold: span(form.monitor.orphan_threshold),
      quarantineFor: span(form.cleanup.quarantine_for),
      thresholds: decodeThresholds(form),
    },
    ignore: form.ignore.map(decodeIgnore),
    cleanup: decodeCleanup(form.cleanup),
    history: {
      path: resolvePath(form.history.path, ['history', 'path'], context),
      retention: span(form.history.retention),
    },
    cache: {
      path: resolvePath(form.cache.path, ['cache', 'path'], context),
      ttl: span(form.cache.disk_ttl),
    },
    serve: decodeServe(form, context),
  };
}

/** Every system of a configuration; `truenas` counts unless it says nothing and `systems` does. */
export function systemForms(form: FileForm): { form: SystemForm; path: ConfigPath }[] {
  const further = form.systems.map((system, index) => ({
    form: system,
    path: ['systems', index],
  }));
  return isSilent(form.truenas) && further.length > 0
    ? further
    : [{ form: form.truenas, path: ['truenas'] }, ...further];
}

/** How to connect may be said, but not where to, nor as whom. */
function isSilent(form: SystemForm): boolean {
  const { url, username, api_key, api_key_file, password, password_file } = form;
  return [url, username, api_key, api_key_file, password, password_file].every(
    (value) => value === null,
  );
}

/** Whether file, environment and flags leave it to the Secrets of the drivers which systems there are. */
export function namesNoSystem({ truenas, systems }: FileForm): boolean {
  return systems.length === 0 && isSilent(truenas);
}

/** A cluster of the configuration, and where it stands there. */
export interface ConfiguredCluster {
  readonly cluster: ClusterConfig;
  readonly path: ConfigPath;
}

/**
 * Every cluster of a configuration. An empty `kubernetes:` stands for the current context, which then is read beside
 * `clusters:`; only without that section are those all there is.
 */
export function configuredClusters(form: FileForm, context: PlacingContext): ConfiguredCluster[] {
  const at = (cluster: ClusterForm, path: ConfigPath): ConfiguredCluster => ({
    cluster: decodeCluster(cluster, path, context),
    path,
  });
  const { name, kubeconfig, context: current, in_cluster: inCluster } = form.kubernetes;
  const silent = name === null && kubeconfig === null && current === null && !isTrue(inCluster);
  const further = form.clusters.map((cluster, index) => at(cluster, ['clusters', index]));
  const unnamed = silent && !context.hasKubernetes;
  return unnamed && further.length > 0
    ? further
    : [at(form.kubernetes, ['kubernetes']), ...further];
}

/** Contexts on the command line take the place of the clusters of the configuration, which lend them their names. */
function clustersInUse(form: FileForm, context: DecodeContext): ClusterConfig[] {
  const configured = configuredClusters(form, context).map(({ cluster }) => cluster);
  const [first] = configured;
  const { contexts } = context.overrides;
  if (contexts.length === 0 || first === undefined) return configured;
  return [...new Set(contexts)].map(
    (name) =>
      configured.find((cluster) => cluster.context === name) ??
      leftOpen(name, configured, context) ??
      configured.find((cluster) => cluster.name === name && cluster.context !== null) ?? {
        name,
        kubeconfig: first.kubeconfig,
        context: name,
        inCluster: false,
        namespaces: first.namespaces,
      },
  );
}

/** The cluster whose context is left to its kubeconfig, which names this one. */
function leftOpen(
  name: string,
  configured: readonly ClusterConfig[],
  { contextOf }: DecodeContext,
): ClusterConfig | undefined {
  const found = configured.find((cluster) => contextOf(cluster) === name);
  return found === undefined ? undefined : { ...found, context: name };
}

function decodeCluster(
  form: ClusterForm,
  path: ConfigPath,
  context: PlacingContext,
): ClusterConfig {
  const inCluster = isTrue(form.in_cluster);
  return {
    name: form.name ?? form.context ?? (inCluster ? 'in-cluster' : 'kubernetes'),
    kubeconfig: resolvePath(form.kubeconfig, [...path, 'kubeconfig'], context),
    context: form.context,
    inCluster,
    namespaces: form.namespace === null ? [] : [form.namespace],
  };
}

function decodeSystem(
  form: SystemForm,
  path: ConfigPath,
  credentials: Credentials | undefined,
  context: DecodeContext,
): SystemConfig {
  const url = form.url === null ? null : new URL(form.url).origin;
  return {
    name: systemName(form),
    url,
    username: form.username,
    apiKey: credentials?.apiKey ?? null,
    password: credentials?.password ?? null,
    timeout: span(form.timeout),
    tls: {
      verify: isTrue(form.tls_verify),
      caFile: resolvePath(form.ca_file, [...path, 'ca_file'], context),
      pinnedSpkiSha256: form.pinned_spki_sha256,
      minVersion: form.tls_min_version,
    },
    transport: form.transport,
  };
}

/** What a system is called in reports. */
export function systemName(form: SystemForm): string {
  return form.name ?? (form.url === null ? 'truenas' : new URL(form.url).hostname);
}

/** Percent in the file, fractions inside. */
function decodeThresholds({ thresholds, monitor }: FileForm): Thresholds {
  const retention = monitor.snapshot_retention;
  return {
    poolWarning: Number(thresholds.pool_warning) / 100,
    poolCritical: Number(thresholds.pool_critical) / 100,
    volumeWarning: Number(thresholds.volume_warning) / 100,
    volumeCritical: Number(thresholds.volume_critical) / 100,
    maxOvercommit: Number(thresholds.max_overcommit_ratio),
    snapshotRetention: retention === null ? null : span(retention),
  };
}

export function decodeDriver(form: DriverForm): DriverConfig {
  return {
    driver: form.driver,
    cluster: form.cluster,
    system: form.system,
    secret: form.secret === null ? null : (parseSecretName(form.secret) ?? null),
    parent: form.parent,
    detachedSnapshotsParent: form.detached_snapshots_parent,
    instanceId: form.instance_id,
    exclusive: isTrue(form.exclusive),
  };
}

function decodeIgnore(form: IgnoreForm): IgnoreEntry {
  return {
    rule: form.rule,
    name: form.name,
    namespace: form.namespace,
    selector: form.selector === null ? null : (parseSelector(form.selector) ?? null),
    reason: form.reason,
    until: form.until === null ? null : (parseInstant(form.until) ?? null),
  };
}
