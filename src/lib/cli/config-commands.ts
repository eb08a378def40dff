import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { adviceOn } from '../adapters/config/advice.ts';
import {
  isLeftToDrivers,
  type ReachableSystem,
  requireConnection,
} from '../adapters/config/connection.ts';
import { addressFault, REMEDIES } from '../adapters/config/fields.ts';
import { defaultConfigPath } from '../adapters/config/find.ts';
import { type LoadedConfig, type LoadOptions } from '../adapters/config/load.ts';
import { configTemplate, type TemplateValues } from '../adapters/config/template.ts';
import { viewConfig } from '../adapters/config/view.ts';
import { UsageError } from '../core/model/errors.ts';
import { escapeInJson } from '../core/render/text/safe.ts';
import { type Console } from './base-command.ts';
import { loadUserConfig } from './load-config.ts';
import { readDemo } from './scan-flags.ts';

/** The commented configuration that `config init` offers. */
export function newConfig(values: TemplateValues): string {
  const fault = values.url === null ? undefined : addressFault(values.url);
  if (fault !== undefined) {
    const remedy = REMEDIES[fault] ?? '';
    throw new UsageError(`--url ${fault}`, {
      remediation: [`${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`],
    });
  }
  return configTemplate(values);
}

/** Where `config init` writes unless told otherwise; with the demo, beside the demo's world. */
export async function newConfigPath(
  file: string | null,
  flags: Parameters<typeof readDemo>[0],
): Promise<string> {
  const demo = readDemo(flags);
  if (file !== null) return resolve(file);
  if (demo === null) return defaultConfigPath(process.env);
  const { demoDirectory } = await import('./demo-world.ts');
  return join(demoDirectory(demo), 'new-config.yaml');
}

/** How a file is checked: by name, unless it is the one that is found. */
export function checkCommand(path: string): string {
  const named = process.env['TRUENAS_MONITOR_CONFIG'] ?? '';
  const found = named === '' && path === defaultConfigPath(process.env);
  return `truenas-monitor config check${found ? '' : ` --config ${path}`}`;
}

/** Writes a configuration for this user alone; an existing one is only replaced by `force`. */
export async function writeConfig(path: string, text: string, force: boolean): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    // Unlike a rename, a link never replaces what appeared there in the meantime.
    await (force ? rename(temporary, path) : link(temporary, path));
  } catch (cause) {
    throw cannotWrite(path, cause);
  } finally {
    // Whether or not there is anything to remove, the first error is the one to report.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function cannotWrite(path: string, cause: unknown): UsageError {
  // A directory that is a file "exists" as well; only the link says it of our own file.
  const exists = cause instanceof Error && 'syscall' in cause && cause.syscall === 'link';
  return exists
    ? new UsageError(`${path} exists already`, {
        remediation: ['Add --force to replace it, or name another file with --output-file.'],
        details: { file: path },
      })
    : new UsageError(`${path} cannot be written`, {
        cause,
        remediation: ['Name another file with --output-file, or "-" for stdout.'],
        details: { file: path },
      });
}

/** The file to read: the one named, the one of the demo world, or null for the one that is found. */
export async function configFile(flags: Parameters<typeof readDemo>[0]): Promise<string | null> {
  const demo = readDemo(flags);
  if (demo === null) return flags.config ?? null;
  const { demoConfigFile } = await import('./demo-config.ts');
  return await demoConfigFile(demo);
}

async function load(
  file: string | null,
  console: Console,
  options: Pick<LoadOptions, 'refuseInsecure'> = {},
): Promise<LoadedConfig> {
  const loaded = await loadUserConfig({ file, ...options });
  for (const warning of loaded.warnings) console.logger.log('warn', warning);
  return loaded;
}

/** The effective configuration as YAML, secrets masked. */
export async function effectiveConfig(file: string | null, console: Console): Promise<string> {
  return escapeInJson(viewConfig(await load(file, console), process.env));
}

/** Throws for everything that is wrong; otherwise says in a few lines what the configuration comes to. */
export async function checkConfig(file: string | null, console: Console): Promise<string> {
  const loaded = await load(file, console, { refuseInsecure: true });
  const systems = isLeftToDrivers(loaded) ? null : requireConnection(loaded);
  for (const advice of adviceOn(loaded, systemClock.now())) console.logger.log('warn', advice);
  const { clusters, drivers, ignore } = loaded.config;
  const lines = [
    `ok: ${loaded.file ?? (systems === null ? NOTHING_SAID : ONLY_ENVIRONMENT)}`,
    ...clusters.map(({ name, context, inCluster }) => {
      const place = inCluster ? 'in this pod' : `context ${context ?? '(current)'}`;
      return `  cluster ${name}: ${place}`;
    }),
    ...(systems === null ? [LEFT_TO_DRIVERS] : systems.map(systemLine)),
    `  ${count(drivers.length, 'driver')}, ${count(ignore.length, 'ignore entry', 'ignore entries')}`,
    'Nothing was connected to.',
  ];
  return `${lines.join('\n')}\n`;
}

const ONLY_ENVIRONMENT = 'no configuration file; the environment says everything';
const NOTHING_SAID = 'no configuration file, and nothing in the environment';
const LEFT_TO_DRIVERS =
  '  no system is named: a scan asks the Secret of the CSI driver where TrueNAS is and for its key';

function systemLine({ name, url, apiKey, username }: ReachableSystem): string {
  const login = `${apiKey === null ? 'password' : 'API key'} of ${username ?? 'its owner'}`;
  return `  system ${name}: ${url}, ${login}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
