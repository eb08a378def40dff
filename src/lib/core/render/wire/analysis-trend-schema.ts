import { z } from 'zod';
import { orphanReportSchema } from './schema.ts';

/* Growth, forecasts and days of an analysis in the wire form. */

export const instant = orphanReportSchema.shape.timestamp;
export const count = z.int().nonnegative();
export const bytes = z.int().nonnegative().describe('a size in bytes');
export const change = z.int().describe('bytes; negative where space was freed');
export const rate = z.int().describe('bytes a day; negative where it shrinks');
export const ratio = z.number().nonnegative();
export const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .meta({ format: 'date', description: 'a day of UTC' });
const missing = {
  state: z.literal('not_enough_data'),
  days: count.describe('days with a value'),
  span_days: count.describe('days from the first to the last'),
  needed_days: count,
  needed_span_days: count,
};

export const growth = z
  .discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('known'),
      bytes_per_day: rate.describe('Theil–Sen slope, steps taken out'),
      low_bytes_per_day: rate.describe('lower end of the 90 % interval'),
      high_bytes_per_day: rate,
      least_squares_bytes_per_day: rate.describe('steps included, to compare with'),
      days: count.describe('days with a value'),
      span_days: count.describe('days from the first to the last'),
      patterns: z.array(z.enum(['weekly', 'steps', 'bursts', 'faster-lately', 'slower-lately'])),
      steps: z
        .array(z.strictObject({ day, bytes: change }))
        .describe('changes of level that are no part of the trend'),
    }),
    z.strictObject(missing),
  ])
  .describe('how it grows, or what is missing to say so');

const confidence = z.enum(['high', 'medium', 'low']);
const backTest = z
  .strictObject({
    held_back_days: count,
    coverage: ratio.describe('part of the held-back values that lay in the interval, 0 to 1'),
    median_error: ratio.describe('median of the absolute errors, relative to the value'),
  })
  .nullable()
  .describe('how a forecast from the days before did on the last ones');

const fills = z.strictObject({
  state: z.literal('fills'),
  days_until_full: count.describe('of the middle of the interval; 0 where it is full now'),
  full_at_earliest: instant,
  full_at_latest: instant.nullable().describe('null where the slow end never gets there'),
  confidence_level: confidence,
  back_test: backTest,
});
const doesNotFill = z.strictObject({
  state: z.literal('does_not_fill'),
  days_until_full: z.null(),
  full_at_earliest: instant.nullable().describe('when the fast end of the interval gets there'),
  full_at_latest: z.null(),
  horizon_days: count.describe('how far was looked ahead'),
  confidence_level: confidence,
  back_test: backTest,
});
const unknownForecast = z.strictObject({
  ...missing,
  days_until_full: z.null(),
  full_at_earliest: z.null(),
  full_at_latest: z.null(),
  confidence_level: z.null(),
});

export const forecast = z
  .discriminatedUnion('state', [fills, doesNotFill, unknownForecast])
  .describe('when it is full, as an interval, or what is missing to say so');

const filling = {
  pool: z.string().nullable().describe('the pool that fills first'),
  system: z.string().nullable(),
  projected_growth_rate: rate.nullable().describe('bytes a day'),
};
export const capacityForecast = z
  .discriminatedUnion('state', [
    fills.extend(filling),
    doesNotFill.extend(filling),
    unknownForecast.extend(filling),
  ])
  .describe('of the pool that fills first');

export const history = z
  .strictObject({
    first_day: day,
    bytes: z
      .array(bytes.nullable())
      .describe('at the end of each day from the first on; null for a day without a scan'),
  })
  .nullable()
  .describe('null where nothing is known of the past');
