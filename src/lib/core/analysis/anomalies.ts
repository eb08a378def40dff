import { median } from 'simple-statistics';
import { type Anomaly, type DailyValue } from '../model/analysis.ts';
import { type Severity } from '../model/finding.ts';
import { at } from './at.ts';
import { dayStart } from './daily.ts';
import { BEYOND, type Change, changesOf, FLOOR, HABIT_CHANGES, habitOf } from './habit.ts';
import { type Track, trackOf } from './track.ts';

/** An anomaly before anybody says whose it is. */
export type DayAnomaly = Omit<Anomaly, 'subject'>;

/** Of a pool of terabytes nobody wants to hear of megabytes: part of the level that a change must exceed. */
const LEVEL_PART = 0.0025;

const MOST = 10;

/** From how many deviations and which part of the level on; less is low. An anomaly alone is never critical. */
const SEVERITIES: readonly (readonly [Severity, deviations: number, part: number])[] = [
  ['high', 12, 0.25],
  ['medium', 8, 0.05],
];

/**
 * How far a change lies beyond habit, which reaches from nothing to what is usual: a day on which less happened is none that
 * stands out, least of all the present one, which is not over.
 */
function beyondHabit(bytes: number, usual: number): number {
  return Math.max(bytes - Math.max(0, usual), Math.min(0, usual) - bytes, 0);
}

/** Days on which a series grew or shrank far beyond its habit, newest first. */
export function anomaliesIn(series: readonly DailyValue[]): readonly DayAnomaly[] {
  const track = trackOf(series);
  const changes = changesOf(track);
  if (changes.length < HABIT_CHANGES) return [];
  const level = median([...track.values]);
  const { usual, scale } = habitOf(changes, Math.max(FLOOR, Math.abs(level) * LEVEL_PART));
  return changes
    .map((change) => ({ change, deviations: beyondHabit(change.bytes, usual) / scale }))
    .filter(({ deviations }) => deviations > BEYOND)
    .slice(-MOST)
    .toReversed()
    .map(({ change, deviations }) => ({
      day: dayStart(change.day),
      bytes: change.bytes,
      usual,
      deviations,
      severity: severityOf(track, change, deviations),
    }));
}

function severityOf({ values }: Track, { index, bytes }: Change, deviations: number): Severity {
  const size = Math.abs(bytes) / Math.max(1, Math.abs(at(values, index - 1)));
  const reached = SEVERITIES.find(([, enough, part]) => deviations >= enough && size >= part);
  return reached?.[0] ?? 'low';
}
