import { Args, Flags } from '@oclif/core';
import { CLEANUP_FORMATS, CLEANUP_HISTORY_FORMATS } from '../core/render/formats.ts';
import {
  CONFIG_FLAG,
  DEMO_FLAGS,
  FILTER,
  FILTER_FLAGS,
  FRESH_CONNECTION_FLAGS,
  OUTPUT,
  OUTPUT_FLAGS,
  REPEATABLE,
} from './flags.ts';

/*
 * Flags and arguments of clean-up, beside those every command shares. What an earlier scan kept proves nothing here, so that
 * --max-age is not among them.
 */

const CHANGES = 'CHANGE';

const OUTPUT_OF_CLEANUP = {
  ...OUTPUT_FLAGS,
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    default: 'table',
    summary: `one of ${CLEANUP_FORMATS.map(({ name }) => name).join(', ')}`,
  }),
};

/** What connects to both sides, and shows a plan or a run. */
export const CLEANUP_FLAGS = { ...FRESH_CONNECTION_FLAGS, ...OUTPUT_OF_CLEANUP, ...DEMO_FLAGS };

/** Choose what is planned, and never what is read as proof. */
export const PLAN_FLAGS = {
  ...FILTER_FLAGS,
  finding: Flags.string({
    ...REPEATABLE,
    helpValue: 'ID',
    summary:
      'only these findings, and what is not safe by itself only when it is named here; may be repeated',
  }),
  'include-snapshots': Flags.string({
    ...REPEATABLE,
    helpValue: 'DATASET@NAME',
    summary:
      'destroy this snapshot too, where it keeps a dataset from being destroyed; may be repeated',
  }),
};

/** The plan itself where there is a file for it, since a table is nothing that could be carried out. */
export const PLAN_OUTPUT_FLAGS = {
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    summary: `one of ${CLEANUP_FORMATS.map(({ name }) => name).join(', ')} [default: table; json into --output-file]`,
  }),
  'output-file': Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'FILE',
    summary: 'write to this file instead of stdout; as JSON or YAML it is a PLAN',
  }),
};

export const JUDGE_FLAGS = {
  reject: Flags.boolean({
    helpGroup: CHANGES,
    summary: 'say no instead: the plan can never be carried out',
  }),
  reason: Flags.string({
    helpGroup: CHANGES,
    helpValue: 'TEXT',
    summary: 'why; kept beside the decision for whoever reads the history',
  }),
};

export const EXECUTE_FLAGS = {
  execute: Flags.boolean({
    helpGroup: CHANGES,
    summary: 'change both sides; without it nothing is changed, and what would be done is shown',
  }),
};

export const CLEANUP_HISTORY_FLAGS = {
  ...CONFIG_FLAG,
  since: Flags.string({
    helpGroup: FILTER,
    helpValue: 'INSTANT',
    summary:
      'only what was done since then: 2027-01-31, 2027-01-31T12:00:00Z, or 30d for so long ago',
  }),
  ...OUTPUT_FLAGS,
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    default: 'table',
    summary: `one of ${CLEANUP_HISTORY_FORMATS.map(({ name }) => name).join(', ')}`,
  }),
  ...DEMO_FLAGS,
};

export const PLAN_ARGUMENT = {
  plan: Args.string({
    description: 'file of a plan, id of a kept one, or the beginning of it [default: the newest]',
  }),
};

export const RUN_ARGUMENT = {
  run: Args.string({ description: 'id of a run, or the beginning of it' }),
};
