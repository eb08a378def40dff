import { expect, test } from 'vitest';
import { indexClaims } from '../../../../src/lib/core/rules/checks/claim-index.ts';
import { aClaim } from '../../../support/builders.ts';

const uidOf = (n: number): string => `0000000${n}-0000-4000-8000-00000000000${n}`;
const named = aClaim({ name: 'named', uid: uidOf(1), volumeName: `pvc-${uidOf(1)}` });
const byHand = aClaim({ name: 'by-hand', uid: uidOf(2), volumeName: 'photos' });
const unbound = aClaim({ name: 'unbound', uid: uidOf(3), volumeName: null });
const stranger = aClaim({ name: 'stranger', uid: uidOf(4), volumeName: `pvc-${uidOf(9)}` });
const index = indexClaims([named, byHand, unbound, stranger]);

test('a claim is found by its uid, and by the beginning of it without dashes', () => {
  expect(index.byUid(uidOf(3))).toBe(unbound);
  expect(index.byUid(uidOf(8))).toBeUndefined();
  expect(index.byShortUid('00000002')).toBe(byHand);
  expect(index.byShortUid('0000000400004')).toBe(stranger);
  expect(index.byShortUid('f')).toBeUndefined();
});

test('a claim is found by the volume it names, and by the name its volume would have', () => {
  expect(index.byVolumeName(`pvc-${uidOf(1)}`)).toBe(named);
  expect(index.byVolumeName('photos')).toBe(byHand);
  expect(index.byVolumeName(`pvc-${uidOf(3)}`)).toBe(unbound);
  expect(index.byVolumeName(`pvc-${uidOf(9)}`)).toBe(stranger);
  expect(index.byVolumeName('else')).toBeUndefined();
});

test('one list is indexed once', () => {
  const claims = [named];
  expect(indexClaims(claims)).toBe(indexClaims(claims));
});
