import { NO_SETTINGS, type Settings } from '../../../../src/lib/core/model/settings.ts';
import { configFilePermissions } from '../../../../src/lib/core/rules/validation/config-file-permissions.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const PATH = '/home/ada/truenas-monitor.yaml';
const settings = (mode: number | null, plainSecrets: readonly string[]): Settings => ({
  ...NO_SETTINGS,
  file: { path: PATH, mode },
  plainSecrets,
});
const unread = (change: Partial<Settings>) =>
  anInventory({ settings: { ...settings(0o644, []), ...change } });
const world = (mode: number | null, ...plainSecrets: readonly string[]) =>
  anInventory({ settings: settings(mode, plainSecrets) });

testCheck(configFilePermissions, {
  'says nothing without a file': [anInventory(), []],
  'passes where everybody reads a file without secrets': [world(0o644), [`PASS ${PATH}`]],
  'passes where only the owner reads the secrets': [
    world(0o600, 'truenas.api_key'),
    [`PASS ${PATH}`],
  ],
  'fails where the group reads them': [world(0o640, 'truenas.api_key'), [`FAIL ${PATH}`]],
  'fails where everybody reads them': [world(0o644, 'truenas.api_key'), [`FAIL ${PATH}`]],
  'is skipped where the file is no YAML': [unread({ plainSecrets: null }), [`SKIPPED ${PATH}`]],
  'is skipped where the file has keys nobody knows': [
    unread({ hasUnknown: true }),
    [`SKIPPED ${PATH}`],
  ],
  'fails where it has such keys and a secret': [
    unread({ hasUnknown: true, plainSecrets: ['truenas.api_key'] }),
    [`FAIL ${PATH}`],
  ],
  'is skipped where nobody can tell': [world(null, 'truenas.api_key'), [`SKIPPED ${PATH}`]],
});
