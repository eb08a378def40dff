/* What is said of something over time. */

/** A day in UTC and a value at its end; days without a scan are missing, never made up. */
export interface DailyValue {
  /** Midnight UTC at which the day begins. */
  readonly day: Date;
  readonly value: number;
}

/** What the data themselves show; none where nothing stands out. */
export type Pattern = 'weekly' | 'steps' | 'bursts' | 'faster-lately' | 'slower-lately';

/** A change of level within a day or two that is no part of the trend. */
export interface StepChange {
  readonly day: Date;
  /** Bytes; negative where space was freed. */
  readonly bytes: number;
}

/** How something grows. Methods: docs/analysis.md. */
export type Growth =
  | {
      readonly state: 'known';
      /** Theil–Sen slope of what is left once steps are taken out, in bytes a day; negative where it shrinks. */
      readonly bytesPerDay: number;
      /** Slope of least squares over the same days, steps included, beside it. */
      readonly leastSquaresBytesPerDay: number;
      /** 90 % interval of the slope. */
      readonly low: number;
      readonly high: number;
      /** Days from the first to the last value, and how many of them have one. */
      readonly spanDays: number;
      readonly days: number;
      readonly patterns: readonly Pattern[];
      readonly steps: readonly StepChange[];
    }
  | NotEnoughData;

/** What is missing for a statement: never a guess. */
export interface NotEnoughData {
  readonly state: 'not-enough-data';
  readonly days: number;
  readonly spanDays: number;
  /** How many days with a value, and over which span, it takes. */
  readonly neededDays: number;
  readonly neededSpanDays: number;
}

export type ConfidenceLevel = 'high' | 'medium' | 'low';

/** How a forecast from the days before did on the last ones. */
export interface BackTest {
  readonly heldBackDays: number;
  /** Part of the held-back values that lay in the interval, 0 to 1. */
  readonly coverage: number;
  /** Median of the absolute errors, relative to the value, 0 to 1. */
  readonly medianError: number;
}

/** When capacity runs out, as an interval. */
export type Forecast =
  | {
      readonly state: 'fills';
      /** Whole days from now, of the middle of the interval; 0 where it is full now. */
      readonly daysUntilFull: number;
      readonly fullAtEarliest: Date;
      /** Null where the slow end of the interval never gets there within `HORIZON_DAYS`. */
      readonly fullAtLatest: Date | null;
      readonly confidence: ConfidenceLevel;
      readonly backTest: BackTest | null;
    }
  | {
      /** Flat, shrinking, or further away than anybody can say. */
      readonly state: 'does-not-fill';
      readonly horizonDays: number;
      /** The fast end of the interval may still get there. */
      readonly fullAtEarliest: Date | null;
      readonly confidence: ConfidenceLevel;
      readonly backTest: BackTest | null;
    }
  | NotEnoughData;

/** Values ahead, for charts: one a day with a 90 % interval. */
export interface ForecastPoint {
  readonly day: Date;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
