import { truenasVersionSupported } from '../../../../src/lib/core/rules/validation/truenas-version-supported.ts';
import { anInventory, aSystem } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const of = (version: string) => anInventory({ system: aSystem({ version }) });

testCheck(truenasVersionSupported, {
  'passes with 24.10': [of('24.10.0'), ['PASS nas1']],
  'passes with 26': [of('26.0.0-RC.1'), ['PASS nas1']],
  'warns of 24.04': [of('24.04.2'), ['WARNING nas1']],
  'warns of 22.02': [of('22.02.4'), ['WARNING nas1']],
  'warns of CORE': [of('13.0-U6.1'), ['WARNING nas1']],
  'does not know a version without numbers': [of('unknown'), ['SKIPPED nas1']],
});
