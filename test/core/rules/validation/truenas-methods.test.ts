import { truenasMethods } from '../../../../src/lib/core/rules/validation/truenas-methods.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aMethod } from '../../../support/surrounding-builders.ts';

testCheck(truenasMethods, {
  'passes where everything may be called': [
    anInventory({ methods: [aMethod(), aMethod({ name: 'alert.list' })] }),
    ['PASS pool.query', 'PASS alert.list'],
  ],
  'fails for what volumes rest on, and warns of the rest': [
    anInventory({
      methods: [
        aMethod({ allowed: false }),
        aMethod({ name: 'alert.list', allowed: false }),
        aMethod({ name: 'system.info', allowed: null }),
      ],
    }),
    ['FAIL pool.query', 'WARNING alert.list', 'SKIPPED system.info'],
  ],
  'is skipped once for all where TrueNAS does not tell': [
    anInventory({
      methods: [aMethod({ allowed: null }), aMethod({ name: 'alert.list', allowed: null })],
    }),
    ['SKIPPED nas1'],
  ],
});
