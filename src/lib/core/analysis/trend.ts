import { type DailyValue, type Pattern } from '../model/trend.ts';
import { onceInARow } from '../model/lazy.ts';
import { hasBursts } from './bursts.ts';
import { type Change, changesOf } from './habit.ts';
import { flatLine, type Line, lineThrough } from './line.ts';
import { type Lately, latelyOf } from './lately.ts';
import { measured, type Step, stepsIn, withoutSteps } from './steps.ts';
import { type Track, trackOf } from './track.ts';
import { sinceTurn } from './turn.ts';
import { type Rhythm, rhythmIn, withoutRhythm } from './weekly.ts';

/** What days say together: a line without steps and rhythm, and these beside it. */
export interface Trend {
  readonly line: Line;
  readonly rhythm: Rhythm | null;
  readonly steps: readonly Step[];
  readonly patterns: readonly Pattern[];
  /** Null where the last week goes as the line does. */
  readonly lately: Lately | null;
  /** All days with their rhythm, as if the level of now had been there from the first day on. */
  readonly stepless: Track;
}

/** Growth, forecast and what lies ahead are asked for one after the other: one list is worked out once. */
export const trendOf = onceInARow((series: readonly DailyValue[]): Trend =>
  trendAlong(trackOf(series)),
);

const FASTER: Pattern = 'faster-lately';
const SLOWER: Pattern = 'slower-lately';

/** Takes two days at least. */
export function trendAlong(raw: Track): Trend {
  if (isStill(raw)) {
    return {
      line: flatLine(raw),
      rhythm: null,
      steps: [],
      patterns: [],
      lately: null,
      stepless: raw,
    };
  }
  const changes = changesOf(raw);
  const found = stepsIn(raw, changes);
  const rough = lineThrough(withoutSteps(raw, found.steps));
  const steps = measured(raw, found.steps, rough.slope);
  const stepless = withoutSteps(raw, steps);
  const rhythm = rhythmIn(rough.track, rough.residuals, withoutStepDays(changes, steps));
  const whole =
    steps.length === 0 && rhythm === null ? rough : lineThrough(withoutRhythm(stepless, rhythm));
  const bursts =
    found.recurring || hasBursts(whole.track, whole === rough ? changes : changesOf(whole.track));
  const line = sinceTurn(whole);
  const lately = latelyOf(line);
  return {
    line,
    rhythm,
    steps,
    patterns: [
      ...patternsOf(rhythm !== null, steps.length > 0, bursts),
      ...(lately === null ? [] : [lately.slope > lately.before ? FASTER : SLOWER]),
    ],
    lately,
    stepless,
  };
}

/** Most volumes never change, and nothing has to be worked out for them. */
function isStill({ values }: Track): boolean {
  return values.every((value) => value === values[0]);
}

function withoutStepDays(changes: readonly Change[], steps: readonly Step[]): readonly Change[] {
  if (steps.length === 0) return changes;
  return changes.filter(
    ({ index }) => !steps.some((step) => index >= step.index && index <= step.until),
  );
}

function patternsOf(weekly: boolean, steps: boolean, bursts: boolean): readonly Pattern[] {
  return [
    ...(weekly ? (['weekly'] as const) : []),
    ...(steps ? (['steps'] as const) : []),
    ...(bursts ? (['bursts'] as const) : []),
  ];
}
