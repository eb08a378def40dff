import { type ConfigFile, type Settings } from '../../model/settings.ts';
import { joined } from '../../render/text/format.ts';
import { doubtOfSecrets, formatMode, otherReaders, refsToFiles } from '../checks/config-files.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function judge(file: ConfigFile, settings: Settings): Omit<Inspection, 'subject'> {
  const { path, mode } = file;
  const plainSecrets = settings.plainSecrets ?? [];
  const doubt = doubtOfSecrets(settings);
  if (doubt !== undefined) return { sound: undefined, seen: doubt };
  if (plainSecrets.length === 0) return { sound: true, seen: `${path} holds no secret` };
  const readers = otherReaders(file);
  const holds = `${path} holds ${joined(plainSecrets)}`;
  if (mode === null || readers === undefined) {
    return { sound: undefined, seen: `${holds}, and who may read it is not known here` };
  }
  if (readers === 'nobody') return { sound: true, seen: `${holds}, and only its owner reads it` };
  return {
    sound: false,
    seen: `${holds}, and ${readers === 'group' ? 'its group' : 'everybody'} may read it (${formatMode(mode)})`,
    steps: [
      `Run \`chmod 600 ${path}\`.`,
      'Make a new API key: the old one has been open to others.',
    ],
  };
}

export const configFilePermissions = defineCheck({
  id: 'config-file-permissions',
  category: 'validation',
  severity: 'high',
  component: 'configuration',
  title: 'Nobody else reads the secrets in the configuration file',
  scope: 'cluster',
  subjects: ['ConfigFile'],
  requires: ['settings', 'clusters'],
  consults: [],
  steps: ['Let only the owner read the file: `chmod 600`.'],

  *inspect({ settings, clusters }) {
    const refTo = refsToFiles(clusters);
    const { file } = settings;
    if (refTo === undefined || file === null) return;
    yield { subject: refTo(file.path), ...judge(file, settings) };
  },
});
