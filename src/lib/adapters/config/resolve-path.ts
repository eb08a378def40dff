import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type ConfigPath, type Origin } from './config.ts';

/** What says where the paths of a configuration lead. */
export interface PathContext {
  /** The configuration file; relative paths in it are relative to its directory. */
  readonly file: string | null;
  readonly originOf: (path: ConfigPath) => Origin;
}

/** `~` is the home directory; a path in the file is relative to the file, any other to where we are. */
export function resolvePath(
  path: string | null,
  key: ConfigPath,
  context: PathContext,
): string | null {
  if (path === null) return null;
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  if (isAbsolute(path)) return path;
  const inFile = context.file !== null && context.originOf(key).kind === 'file';
  return inFile ? resolve(dirname(context.file), path) : resolve(path);
}
