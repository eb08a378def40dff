import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../../core/model/errors.ts';

export const LOCAL_FILE = 'truenas-monitor.yaml';

/** A configuration file that was found and read. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** The file `config init` writes and the last place that is looked at. */
export function defaultConfigPath(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CONFIG_HOME'];
  const root = base !== undefined && isAbsolute(base) ? base : join(homedir(), '.config');
  return join(root, 'truenas-monitor', 'config.yaml');
}

interface Candidate {
  readonly path: string;
  /** Named by the user, so it has to exist. */
  readonly namedBy: string | null;
  /** Found in the working directory, which may be anybody's. */
  readonly local: boolean;
}

/** The places in order: the flag, the variable, the working directory, the XDG configuration directory. */
function candidates(flag: string | null, environment: NodeJS.ProcessEnv): Candidate[] {
  if (flag !== null) return [{ path: resolve(flag), namedBy: '--config', local: false }];
  const variable = environment['TRUENAS_MONITOR_CONFIG'];
  if (variable !== undefined && variable !== '') {
    return [{ path: resolve(variable), namedBy: '$TRUENAS_MONITOR_CONFIG', local: false }];
  }
  return [
    { path: resolve(LOCAL_FILE), namedBy: null, local: true },
    { path: defaultConfigPath(environment), namedBy: null, local: false },
  ];
}

/** Finds the configuration file; null where there is none and none was asked for. */
export async function findConfigFile(
  flag: string | null,
  environment: NodeJS.ProcessEnv,
): Promise<ConfigFile | null> {
  for (const candidate of candidates(flag, environment)) {
    const file = await readCandidate(candidate);
    if (file !== null) return file;
  }
  return null;
}

async function readCandidate({ path, namedBy, local }: Candidate): Promise<ConfigFile | null> {
  try {
    const { mode, uid } = await stat(path);
    if (local) refuseForeign(path, uid);
    const text = await readFile(path, 'utf8');
    return { path, text, mode };
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const code = codeOf(cause);
    if (namedBy === null && (code === 'ENOENT' || code === 'ENOTDIR')) return null;
    throw unreadable(path, namedBy, code, cause);
  }
}

/** A file that somebody else left in a shared directory could send our API key to their server. */
function refuseForeign(path: string, owner: number): void {
  const own = process.getuid?.();
  if (own === undefined || owner === own || owner === 0) return;
  if (own === 0 && String(owner) === process.env['SUDO_UID']) return;
  throw new ConfigError(`${path} belongs to another user`, {
    remediation: [`Name it if you trust it: --config ${path}.`],
    details: { file: path, owner },
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
};

function unreadable(
  path: string,
  namedBy: string | null,
  code: string,
  cause: unknown,
): ConfigError {
  const named = namedBy === null ? '' : `, named by ${namedBy},`;
  const missing = code === 'ENOENT' || code === 'ENOTDIR';
  return new ConfigError(
    `configuration file ${path}${named} ${REASONS[code] ?? 'cannot be read'}`,
    {
      cause,
      remediation: missing
        ? ['Check the path.', `Write a new one: truenas-monitor config init --output-file ${path}.`]
        : ['Name a file this user can read.'],
      details: { file: path },
    },
  );
}

/** Code of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

export function fileReason(error: unknown): string {
  return REASONS[codeOf(error)] ?? 'cannot be read';
}
