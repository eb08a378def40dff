import { type Interfaces } from '@oclif/core';
import { type PlanScope } from '../../core/cleanup/plan-scope.ts';
import { UsageError } from '../../core/model/errors.ts';
import { CLEANUP_FORMATS, type CleanupFormat } from '../../core/render/formats.ts';
import { shellWord } from '../../core/report/cleanup-command.ts';
import { selectRules } from '../../core/rules/registry.ts';
import { readWord } from '../flag-values.ts';
import {
  type CLEANUP_FLAGS,
  type PLAN_FLAGS,
  type PLAN_OUTPUT_FLAGS,
} from '../flags-of-cleanup.ts';
import { type RepeatedFlags } from '../repeated-flags.ts';
import { type ConnectionRequest, readConnection, readFilter } from '../scan-flags.ts';

/** What clean-up connects to, and how it shows what came of it. */
export interface CleanupAsked {
  readonly connection: ConnectionRequest;
  readonly format: CleanupFormat;
  readonly outputFile: string | null;
  readonly plain: boolean;
}

export interface PlanAsked extends CleanupAsked {
  readonly request: PlanScope;
  /** Where the plan itself goes, beside what is shown. */
  readonly planFile: string | null;
  /** Nothing says where or as what it is to be shown, so that a screen may do. */
  readonly isForPeople: boolean;
}

type Raw<T extends Interfaces.FlagInput> = Interfaces.InferredFlags<T>;

export type RawCleanupFlags = Raw<typeof CLEANUP_FLAGS>;
export type RawPlanFlags = Omit<RawCleanupFlags, 'output'> &
  Raw<typeof PLAN_FLAGS> &
  Raw<typeof PLAN_OUTPUT_FLAGS>;

export function readCleanupFormat(text: string): CleanupFormat {
  return readWord(
    'output',
    text,
    CLEANUP_FORMATS.map(({ name }) => name),
  );
}

/** Reads every flag, and so refuses a wrong one before anything is connected to. */
export function readCleanupFlags(flags: RawCleanupFlags): CleanupAsked {
  return {
    connection: readConnection(flags),
    format: readCleanupFormat(flags.output),
    outputFile: flags['output-file'] ?? null,
    plain: flags['no-color'],
  };
}

/** The same of a plan. A file without a format gets the plan itself: nobody can carry out a table. */
export function readPlanFlags(flags: RawPlanFlags): PlanAsked {
  const { output } = flags;
  const file = flags['output-file'] ?? null;
  const isPlanFile = output === undefined && file !== null && file !== '-';
  return {
    ...readCleanupFlags({ ...flags, output: output ?? 'table' }),
    outputFile: isPlanFile ? null : file,
    planFile: isPlanFile ? file : null,
    isForPeople: output === undefined && file === null,
    request: readPlanScope(flags),
  };
}

function readPlanScope(flags: Raw<typeof PLAN_FLAGS>): PlanScope {
  const filter = readFilter(flags);
  const rules = flags.rule ?? null;
  const left = selectRules({
    categories: ['orphan', 'drift'],
    globs: rules,
    types: filter.types,
  });
  if (left.length === 0) {
    throw new UsageError('no rule is left to plan by', {
      remediation: ['No rule has what --rule and --type ask for together: leave one of them out.'],
    });
  }
  return {
    rules,
    findings: (flags.finding ?? []).map(readFinding),
    includeSnapshots: (flags['include-snapshots'] ?? []).map(readSnapshot),
    filter,
  };
}

function readFinding(id: string): string {
  if (/^[\da-f]{16}$/.test(id)) return id;
  throw new UsageError(`--finding does not take ${JSON.stringify(id)}`, {
    remediation: ['Write the whole id of a finding, 16 digits, as orphans -o wide shows it.'],
  });
}

function readSnapshot(name: string): string {
  if (/^[^@/][^@]*[^@/]@[^@/]+$/.test(name)) return name;
  throw new UsageError(`--include-snapshots does not take ${JSON.stringify(name)}`, {
    remediation: ['Write each snapshot whole, such as tank/k8s/pvc-6f1d2c9e@before-upgrade.'],
  });
}

type Servers = Pick<ConnectionRequest, 'config' | 'kubeconfig' | 'contexts' | 'url' | 'demo'>;

/** The same for commands that an error names, of which those that only read the journals know fewer flags. */
export function repeatedFlags(servers: Servers): RepeatedFlags {
  const { config, demo } = servers;
  const kept = { config, demo, kubeconfig: null, contexts: [], url: null };
  return { connecting: flagsToRepeat(servers), reading: flagsToRepeat(kept) };
}

/** What the next command has to be told again to meet the same servers. */
export function flagsToRepeat(servers: Servers): readonly string[] {
  const { config, kubeconfig, contexts, url, demo } = servers;
  const pairs: readonly (readonly [flag: string, value: string | null])[] = [
    ['--config', config],
    ['--kubeconfig', kubeconfig],
    ...contexts.map((context) => ['--context', context] as const),
    ['--url', url],
    ['--demo-state', demo?.stateDirectory ?? null],
  ];
  return [
    ...(demo === null ? [] : ['--demo']),
    ...pairs.flatMap(([flag, value]) => (value === null ? [] : [flag, shellWord(value)])),
  ];
}
