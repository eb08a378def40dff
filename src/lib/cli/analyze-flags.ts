import { type Interfaces } from '@oclif/core';
import { UsageError } from '../core/model/errors.ts';
import { type AnalysisFilter } from '../core/model/filter.ts';
import { SEVERITIES, type Severity } from '../core/model/finding.ts';
import { parseAnalysisFormat } from '../core/render/formats.ts';
import { readCount, readName, readWord } from './flag-values.ts';
import { type CONNECTION_FLAGS, type DEMO_FLAGS } from './flags.ts';
import {
  type ANALYSIS_FAIL_FLAGS,
  type ANALYSIS_FLAGS,
  type ANALYSIS_OUTPUT_FLAGS,
} from './flags-of-analysis.ts';
import { type ConnectionRequest, readConnection } from './scan-flags.ts';

/** The flags of `analyze`, in the words of core. */
export interface AnalyzeFlags {
  readonly connection: ConnectionRequest;
  readonly days: number;
  readonly shown: AnalysisFilter;
  readonly top: number;
  readonly format: string;
  readonly outputFile: string | null;
  readonly plain: boolean;
  /** Null for never. */
  readonly failOn: Severity | null;
}

type Flags<T extends Interfaces.FlagInput> = Interfaces.InferredFlags<T>;

export type RawAnalyzeFlags = Flags<typeof CONNECTION_FLAGS> &
  Flags<typeof ANALYSIS_FLAGS> &
  Flags<typeof ANALYSIS_OUTPUT_FLAGS> &
  Flags<typeof ANALYSIS_FAIL_FLAGS> &
  Flags<typeof DEMO_FLAGS>;

/** Longer than anything is kept. */
const MOST_DAYS = 1000;
/** As many volumes as the largest estate has. */
const MOST_VOLUMES = 1_000_000;

/** Reads every flag, and so refuses a wrong one before anything is connected to. */
export function readAnalyzeFlags(flags: RawAnalyzeFlags): AnalyzeFlags {
  parseAnalysisFormat(flags.output);
  return {
    connection: readConnection(flags),
    days: readCount('days', flags.days, MOST_DAYS),
    shown: readShown(flags),
    top: readCount('top', flags.top, MOST_VOLUMES),
    format: flags.output,
    outputFile: flags['output-file'] ?? null,
    plain: flags['no-color'],
    failOn: flags['fail-on'] === 'none' ? null : readWord('fail-on', flags['fail-on'], SEVERITIES),
  };
}

function readShown(flags: Flags<typeof ANALYSIS_FLAGS>): AnalysisFilter {
  if (flags.namespace !== undefined && flags['all-namespaces']) {
    throw new UsageError('--namespace and --all-namespaces exclude each other', {
      remediation: ['Leave out one of them; every namespace is the default.'],
    });
  }
  const named = (flag: 'namespace' | 'pool' | 'storage-class'): readonly string[] | null =>
    flags[flag]?.map((name) => readName(flag, name)) ?? null;
  return {
    namespaces: named('namespace'),
    pools: named('pool'),
    storageClasses: named('storage-class'),
  };
}
