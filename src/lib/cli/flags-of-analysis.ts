import { Flags } from '@oclif/core';
import { SEVERITIES } from '../core/model/finding.ts';
import { ANALYSIS_FORMATS } from '../core/render/formats.ts';
import { asTyped, FILTER, FILTER_FLAGS, OUTPUT, OUTPUT_FLAGS, REPEATABLE } from './flags.ts';

/*
 * Flags of what analyzes space, beside those every command shares.
 */

/** Choose how far back is looked, and what is shown. */
export const ANALYSIS_FLAGS = {
  days: Flags.string({
    helpGroup: FILTER,
    helpValue: 'N',
    default: '90',
    summary: 'how many days of history to look at',
  }),
  namespace: Flags.string({
    ...REPEATABLE,
    char: 'n',
    helpValue: 'NAME',
    summary: 'only volumes whose claim is in this namespace; may be repeated',
  }),
  'all-namespaces': FILTER_FLAGS['all-namespaces'],
  pool: Flags.string({
    ...REPEATABLE,
    helpValue: 'NAME',
    summary: 'only this pool, and what lies on it; may be repeated',
  }),
  'storage-class': Flags.string({
    ...REPEATABLE,
    helpValue: 'NAME',
    summary: 'only this StorageClass, and its volumes; may be repeated',
  }),
};

export const ANALYSIS_OUTPUT_FLAGS = {
  ...OUTPUT_FLAGS,
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    default: 'table',
    summary: `one of ${ANALYSIS_FORMATS.map(asTyped).join(', ')}`,
  }),
  top: Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'N',
    default: '10',
    summary: 'how many volumes the tables list, fastest growing first; the other formats have all',
  }),
};

export const ANALYSIS_FAIL_FLAGS = {
  'fail-on': Flags.string({
    helpGroup: OUTPUT,
    options: [...SEVERITIES, 'none'],
    default: 'none',
    summary:
      'exit with 1 where a pool, an anomaly, or the pressure on a volume (critical is high, warning is medium) is at least this severe',
  }),
};
