import { median, quantile } from 'simple-statistics';
import { TO_SIGMA } from './habit.ts';
import { type Track } from './track.ts';
import { Z90 } from './theil-sen.ts';

/** How days lie about their line. */
export interface Noise {
  /**
   * `around-line`: they come back to it, the sooner the less they remember. `wandering`: each day starts from the day
   * before, so that nothing draws it back.
   */
  readonly kind: 'around-line' | 'wandering';
  /** Correlation of a day with the next, 0 to 1, corrected for the bias of short series. */
  readonly memory: number;
  /** 90 % of the days lie within this of the line; of a wandering one, of the day before. */
  readonly reach: number;
}

/** From here on a series that comes back cannot be told from one that never does. */
const WANDERING = 0.85;

/** Beyond so many deviations a residual counts as if it lay there. */
const CLIP = 3;

export function noiseOf(track: Track, residuals: readonly number[]): Noise {
  const memory = memoryOf(track, residuals);
  const kind = memory >= WANDERING ? 'wandering' : 'around-line';
  return {
    kind,
    memory,
    reach: kind === 'wandering' ? dailyReach(track, residuals) : reachOf(residuals),
  };
}

/** Autocorrelation of the residuals with those a day later. */
export function memoryOf({ days }: Track, residuals: readonly number[]): number {
  const count = residuals.length;
  const limit = CLIP * TO_SIGMA * median(residuals.map(Math.abs));
  if (limit === 0 || count < 6) return 0;
  const clipped = residuals.map((residual) => Math.max(-limit, Math.min(limit, residual)));
  const centre = clipped.reduce((sum, value) => sum + value, 0) / count;
  let products = 0;
  let pairs = 0;
  let squares = 0;
  let before = NaN;
  clipped.forEach((value, at) => {
    const deviation = value - centre;
    squares += deviation ** 2;
    if ((days[at] ?? 0) - (days[at - 1] ?? NaN) === 1) {
      products += deviation * before;
      pairs += 1;
    }
    before = deviation;
  });
  if (pairs < 4 || squares === 0) return 0;
  const raw = products / pairs / (squares / count);
  // A line fitted to n days hides (2 + 4 memory) / n of it (Marriott and Pope 1954 for a line).
  return Math.max(0, Math.min(0.99, (count * raw + 2) / (count - 4)));
}

/** Whichever is larger of what the median deviation and what the outermost days say: tails may be heavy. */
function reachOf(residuals: readonly number[]): number {
  const sizes = residuals.map(Math.abs);
  const [middle = 0, outer = 0] = quantile(sizes, [0.5, 0.9]);
  // Two parameters were fitted to these days, so that they lie closer to the line than days to come.
  const fitted = Math.sqrt(sizes.length / Math.max(1, sizes.length - 2));
  return fitted * Math.max(Z90 * TO_SIGMA * middle, outer);
}

/** By the plain standard deviation of changes: rare large ones make up most of where it wanders to. */
function dailyReach({ days }: Track, residuals: readonly number[]): number {
  let squares = 0;
  let span = 0;
  for (let at = 1; at < residuals.length; at += 1) {
    squares += ((residuals[at] ?? 0) - (residuals[at - 1] ?? 0)) ** 2;
    span += (days[at] ?? 0) - (days[at - 1] ?? 0);
  }
  return Z90 * Math.sqrt(squares / Math.max(1, span - 1));
}

/** By how much memory widens the variance of a slope over these days (exact for least squares). */
export function inflationOf({ days }: Track, memory: number): number {
  if (memory === 0) return 1;
  const weights = weightsOf(days);
  let own = 0;
  let shared = 0;
  let remembered = 0;
  weights.forEach((weight, at) => {
    const step = (days[at] ?? 0) - (days[at - 1] ?? 0);
    if (at > 0) remembered = memory ** step * (remembered + (weights[at - 1] ?? 0));
    own += weight ** 2;
    shared += weight * remembered;
  });
  return Math.max(1, 1 + (2 * shared) / own);
}

/** Half of the 90 % interval of the slope of a wandering series: what each day adds weighs on all later ones. */
export function wanderingHalfWidth({ days }: Track, reach: number): number {
  const weights = weightsOf(days);
  let later = 0;
  let variance = 0;
  for (let at = days.length - 1; at > 0; at -= 1) {
    later += weights[at] ?? 0;
    variance += ((days[at] ?? 0) - (days[at - 1] ?? 0)) * later ** 2;
  }
  return reach * Math.sqrt(variance);
}

/** What each day weighs in the slope of least squares. */
function weightsOf(days: readonly number[]): readonly number[] {
  const centre = days.reduce((sum, day) => sum + day, 0) / days.length;
  const squares = days.reduce((sum, day) => sum + (day - centre) ** 2, 0);
  return days.map((day) => (day - centre) / squares);
}
