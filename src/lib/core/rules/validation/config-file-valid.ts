import { refsToFiles } from '../checks/config-files.ts';
import { defineCheck } from '../define-check.ts';

export const configFileValid = defineCheck({
  id: 'config-file-valid',
  category: 'validation',
  severity: 'high',
  component: 'configuration',
  title: 'The configuration file is valid',
  scope: 'cluster',
  subjects: ['ConfigFile'],
  requires: ['settings', 'clusters'],
  consults: [],
  steps: ['Mend the file: until then every command refuses it.'],

  *inspect({ settings: { file, faults }, clusters }) {
    const refTo = refsToFiles(clusters);
    if (refTo === undefined || file === null) return;
    const { path } = file;
    if (faults.length === 0) {
      yield { subject: refTo(path), sound: true, seen: `${path} is valid` };
      return;
    }
    yield {
      subject: refTo(path),
      sound: false,
      seen: faults.map(({ message }) => message).join('; '),
      steps: [...new Set(faults.map(({ remedy }) => remedy))],
    };
  },
});
