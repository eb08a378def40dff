import { expect, test } from 'vitest';
import { clusterAnswers } from '../../../../src/lib/core/rules/health/cluster-answers.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aConnection } from '../../../support/surrounding-builders.ts';

const cluster = aConnection({ side: 'kubernetes', name: 'prod', host: 'api.example:6443' });
const silent = anInventory({
  connections: {
    cluster: {
      ...cluster,
      failure: { code: 'CLUSTER_UNREACHABLE', message: 'no answer', remediation: [] },
    },
    system: aConnection(),
  },
});

testCheck(clusterAnswers, {
  'passes where it answers': [anInventory({ connections: { cluster } }), ['PASS prod']],
  'fails where it does not': [silent, ['FAIL prod']],
});

test('a cluster that does not answer is critical, so that a probe fails', () => {
  expect(outcomesIn(clusterAnswers, silent)).toMatchObject([{ severity: 'critical' }]);
});
