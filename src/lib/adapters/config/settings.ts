import { type ConfigFile, type Settings } from '../../core/model/settings.ts';
import { type ConfigPath, formatPath } from './config.ts';
import { type ConfigFile as FoundFile } from './find.ts';
import { SECRET_KEYS } from './schema.ts';
import { type YamlSource } from './yaml-source.ts';

/**
 * Where container runtimes mount secrets, readable by all in a world with one user, and where systemd does, which grants the user of
 * the service by an access list what the bits seem to grant a group.
 */
const MOUNTED = /^(?:(?:\/var)?\/run\/secrets|\/run\/credentials)\//;

/** In a pod nobody else is there, and what is mounted has the mode that Kubernetes gives it. */
export function isShared(path: string, environment: NodeJS.ProcessEnv): boolean {
  return !MOUNTED.test(path) && (environment['KUBERNETES_SERVICE_HOST'] ?? '') === '';
}

/** A file and its permission bits; null where they say nothing about who may read it. */
export function fileWithMode(
  path: string,
  mode: number,
  environment: NodeJS.ProcessEnv,
): ConfigFile {
  const isTelling = process.platform !== 'win32' && isShared(path, environment);
  return { path, mode: isTelling ? mode & 0o777 : null };
}

/** Keys whose secret stands in the file as it is, whether or not something stronger takes its place. */
function plainSecretsIn(source: YamlSource): readonly string[] {
  const systems = source.values['systems'];
  const paths: ConfigPath[] = [
    ['truenas'],
    ...(Array.isArray(systems) ? systems.map((_, index) => ['systems', index]) : []),
  ];
  return paths
    .flatMap((path) => [...SECRET_KEYS].map((key) => [...path, key]))
    .filter((path) => source.isLiteral(path))
    .map(formatPath);
}

/** What is to be checked of a configuration. */
export function settingsOf(
  file: FoundFile | null,
  source: YamlSource,
  secretFiles: readonly ConfigFile[],
  environment: NodeJS.ProcessEnv,
): Settings {
  return {
    file: file === null ? null : fileWithMode(file.path, file.mode, environment),
    plainSecrets: source.broken === null ? plainSecretsIn(source) : null,
    hasUnknown: false,
    secretFiles,
    faults: [],
    driverFiles: [],
  };
}
