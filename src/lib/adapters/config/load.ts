import { type Settings } from '../../core/model/settings.ts';
import { crossChecks, insecureAddresses } from './checks.ts';
import { type Config, type ConfigPath, formatPath, type Origin } from './config.ts';
import { readCredentials } from './credentials.ts';
import {
  configuredClusters,
  decode,
  type DecodeContext,
  type PlacingContext,
  systemForms,
} from './decode.ts';
import { type ConfigFile, findConfigFile } from './find.ts';
import { type ConnectionOverrides, layer, NO_OVERRIDES } from './layers.ts';
import { configError, type Problem } from './problem.ts';
import { type FileForm, SECRET_KEYS } from './schema.ts';
import { settingsOf } from './settings.ts';
import { currentContexts, straysFrom, withoutProof } from './targets.ts';
import { validate } from './validate.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

export interface LoadOptions {
  /** Value of `--config`; null to look in the usual places. */
  readonly file: string | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly overrides?: ConnectionOverrides;
  /** Names `ignore:` may use, former ones too; left out where nobody can say. */
  readonly ruleNames?: readonly string[];
  /** Finds fault with addresses a key must not be sent to; a connection refuses them in any case. */
  readonly refuseInsecure?: boolean;
  /** Context a kubeconfig leads to by itself, null for the usual kubeconfig; null where nothing says it. */
  readonly currentContext?: (kubeconfig: string | null) => Promise<string | null>;
}

export interface LoadedConfig {
  /** The file it came from; null where there is none. */
  readonly file: string | null;
  readonly config: Config;
  /** What is allowed but unwise, one line each. */
  readonly warnings: readonly string[];
  /** What is to be checked of it. */
  readonly settings: Settings;
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
  const { environment } = options;
  const source = parseYaml(file?.text ?? '', environment);
  if (source.broken !== null) throw configError(path, [source.broken]);

  const overrides = options.overrides ?? NO_OVERRIDES;
  const layered = layer(source, environment, overrides);
  const { originOf, placeOf } = layered;
  const validation = validate(layered.values, placeOf);
  const found = [
    ...layered.problems,
    ...insecureAddresses(layered.values, placeOf, options.refuseInsecure),
  ];
  if (!validation.ok) throw configError(path, firstPerPath([...found, ...validation.problems]));

  const { form } = validation;
  const hasKubernetes = Object.hasOwn(source.values, 'kubernetes');
  const placing = { file: path, originOf, overrides, hasKubernetes };
  const context = await withContexts(form, placing, options);
  const read = await readCredentials(form, context, environment, placeOf);
  const { credentials, exposed } = read;
  const problems: Problem[] = [
    ...found,
    ...crossChecks(form, context, options.ruleNames, placeOf),
    ...read.problems,
  ];
  if (problems.length > 0) throw configError(path, firstPerPath(problems));

  const decoded = decode(form, credentials, context);
  const stray = straysFrom({ source, layered, form, context, environment }, decoded);
  const config = stray.length === 0 ? decoded : withoutProof(decoded);
  const warnings = [...unwise(form, file, source), ...exposed, ...stray];
  const settings = settingsOf(file, source, read.files, environment);
  return { file: path, config, warnings, settings, effective: form, originOf };
}

async function withContexts(
  form: FileForm,
  placing: PlacingContext,
  { currentContext = () => Promise.resolve(null) }: LoadOptions,
): Promise<DecodeContext> {
  const clusters = configuredClusters(form, placing).map(({ cluster }) => cluster);
  const { contexts } = placing.overrides;
  return { ...placing, contextOf: await currentContexts(contexts, clusters, currentContext) };
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

function unwise(form: FileForm, file: ConfigFile | null, source: YamlSource): string[] {
  if (file === null || (file.mode & 0o044) === 0) return [];
  return systemForms(form)
    .flatMap(({ path }) => [...SECRET_KEYS].map((key) => [...path, key]))
    .filter((path) => source.isLiteral(path))
    .map(
      (path) =>
        `${file.path} line ${source.lineOf(path)}: other users can read ${formatPath(path)}; run: chmod 600 ${file.path}`,
    );
}
