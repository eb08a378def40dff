import { expect, test } from 'vitest';
import {
  describeFailure,
  failuresByVolume,
  lastFailure,
} from '../../../../src/lib/core/rules/checks/failed-deletes.ts';
import { anEvent, aPv, JUST_NOW, LONG_AGO } from '../../../support/builders.ts';

const failureOf = (
  pv: Parameters<typeof aPv>[0],
  ...events: readonly Parameters<typeof anEvent>[0][]
) => lastFailure(aPv(pv), failuresByVolume(events.map(anEvent)));

test('the latest failure of a volume is told, whatever else happened to it', () => {
  const events = [
    { message: 'first', lastSeen: LONG_AGO },
    { message: 'last' },
    { message: 'attached', reason: 'FailedMount', lastSeen: new Date(JUST_NOW.getTime() + 1) },
    { message: 'never seen', lastSeen: null },
  ];
  expect(failureOf({}, ...events)).toEqual({ at: JUST_NOW, message: 'last' });
  expect(failureOf({}, ...events.toReversed())).toEqual({ at: JUST_NOW, message: 'last' });
  expect(failureOf({}, { message: 'b' }, { message: 'a' })?.message).toBe('a');
});

test('a failure is not that of a namesake', () => {
  expect(failureOf({}, { volumeUid: 'older' }, { volumeName: 'other' })).toBeUndefined();
  expect(failureOf({}, { volumeUid: null })).toBeDefined();
});

test('a volume that failed keeps the reason in its status, long after the event', () => {
  const failed = { phase: 'Failed', phaseSince: LONG_AGO, statusMessage: 'busy' } as const;
  expect(failureOf(failed)).toEqual({ at: LONG_AGO, message: 'busy' });
  expect(failureOf(failed, { message: 'still busy' })?.message).toBe('still busy');
  expect(failureOf({ ...failed, phase: 'Released' })).toBeUndefined();
  expect(failureOf({ ...failed, statusMessage: null })).toBeUndefined();
});

test('a failure is described by its message, and by when it was', () => {
  expect(describeFailure({ at: JUST_NOW, message: 'busy.' })).toBe(
    '2026-10-31T23:00:00.000Z: busy',
  );
  expect(describeFailure({ at: null, message: 'busy' })).toBe('busy');
});
