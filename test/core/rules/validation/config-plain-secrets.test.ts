import { NO_SETTINGS, type Settings } from '../../../../src/lib/core/model/settings.ts';
import { configPlainSecrets } from '../../../../src/lib/core/rules/validation/config-plain-secrets.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const PATH = './truenas-monitor.yaml';
const unread = (change: Partial<Settings>) =>
  anInventory({ settings: { ...NO_SETTINGS, file: { path: PATH, mode: 0o600 }, ...change } });
const world = (...plainSecrets: readonly string[]) =>
  anInventory({ settings: { ...NO_SETTINGS, file: { path: PATH, mode: 0o600 }, plainSecrets } });

testCheck(configPlainSecrets, {
  'says nothing without a file': [anInventory(), []],
  'passes without secrets': [world(), [`PASS ${PATH}`]],
  'is skipped where the file is no YAML': [unread({ plainSecrets: null }), [`SKIPPED ${PATH}`]],
  'is skipped where the file has keys nobody knows': [
    unread({ hasUnknown: true }),
    [`SKIPPED ${PATH}`],
  ],
  'warns of one': [world('truenas.api_key'), [`WARNING ${PATH}`]],
  'warns once of several': [world('truenas.api_key', 'systems[0].password'), [`WARNING ${PATH}`]],
});
