import { Flags } from '@oclif/core';
import { HISTORY_FORMATS } from '../core/render/formats.ts';
import { CONFIG_FLAG, DEMO_FLAGS, OUTPUT, OUTPUT_FLAGS } from './flags.ts';

/*
 * Flags of the commands that look after the history, beside those every command shares.
 */

export const HISTORY_FLAGS = { ...CONFIG_FLAG, ...DEMO_FLAGS };

export const HISTORY_OUTPUT_FLAGS = {
  ...OUTPUT_FLAGS,
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    default: 'table',
    summary: `one of ${HISTORY_FORMATS.map(({ name }) => name).join(', ')}`,
  }),
};

export const EXPORT_FLAGS = { 'output-file': OUTPUT_FLAGS['output-file'] };

export const PRUNE_FLAGS = {
  'older-than': Flags.string({
    helpValue: 'DURATION',
    required: true,
    summary: 'remove what is older than this, such as 180d',
  }),
};
