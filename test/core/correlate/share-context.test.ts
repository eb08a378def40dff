import { expect, test } from 'vitest';
import { readShareContext } from '../../../src/lib/core/correlate/share-context.ts';

test('what a driver wrote of its share is read', () => {
  expect(readShareContext('{"share":"pvc-1","lun":0}')).toEqual({ share: 'pvc-1', lun: 0 });
  expect(readShareContext('{}')).toEqual({});
});

test.each([null, '', '-', '{"share":', 'null', '"text"', '7', '["share"]'])(
  'what is no JSON object is none: %s',
  (text) => {
    expect(readShareContext(text)).toBeUndefined();
  },
);
