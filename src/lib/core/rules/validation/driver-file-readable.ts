import { refsToFiles } from '../checks/config-files.ts';
import { defineCheck } from '../define-check.ts';

export const driverFileReadable = defineCheck({
  id: 'driver-file-readable',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'Files of drivers can be read',
  scope: 'cluster',
  subjects: ['ConfigFile'],
  requires: ['settings', 'clusters'],
  consults: [],
  steps: [
    'Name values of the democratic-csi chart, the configuration file of a driver, or manifests of its Secret and classes.',
    'Look at the file with a YAML parser: keys are indented with spaces, and text with special characters is quoted.',
  ],

  *inspect({ settings: { driverFiles }, clusters }) {
    const refTo = refsToFiles(clusters);
    if (refTo === undefined) return;
    for (const { path, faults } of driverFiles) {
      yield {
        subject: refTo(path),
        sound: faults.length === 0,
        seen: faults.length === 0 ? `${path} was read` : `${path} ${faults.join(', and ')}`,
      };
    }
  },
});
