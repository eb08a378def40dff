import { type ConfigFile, NO_SETTINGS } from '../../../../src/lib/core/model/settings.ts';
import { secretFilePermissions } from '../../../../src/lib/core/rules/validation/secret-file-permissions.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const KEY = '/etc/truenas-monitor/key';
const MOUNTED = '/run/secrets/truenas/key';
const world = (...secretFiles: readonly ConfigFile[]) =>
  anInventory({ settings: { ...NO_SETTINGS, secretFiles } });

testCheck(secretFilePermissions, {
  'says nothing without such files': [anInventory(), []],
  'passes where the owner and a group read it': [
    world({ path: KEY, mode: 0o640 }),
    [`PASS ${KEY}`],
  ],
  'warns where everybody reads it': [world({ path: KEY, mode: 0o644 }), [`WARNING ${KEY}`]],
  'passes inside a container': [world({ path: MOUNTED, mode: 0o644 }), [`PASS ${MOUNTED}`]],
  'judges a file once that is named twice': [
    world({ path: KEY, mode: 0o600 }, { path: KEY, mode: 0o600 }),
    [`PASS ${KEY}`],
  ],
  'is skipped where nobody can tell': [world({ path: KEY, mode: null }), [`SKIPPED ${KEY}`]],
});
