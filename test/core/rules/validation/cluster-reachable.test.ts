import { expect, test } from 'vitest';
import { clusterReachable } from '../../../../src/lib/core/rules/validation/cluster-reachable.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aConnection } from '../../../support/surrounding-builders.ts';

const cluster = aConnection({ side: 'kubernetes', name: 'prod', host: 'api.example:6443' });
const failure = {
  code: 'CLUSTER_UNREACHABLE',
  message: 'cluster prod (api.example:6443) did not answer.',
  remediation: ['check the network to the API server'],
};

testCheck(clusterReachable, {
  'passes where it answers': [
    anInventory({ connections: { cluster, system: aConnection() } }),
    ['PASS prod'],
  ],
  'fails where it does not': [
    anInventory({ connections: { cluster: { ...cluster, failure, latency: null } } }),
    ['FAIL prod'],
  ],
  'fails without a hint in the failure too': [
    anInventory({
      connections: { cluster: { ...cluster, failure: { ...failure, remediation: [] } } },
    }),
    ['FAIL prod'],
  ],
  'says nothing where nobody asked': [anInventory(), []],
});

test('tells who answers and how fast, or says what the failure said', () => {
  const [answering] = outcomesIn(clusterReachable, anInventory({ connections: { cluster } }));
  expect(answering?.message).toBe('api.example:6443 answers');
  const [silent] = outcomesIn(
    clusterReachable,
    anInventory({ connections: { cluster: { ...cluster, failure } } }),
  );
  expect(silent).toMatchObject({
    message: 'cluster prod (api.example:6443) did not answer',
    steps: ['Check the network to the API server.'],
    severity: 'high',
  });
});
