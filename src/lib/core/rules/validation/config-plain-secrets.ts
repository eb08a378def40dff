import { type Settings } from '../../model/settings.ts';
import { joined } from '../../render/text/format.ts';
import { doubtOfSecrets, refsToFiles } from '../checks/config-files.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function judge(path: string, settings: Settings): Omit<Inspection, 'subject'> {
  const doubt = doubtOfSecrets(settings);
  if (doubt !== undefined) return { sound: undefined, seen: doubt };
  const secrets = settings.plainSecrets ?? [];
  if (secrets.length === 0) return { sound: true, seen: `${path} holds no secret` };
  const verb = secrets.length === 1 ? 'stands' : 'stand';
  return { sound: false, seen: `${joined(secrets)} ${verb} in ${path} as written` };
}

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

  *inspect({ settings, clusters }) {
    const refTo = refsToFiles(clusters);
    const { file } = settings;
    if (refTo === undefined || file === null) return;
    yield { subject: refTo(file.path), ...judge(file.path, settings) };
  },
});
