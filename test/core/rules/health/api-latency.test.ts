import { expect, test } from 'vitest';
import { apiLatency } from '../../../../src/lib/core/rules/health/api-latency.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aConnection } from '../../../support/surrounding-builders.ts';

const cluster = aConnection({ side: 'kubernetes', name: 'prod', host: 'api.example' });
const taking = (p50: number, p95: number) =>
  anInventory({
    connections: {
      cluster,
      system: aConnection({ latency: { p50: millis(p50), p95: millis(p95) } }),
    },
  });

testCheck(apiLatency, {
  'passes where both sides answer at once': [taking(12, 40), ['PASS prod', 'PASS nas1']],
  'passes where only the longest lists take their time': [
    taking(30, 4_000),
    ['PASS prod', 'PASS nas1'],
  ],
  'warns where every answer is slow': [taking(1_200, 1_500), ['PASS prod', 'WARNING nas1']],
  'warns where some answers are very slow': [taking(30, 9_000), ['PASS prod', 'WARNING nas1']],
  'is skipped for a side that answered and let nobody in': [
    anInventory({
      connections: {
        cluster,
        system: aConnection({
          failure: { code: 'TRUENAS_UNAUTHORIZED', message: 'the key is wrong', remediation: [] },
        }),
      },
    }),
    ['PASS prod', 'SKIPPED nas1'],
  ],
  'is skipped where nothing was answered': [
    anInventory({
      connections: {
        cluster,
        system: aConnection({
          latency: null,
          failure: { code: 'TRUENAS_UNREACHABLE', message: 'no answer', remediation: [] },
        }),
      },
    }),
    ['PASS prod', 'SKIPPED nas1'],
  ],
});

test('says how fast the answers came', () => {
  expect(outcomesIn(apiLatency, taking(12, 40))[1]?.message).toBe(
    'nas1.example: 20 requests, half within 12 ms, 95 % within 40 ms',
  );
});
