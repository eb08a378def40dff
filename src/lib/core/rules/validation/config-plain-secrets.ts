import { joined } from '../../render/text/format.ts';
import { NO_FILE, refsToFiles } from '../checks/config-files.ts';
import { defineCheck } from '../define-check.ts';

export const configPlainSecrets = defineCheck({
  id: 'config-plain-secrets',
  category: 'validation',
  severity: 'low',
  component: 'configuration',
  title: 'No secret is written into the configuration file',
  scope: 'cluster',
  subjects: ['ConfigFile'],
  requires: ['settings', 'clusters'],
  consults: [],
  steps: [
    'Write the secret into a file of its own that only its owner reads, and name it with `api_key_file` or `password_file`.',
    'Or let the environment bring it: `api_key: "${TRUENAS_API_KEY}"`.',
  ],

  *inspect({ settings: { file, plainSecrets }, clusters }) {
    const refTo = refsToFiles(clusters);
    if (refTo === undefined) return;
    const path = file?.path ?? NO_FILE;
    const sound = plainSecrets.length === 0;
    yield {
      subject: refTo(path),
      sound,
      seen: sound
        ? file === null
          ? 'there is no configuration file'
          : `${path} holds no secret`
        : `${joined(plainSecrets)} ${plainSecrets.length === 1 ? 'stands' : 'stand'} in ${path} as written`,
    };
  },
});
