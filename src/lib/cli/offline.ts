import { resolve } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { checkConfigFile } from '../adapters/config/check-file.ts';
import { type DriverFile, readDriverFile } from '../adapters/kubernetes/driver-files.ts';
import { readDriverText } from '../adapters/kubernetes/driver-text.ts';
import { inspectFiles } from '../app/inspect-files.ts';
import { UsageError } from '../core/model/errors.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { type Validated } from '../core/report/build-validation.ts';
import { type Filed } from '../core/report/distinct-names.ts';
import { FILES } from '../core/report/files-inventory.ts';
import { type CheckFlags, type RawCheckFlags } from './check-flags.ts';
import { ruleNames } from './load-config.ts';

/** What is checked without connecting to anything. */
export interface OfflineRequest {
  /** Value of `--config`; null for the file that is found. */
  readonly config: string | null;
  readonly driverFiles: readonly string[];
}

/** What leads to a cluster or a TrueNAS has nothing to say where nothing is connected to. */
const CONNECTING = ['kubeconfig', 'context', 'url', 'timeout', 'max-age', 'demo'] as const;

type OfflineFlags = RawCheckFlags & {
  readonly offline: boolean;
  readonly 'driver-file': readonly string[] | undefined;
};

/** Null without `--offline`. */
export function readOffline(flags: OfflineFlags): OfflineRequest | null {
  const files = flags['driver-file'] ?? [];
  if (!flags.offline) {
    if (files.length === 0) return null;
    throw new UsageError('--driver-file is only for --offline', {
      remediation: ['Add --offline, or leave out --driver-file.'],
    });
  }
  const given = CONNECTING.find((flag) => flags[flag] !== undefined && flags[flag] !== false);
  if (given !== undefined) {
    throw new UsageError(`--offline connects to nothing, so --${given} has nothing to say`, {
      remediation: [`Leave out --${given}, or --offline.`],
    });
  }
  return { config: flags.config ?? null, driverFiles: files };
}

/** Checks the files that are named. */
export async function inspectOffline(
  { config, driverFiles }: OfflineRequest,
  { rules, minSeverity }: Pick<CheckFlags, 'rules' | 'minSeverity'>,
): Promise<Validated> {
  const checked = await checkConfigFile(config, process.env, ruleNames());
  if (checked.settings.file === null && driverFiles.length === 0) {
    throw new UsageError('there is nothing to check: name --config or --driver-file', {
      remediation: ['Name a file: --config FILE, or --driver-file FILE.'],
    });
  }
  const files = await Promise.all(
    eachOnce(driverFiles).map(async (path) => ({
      path,
      ...readDriverFile(await readDriverText(path), FILES, path),
    })),
  );
  const filed = <T>(itemsOf: (file: DriverFile) => readonly T[]): readonly Filed<T>[] =>
    files.flatMap((file) => itemsOf(file).map((item) => ({ path: file.path, item })));
  return inspectFiles(
    {
      secrets: filed(({ secrets }) => secrets),
      storageClasses: filed(({ storageClasses }) => storageClasses),
      snapshotClasses: filed(({ snapshotClasses }) => snapshotClasses),
      drivers: checked.drivers,
      settings: {
        ...checked.settings,
        driverFiles: files.map(({ path, faults }) => ({ path, faults })),
      },
    },
    systemClock,
    { rules, minSeverity, policy: DEFAULT_POLICY },
  );
}

/** However a file was spelled: it would be a rival of itself. */
function eachOnce(paths: readonly string[]): readonly string[] {
  return [...Map.groupBy(paths, (path) => resolve(path)).values()].flatMap(
    ([first]) => first ?? [],
  );
}
