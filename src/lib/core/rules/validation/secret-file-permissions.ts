import { type ConfigFile } from '../../model/settings.ts';
import { formatMode, otherReaders, refsToFiles } from '../checks/config-files.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** Where containers are given their secrets: readable by all in there, and nobody else is in there. */
const MOUNTED = /^(?:\/var)?\/run\/secrets\//;

function judge(file: ConfigFile): Omit<Inspection, 'subject'> {
  const { path, mode } = file;
  if (MOUNTED.test(path)) return { sound: true, seen: `${path} is mounted into a container` };
  const readers = otherReaders(file);
  if (mode === null || readers === undefined) {
    return { sound: undefined, seen: `who may read ${path} is not known here` };
  }
  // A group is how a service is let in without owning the file.
  if (readers !== 'everybody') {
    return { sound: true, seen: `${path} is not open to everybody (${formatMode(mode)})` };
  }
  return {
    sound: false,
    seen: `everybody may read ${path} (${formatMode(mode)})`,
    steps: [
      `Run \`chmod 600 ${path}\`; in a pod set \`defaultMode: 0400\` on the volume of the Secret.`,
    ],
  };
}

export const secretFilePermissions = defineCheck({
  id: 'secret-file-permissions',
  category: 'validation',
  severity: 'medium',
  component: 'configuration',
  title: 'Files that hold secrets are not open to everybody',
  scope: 'cluster',
  subjects: ['ConfigFile'],
  requires: ['settings', 'clusters'],
  consults: [],
  steps: ['Let only the owner read the file: `chmod 600`.'],

  *inspect({ settings: { secretFiles }, clusters }) {
    const refTo = refsToFiles(clusters);
    if (refTo === undefined) return;
    const files = new Map(secretFiles.map((file) => [file.path, file]));
    for (const file of files.values()) yield { subject: refTo(file.path), ...judge(file) };
  },
});
