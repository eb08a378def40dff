import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Directory of this tool under an XDG base directory; a relative value of the variable counts as unset. */
function directory(variable: string, fallback: string, environment: NodeJS.ProcessEnv): string {
  const base = environment[variable];
  const root = base !== undefined && isAbsolute(base) ? base : join(homedir(), fallback);
  return join(root, 'truenas-monitor');
}

export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  return directory('XDG_CACHE_HOME', '.cache', environment);
}

export function dataDirectory(environment: NodeJS.ProcessEnv): string {
  return directory('XDG_DATA_HOME', join('.local', 'share'), environment);
}

export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  return directory('XDG_STATE_HOME', join('.local', 'state'), environment);
}
