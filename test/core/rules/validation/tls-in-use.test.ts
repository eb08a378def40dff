import { expect, test } from 'vitest';
import { tlsInUse } from '../../../../src/lib/core/rules/validation/tls-in-use.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aConnection } from '../../../support/surrounding-builders.ts';

const FAILURE = { code: 'TRUENAS_UNREACHABLE', message: 'no answer', remediation: [] };
const plain = { secure: false, loopback: false };
const bothPlain = anInventory({
  connections: {
    cluster: aConnection({ side: 'kubernetes', name: 'prod', ...plain }),
    system: aConnection(plain),
  },
});

testCheck(tlsInUse, {
  'passes over https': [anInventory({ connections: { system: aConnection() } }), ['PASS nas1']],
  'passes over http to this machine': [
    anInventory({ connections: { system: aConnection({ secure: false, loopback: true }) } }),
    ['PASS nas1'],
  ],
  'is skipped for a side that could not be read': [
    anInventory({
      connections: {
        cluster: aConnection({ side: 'kubernetes', name: 'prod', failure: FAILURE }),
        system: aConnection({ secure: false, loopback: true, failure: FAILURE }),
      },
    }),
    ['SKIPPED prod', 'SKIPPED nas1'],
  ],
  'fails over http to TrueNAS, and warns of it to the cluster': [
    bothPlain,
    ['WARNING prod', 'FAIL nas1'],
  ],
});

test('each side is told what to change on its own', () => {
  const steps = outcomesIn(tlsInUse, bothPlain).map((outcome) => outcome.steps[0]);
  expect(steps[0]).toContain('kubeconfig');
  expect(steps[1]).toContain('truenas.url');
});
