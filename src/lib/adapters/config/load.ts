import { crossChecks } from './checks.ts';
import {
  type ClusterConfig,
  type Config,
  type ConfigPath,
  formatPath,
  type Origin,
} from './config.ts';
import { readCredentials } from './credentials.ts';
import { configuredClusters, decode, type DecodeContext, systemForms } from './decode.ts';
import { type ConfigFile, findConfigFile } from './find.ts';
import { type ConnectionOverrides, layer, type Layered, NO_OVERRIDES } from './layers.ts';
import { configError, type Problem } from './problem.ts';
import { type FileForm, SECRET_KEYS } from './schema.ts';
import { validate } from './validate.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

export interface LoadOptions {
  /** Value of `--config`; null to look in the usual places. */
  readonly file: string | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly overrides?: ConnectionOverrides;
}

export interface LoadedConfig {
  /** The file it came from; null where there is none. */
  readonly file: string | null;
  readonly config: Config;
  /** What is allowed but unwise, one line each. */
  readonly warnings: readonly string[];
  /** The form of the file with defaults filled in, for showing. */
  readonly effective: FileForm;
  readonly originOf: (path: ConfigPath) => Origin;
}

/**
 * Finds, reads and checks the configuration. Throws a `ConfigError` that names everything
 * that is wrong with it at once.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const file = await findConfigFile(options.file, options.environment);
  const path = file?.path ?? null;
  const source = parseYaml(file?.text ?? '', options.environment);
  if (source.broken !== null) throw configError(path, [source.broken]);

  const overrides = options.overrides ?? NO_OVERRIDES;
  const layered = layer(source, options.environment, overrides);
  const { originOf, placeOf } = layered;
  const validation = validate(layered.values, placeOf);
  if (!validation.ok) {
    throw configError(path, firstPerPath([...layered.problems, ...validation.problems]));
  }

  const { form } = validation;
  const hasKubernetes = Object.hasOwn(source.values, 'kubernetes');
  const context: DecodeContext = { file: path, originOf, overrides, hasKubernetes };
  const { credentials, problems: unreadable } = await readCredentials(form, context, placeOf);
  const problems: Problem[] = [
    ...layered.problems,
    ...crossChecks(form, context, placeOf),
    ...unreadable,
  ];
  if (problems.length > 0) throw configError(path, firstPerPath(problems));

  const decoded = decode(form, credentials, context);
  const stray = outsideTheConfiguration(form, decoded, context, layered);
  const config = stray.length === 0 ? decoded : withoutProof(decoded);
  const warnings = [...unwise(form, file, source), ...stray];
  return { file: path, config, warnings, effective: form, originOf };
}

/** What a variable could not give is no good value either; once is enough. */
function firstPerPath(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => {
    const key = formatPath(path);
    if (key === '' || !seen.has(key)) return Boolean(seen.add(key));
    return false;
  });
}

/**
 * What `drivers:` declares holds for the clusters and the system of the configuration. Where the command
 * line reads others, a volume of a cluster that is not looked at would pass for forgotten.
 */
function outsideTheConfiguration(
  form: FileForm,
  config: Config,
  context: DecodeContext,
  layered: Layered,
): string[] {
  if (config.drivers.length === 0) return [];
  const consequence = 'so what "drivers:" declares is not relied on and no orphan is certain';
  const unread = configuredClusters(form, context)
    .map(({ cluster }) => cluster)
    .filter((cluster) => !config.clusters.some((each) => isSameCluster(each, cluster)));
  const warnings = unread.map((cluster) => `${nameOf(cluster)} is not read, ${consequence}`);
  if (layered.clusterReplaced) {
    warnings.push(`the kubeconfig is not the one of the configuration, ${consequence}`);
  }
  if (layered.systemReplaced) {
    warnings.push(`the TrueNAS system is not the one of the configuration, ${consequence}`);
  }
  return warnings;
}

/** By where they lead: the name of a cluster on the command line may be that of another in the file. */
function isSameCluster(one: ClusterConfig, other: ClusterConfig): boolean {
  return (
    one.kubeconfig === other.kubeconfig &&
    one.context === other.context &&
    one.inCluster === other.inCluster
  );
}

/** A cluster without a context is whichever is current, so a context of the command line is another one. */
function nameOf({ name, context, inCluster }: ClusterConfig): string {
  return context === null && !inCluster
    ? 'the current context of the kubeconfig'
    : `cluster ${name} of the configuration`;
}

function withoutProof(config: Config): Config {
  const clusters = new Set(config.clusters.map(({ name }) => name));
  return {
    ...config,
    drivers: config.drivers
      .filter(({ cluster }) => cluster === null || clusters.has(cluster))
      .map((driver) => ({ ...driver, exclusive: false, instanceId: null })),
  };
}

function unwise(form: FileForm, file: ConfigFile | null, source: YamlSource): string[] {
  if (file?.readableByOthers !== true) return [];
  return systemForms(form)
    .flatMap(({ path }) => [...SECRET_KEYS].map((key) => [...path, key]))
    .filter((path) => source.isLiteral(path))
    .map(
      (path) =>
        `${file.path} line ${source.lineOf(path)}: other users can read ${formatPath(path)}; run: chmod 600 ${file.path}`,
    );
}
