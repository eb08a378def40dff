import { NO_SETTINGS } from '../../../../src/lib/core/model/settings.ts';
import { configPlainSecrets } from '../../../../src/lib/core/rules/validation/config-plain-secrets.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const PATH = './truenas-monitor.yaml';
const world = (...plainSecrets: readonly string[]) =>
  anInventory({ settings: { ...NO_SETTINGS, file: { path: PATH, mode: 0o600 }, plainSecrets } });

testCheck(configPlainSecrets, {
  'passes without a file': [anInventory(), ['PASS none']],
  'passes without secrets': [world(), [`PASS ${PATH}`]],
  'warns of one': [world('truenas.api_key'), [`WARNING ${PATH}`]],
  'warns once of several': [world('truenas.api_key', 'systems[0].password'), [`WARNING ${PATH}`]],
});
