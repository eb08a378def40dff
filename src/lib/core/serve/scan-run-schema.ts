import { z } from 'zod';
import { errorSchema, orphanReportSchema } from '../render/wire/schema.ts';
import { SCAN_REASONS } from './monitor-state.ts';

const instant = orphanReportSchema.shape.timestamp;

/** What went wrong, without the request it is an answer to. */
export const failureSchema = errorSchema.shape.error
  .pick({ code: true, message: true, details: true, remediation: true })
  .describe('what went wrong, and what to do about it');

export const scanRunSchema = z
  .strictObject({
    id: z.string(),
    reason: z
      .enum(SCAN_REASONS)
      .describe('the first of a process, the interval, a change on either side, or a request'),
    state: z.enum(['queued', 'running', 'done', 'failed']),
    phase: z.string().nullable().describe('what it is doing; null where it is not running'),
    requested_at: instant,
    started_at: instant.nullable(),
    finished_at: instant.nullable(),
    duration_seconds: z.number().nullable().describe('null until it has come to an end'),
    error: failureSchema.nullable().describe('null where it did not fail'),
    result: z
      .strictObject({
        id: z.string().describe('of the result, as answers and events name it'),
        href: z
          .string()
          .nullable()
          .describe('where the result is; null where a later one has taken its place'),
      })
      .nullable()
      .describe('null where it has none'),
    href: z.string().describe('where this is to be asked for again'),
  })
  .describe('one scan, from being asked for to its end');

export type FailureWire = z.infer<typeof failureSchema>;
export type ScanRunWire = z.infer<typeof scanRunSchema>;
