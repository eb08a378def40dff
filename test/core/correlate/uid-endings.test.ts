import { expect, test } from 'vitest';
import { uidAtEnd, UidEndings } from '../../../src/lib/core/correlate/uid-endings.ts';

const uid = (head: string): string => `${head}-75d8-4400-984c-51baaf916149`;

function indexOf(...uids: readonly (string | null)[]): UidEndings {
  const index = new UidEndings(uids.length);
  for (const each of uids) index.add(each);
  return index;
}

test('a name leads to the place of the uid it ends in, whatever stands before that', () => {
  const index = indexOf(uid('00000001'), null, uid('00000002'));
  expect(index.find(`snapshot-${uid('00000002')}`)).toBe(2);
  expect(index.find(uid('00000001'))).toBe(0);
});

test('uids that end alike are told apart by how they begin', () => {
  const index = indexOf(uid('00000001'), uid('00000002'), uid('00000003'));
  expect(index.find(`snapshot-${uid('00000001')}`)).toBe(0);
  expect(index.find(`snapshot-${uid('00000004')}`)).toBeUndefined();
});

test('of one uid that comes twice the last place counts', () => {
  expect(indexOf(uid('00000001'), uid('00000001')).find(uid('00000001'))).toBe(1);
});

test('a name that ends like a uid, and is shorter or holds no uid, leads nowhere', () => {
  const index = indexOf(uid('00000001'), null);
  expect(index.find('51baaf916149')).toBeUndefined();
  expect(index.find('auto-2026-01-01')).toBeUndefined();
  expect(index.find('')).toBeUndefined();
  expect(indexOf().find(uid('00000001'))).toBeUndefined();
});

test('the uid at the end of a name is its last 36 letters', () => {
  expect(uidAtEnd(`snapshot-${uid('00000001')}`)).toBe(uid('00000001'));
});
