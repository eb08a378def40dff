import { Flags } from '@oclif/core';
import { ADOPTION_FORMATS } from '../core/render/adoption.ts';
import { OUTPUT } from './flags.ts';

const ADOPTION = 'ADOPTION';

/** Flags of `cleanup adopt`. */
export const ADOPTION_FLAGS = {
  claim: Flags.string({
    helpGroup: ADOPTION,
    helpValue: 'NAMESPACE/NAME',
    summary: 'the claim that is to have the volume [default: what the dataset remembers]',
  }),
  'storage-class': Flags.string({
    helpGroup: ADOPTION,
    helpValue: 'NAME',
    summary: 'its StorageClass [default: the one of its driver that fits]',
  }),
  cluster: Flags.string({
    helpGroup: ADOPTION,
    helpValue: 'NAME',
    summary:
      'the cluster it is to come back to, by its name in the configuration [default: the one its driver runs in]',
  }),
  system: Flags.string({
    helpGroup: ADOPTION,
    helpValue: 'NAME',
    summary: 'the TrueNAS it is on, where several have that path',
  }),
};

export const ADOPTION_OUTPUT_FLAGS = {
  output: Flags.string({
    char: 'o',
    helpGroup: OUTPUT,
    helpValue: 'FORMAT',
    default: 'yaml',
    summary: `one of ${ADOPTION_FORMATS.join(', ')}`,
  }),
  'output-file': Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'FILE',
    summary: 'write to a file instead of stdout',
  }),
};
