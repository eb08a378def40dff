import { expect, it } from 'vitest';
import { runId } from '../../../src/lib/app/cleanup/run-id.ts';

const NOW = new Date('2026-11-22T12:00:00.250Z');

it('names a run by when it began and what it carries out', () => {
  expect(runId('0123456789abcdef', NOW, [])).toBe('20261122t120000z-01234567');
});

it('names no two runs alike, though they begin within one second', () => {
  const first = { id: '20261122t120000z-01234567' };
  const second = { id: runId('01234567', NOW, [first]) };
  expect(second.id).toBe('20261122t120000z-01234567-2');
  expect(runId('01234567', NOW, [first, second])).toBe('20261122t120000z-01234567-3');
});
