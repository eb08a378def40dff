import { type ConfigPath, formatPath, type Origin } from './config.ts';
import { type Problem } from './problem.ts';
import { isRecord, type YamlSource } from './yaml-source.ts';

/** What the command line says about where to connect; it wins over everything else. */
export interface ConnectionOverrides {
  readonly kubeconfig: string | null;
  /** Contexts to read, and no other cluster; empty for what the configuration says. */
  readonly contexts: readonly string[];
  readonly url: string | null;
}

export const NO_OVERRIDES: ConnectionOverrides = { kubeconfig: null, contexts: [], url: null };

/** Environment variables of the TrueNAS system, by the key they set. */
export const ENVIRONMENT_KEYS: readonly (readonly [name: string, key: string])[] = [
  ['TRUENAS_URL', 'url'],
  ['TRUENAS_USERNAME', 'username'],
  ['TRUENAS_API_KEY', 'api_key'],
  ['TRUENAS_API_KEY_FILE', 'api_key_file'],
  ['TRUENAS_PASSWORD', 'password'],
  ['TRUENAS_PASSWORD_FILE', 'password_file'],
  ['TRUENAS_CA_FILE', 'ca_file'],
];

export const CREDENTIAL_KEYS: readonly string[] = [
  'api_key',
  'api_key_file',
  'password',
  'password_file',
];

/** File, environment and flags laid over each other, and which of them each value came from. */
export interface Layered {
  readonly values: Record<string, unknown>;
  readonly problems: readonly Problem[];
  readonly originOf: (path: ConfigPath) => Origin;
  /** Where to look for what is wrong with a value: its own place, or that of what it is missing from. */
  readonly placeOf: (path: ConfigPath) => Origin;
}

export function layer(
  source: YamlSource,
  environment: NodeJS.ProcessEnv,
  overrides: ConnectionOverrides,
): Layered {
  const values = withoutEmptySections(source.values);
  const origins = new Map<string, Origin>();
  const put = (section: string, key: string, value: string, origin: Origin): void => {
    const current = (values[section] ??= {});
    // What is no section is reported as that; nothing can be put into it.
    if (!isRecord(current)) return;
    values[section] = { ...current, [key]: value };
    origins.set(`${section}.${key}`, origin);
  };

  const fromEnvironment = ENVIRONMENT_KEYS.filter(([name]) => isSet(environment[name]));
  if (fromEnvironment.some(([, key]) => CREDENTIAL_KEYS.includes(key))) dropCredentials(values);
  for (const [name, key] of fromEnvironment) {
    put('truenas', key, environment[name] ?? '', { kind: 'environment', name });
  }
  if (overrides.url !== null) put('truenas', 'url', overrides.url, { kind: 'flag', name: 'url' });
  if (overrides.kubeconfig !== null) {
    put('kubernetes', 'kubeconfig', overrides.kubeconfig, { kind: 'flag', name: 'kubeconfig' });
  }

  const originOf = (path: ConfigPath): Origin =>
    origins.get(formatPath(path)) ??
    (valueAt(source.values, path) === undefined
      ? { kind: 'default' }
      : { kind: 'file', line: source.lineOf(path) });
  // What a stronger layer replaced need not be expanded.
  const problems = source.unexpanded.filter(
    ({ path }) => valueAt(values, path) === valueAt(source.values, path),
  );
  return {
    values,
    problems,
    originOf,
    placeOf: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const origin = originOf(path.slice(0, length));
        if (origin.kind !== 'default') return origin;
      }
      return { kind: 'default' };
    },
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** `drivers:` with nothing behind it says nothing, as an absent key does. */
function withoutEmptySections(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** A credential from a stronger layer replaces whatever a weaker one had, of any kind. */
function dropCredentials(values: Record<string, unknown>): void {
  const section = values['truenas'];
  if (!isRecord(section)) return;
  values['truenas'] = Object.fromEntries(
    Object.entries(section).filter(([key]) => !CREDENTIAL_KEYS.includes(key)),
  );
}

export function valueAt(values: unknown, path: ConfigPath): unknown {
  let current = values;
  for (const part of path) {
    if (Array.isArray(current)) current = (current as readonly unknown[])[Number(part)];
    else if (isRecord(current) && Object.hasOwn(current, part)) current = current[part];
    else return undefined;
  }
  return current;
}
