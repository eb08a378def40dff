import { Flags } from '@oclif/core';
import { SEVERITIES, type Severity } from '../core/model/finding.ts';
import { FILTER, OUTPUT, REPEATABLE } from './flags.ts';

/*
 * Flags of the commands that check, beside those every command shares.
 */

/** Choose what is checked, and what of it is reported. */
export const CHECK_FILTER_FLAGS = {
  rule: Flags.string({
    ...REPEATABLE,
    helpValue: 'ID',
    summary: 'only checks with this id; * and ? stand for any characters, may be repeated',
  }),
  component: Flags.string({
    ...REPEATABLE,
    helpValue: 'NAME',
    summary: `only checks of this component, such as driver, iscsi, pool; may be repeated`,
  }),
  'min-severity': Flags.string({
    helpGroup: FILTER,
    options: [...SEVERITIES],
    summary: 'only results of checks at least this severe',
  }),
};

/** What makes checks fail; none of them is only likely. */
function failOnFrom(severity: Severity) {
  return Flags.string({
    helpGroup: OUTPUT,
    options: [...SEVERITIES, 'none'],
    default: severity,
    summary: 'exit with 1 where a check that failed is at least this severe',
  });
}

export const VALIDATE_FAIL_FLAGS = { 'fail-on': failOnFrom('high') };
export const HEALTH_FAIL_FLAGS = { 'fail-on': failOnFrom('critical') };

export const OFFLINE_FLAGS = {
  offline: Flags.boolean({
    helpGroup: 'CONNECTION',
    summary: 'check the configuration and --driver-file alone, without connecting to anything',
  }),
  'driver-file': Flags.string({
    helpGroup: 'CONNECTION',
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'values of the democratic-csi chart, configuration of a driver, or manifests, for --offline; may be repeated',
  }),
};

export const WATCH_FLAGS = {
  watch: Flags.boolean({
    char: 'w',
    helpGroup: OUTPUT,
    summary: 'stay on a terminal and read again every --interval',
  }),
  interval: Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'DURATION',
    summary: 'how long --watch waits between two readings [default: 30s]',
  }),
};
