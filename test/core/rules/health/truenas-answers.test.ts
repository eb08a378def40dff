import { expect, test } from 'vitest';
import { truenasAnswers } from '../../../../src/lib/core/rules/health/truenas-answers.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aConnection } from '../../../support/surrounding-builders.ts';

const silent = anInventory({
  connections: {
    cluster: aConnection({ side: 'kubernetes', name: 'prod' }),
    system: aConnection({
      failure: { code: 'TRUENAS_UNAUTHORIZED', message: 'the key is revoked', remediation: [] },
    }),
  },
});

testCheck(truenasAnswers, {
  'passes where it answers': [
    anInventory({ connections: { system: aConnection() } }),
    ['PASS nas1'],
  ],
  'fails where it does not': [silent, ['FAIL nas1']],
});

test('a TrueNAS that does not answer is critical, so that a probe fails', () => {
  expect(outcomesIn(truenasAnswers, silent)).toMatchObject([
    { severity: 'critical', message: 'the key is revoked' },
  ]);
});
