import { NO_SETTINGS } from '../../../../src/lib/core/model/settings.ts';
import { configFileValid } from '../../../../src/lib/core/rules/validation/config-file-valid.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const file = { path: 'truenas-monitor.yaml', mode: 0o600 };
const faults = [
  { message: 'line 3: truenas.url is not an address', remedy: 'Write https:// in front.' },
];

testCheck(configFileValid, {
  'says nothing where there is none': [anInventory({ settings: NO_SETTINGS }), []],
  'passes a file without a fault': [
    anInventory({ settings: { ...NO_SETTINGS, file } }),
    ['PASS truenas-monitor.yaml'],
  ],
  'fails one with a fault': [
    anInventory({ settings: { ...NO_SETTINGS, file, faults } }),
    ['FAIL truenas-monitor.yaml'],
  ],
});
