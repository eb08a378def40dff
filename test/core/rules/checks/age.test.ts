import { expect, test } from 'vitest';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  lastTurn,
  latestOf,
  olderThanThreshold,
} from '../../../../src/lib/core/rules/checks/age.ts';
import { JUST_NOW, LONG_AGO, NOW } from '../../../support/builders.ts';

const context = { now: NOW, policy: DEFAULT_POLICY };
const ago = (millis: number) => new Date(NOW.getTime() - millis);

test('the threshold itself is old enough, a moment less is not', () => {
  expect(olderThanThreshold(ago(86_400_000), context).result).toBe('passed');
  expect(olderThanThreshold(ago(86_399_999), context).result).toBe('failed');
});

test('a birth in the future is no age', () => {
  expect(olderThanThreshold(ago(-1), context).result).toBe('failed');
});

test('an unknown instant leaves the age unknown, and the check says so', () => {
  const check = olderThanThreshold(null, context, 'taken');
  expect([check.result, detailOf(check)]).toEqual(['unknown', 'taken at an unknown time']);
  expect(detailOf(olderThanThreshold(LONG_AGO, context))).toBe('created 2026-06-01T00:00:00.000Z');
});

test('the last turn is the latest of birth, phase and deletion', () => {
  const born = { createdAt: LONG_AGO, deletedAt: null };
  expect(lastTurn(born)).toEqual(LONG_AGO);
  expect(lastTurn({ ...born, deletedAt: JUST_NOW })).toEqual(JUST_NOW);
  expect(lastTurn({ ...born, phaseSince: JUST_NOW })).toEqual(JUST_NOW);
  expect(lastTurn({ ...born, createdAt: null, deletedAt: JUST_NOW })).toBeNull();
});

test('the latest of several instants is not known where one of them is not', () => {
  expect(latestOf([LONG_AGO, JUST_NOW])).toEqual(JUST_NOW);
  expect(latestOf([JUST_NOW, null, LONG_AGO])).toBeNull();
});
