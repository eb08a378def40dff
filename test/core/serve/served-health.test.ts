import { expect, test } from 'vitest';
import { servedHealth } from '../../../src/lib/core/serve/served-health.ts';
import { anOutcome, aSummary } from '../../support/validation-builders.ts';

test('a component is as well as the worst of its checks, and each place has its own', () => {
  const { components, overall } = servedHealth(
    aSummary({
      overall: 'FAIL',
      results: [
        anOutcome({ component: 'pool', cluster: null, system: 'nas1', status: 'PASS' }),
        anOutcome({ component: 'pool', cluster: null, system: 'nas1', status: 'FAIL' }),
        anOutcome({ component: 'pool', cluster: null, system: 'nas2', status: 'WARNING' }),
        anOutcome({ component: 'node', status: 'PASS' }),
      ],
    }),
  );
  expect(overall).toBe('FAIL');
  expect(components).toEqual([
    { component: 'node', cluster: 'prod', system: null, status: 'PASS' },
    { component: 'pool', cluster: null, system: 'nas1', status: 'FAIL' },
    { component: 'pool', cluster: null, system: 'nas2', status: 'WARNING' },
  ]);
});

test('what could not be looked at is unknown, and what cannot exist is not mentioned', () => {
  const { components } = servedHealth(
    aSummary({
      results: [
        anOutcome({ component: 'node', status: 'SKIPPED' }),
        anOutcome({ component: 'node', status: 'PASS' }),
        anOutcome({ component: 'nvmeof', status: 'SKIPPED', notApplicable: true }),
      ],
    }),
  );
  expect(components).toEqual([
    { component: 'node', cluster: 'prod', system: null, status: 'UNKNOWN' },
  ]);
});
