import { expect, test } from 'vitest';
import { truenasReachable } from '../../../../src/lib/core/rules/validation/truenas-reachable.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aConnection } from '../../../support/surrounding-builders.ts';

const system = aConnection();
const failure = {
  code: 'TRUENAS_UNREACHABLE',
  message: 'TrueNAS nas1 (nas1.example) did not answer.',
  remediation: ['check the network to TrueNAS'],
};

testCheck(truenasReachable, {
  'passes where it answers': [anInventory({ connections: { system } }), ['PASS nas1']],
  'fails where it does not': [
    anInventory({ connections: { system: { ...system, failure, latency: null } } }),
    ['FAIL nas1'],
  ],
  'fails without a hint in the failure too': [
    anInventory({
      connections: { system: { ...system, failure: { ...failure, remediation: [] } } },
    }),
    ['FAIL nas1'],
  ],
  'says nothing where nobody asked': [anInventory(), []],
});

test('tells who answers and how fast, or says what the failure said', () => {
  const [answering] = outcomesIn(truenasReachable, anInventory({ connections: { system } }));
  expect(answering?.message).toBe('nas1.example answers');
  const [silent] = outcomesIn(
    truenasReachable,
    anInventory({ connections: { system: { ...system, failure } } }),
  );
  expect(silent).toMatchObject({
    message: 'TrueNAS nas1 (nas1.example) did not answer',
    steps: ['Check the network to TrueNAS.'],
    severity: 'high',
  });
});
