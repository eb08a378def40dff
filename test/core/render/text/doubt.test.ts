import { expect, test } from 'vitest';
import { objectionText } from '../../../../src/lib/core/render/text/doubt.ts';

test('a check that failed, or was not known, is named with what was seen', () => {
  const detail = 'snapshot kept is held by backup';
  expect(objectionText({ check: 'no-hold', result: 'failed', detail })).toBe(
    'no-hold failed: snapshot kept is held by backup',
  );
  expect(objectionText({ check: 'no-hold', result: 'unknown', detail: 'not read' })).toBe(
    'no-hold not known: not read',
  );
});

test('a sign of another world says which', () => {
  const said = objectionText({ check: 'younger-than-cluster', result: 'failed', detail: 'dates' });
  expect(said).toBe(
    'older than its cluster, as after a rebuild (younger-than-cluster failed: dates)',
  );
});
