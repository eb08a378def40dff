import { z } from 'zod';
import { SEVERITIES } from '../model/finding.ts';
import { orphanReportSchema } from '../render/wire/schema.ts';
import { COMPONENTS } from '../model/validation.ts';
import { FINDING_CHANGES } from './diff-scans.ts';
import { failureSchema, scanRunSchema } from './scan-run-schema.ts';

/* What is sent over `/api/v1/events`, one message a frame. */

const report = orphanReportSchema.shape;
const findingOf = report.findings.element.shape;
const status = z.enum(['PASS', 'WARNING', 'FAIL', 'UNKNOWN']);
const id = findingOf.id;

const head = {
  process: z.string().describe('names the process that counts: another one begins anew'),
  sequence: z
    .int()
    .nonnegative()
    .describe('grows with every event of a process; what somebody may not see leaves gaps'),
  at: report.timestamp.describe('when it was told'),
};

const place = {
  component: z.enum(COMPONENTS),
  cluster: z.string().nullable(),
  system: z.string().nullable(),
};

const mention = z
  .strictObject({
    id,
    rule: findingOf.rule,
    category: findingOf.category,
    severity: findingOf.severity,
    confidence: findingOf.confidence,
    object: z.string().describe('type/[namespace/]name'),
    namespace: z.string().nullable().describe('of the object or its claim'),
    scope: z
      .string()
      .describe('uid of the cluster or host id of the system it is about, its name where unknown'),
    reclaimable_bytes: findingOf.reclaimable_bytes,
    href: z.string().describe('where all of it is, while it is open'),
  })
  .describe('a finding');

const result = z
  .strictObject({
    id: z.string(),
    timestamp: report.timestamp.describe('of what it saw'),
    complete: report.complete,
  })
  .describe('the result that is served');

const freshness = {
  age_seconds: z.number().nullable().describe('of the result; null where there is none yet'),
  stale: z.boolean().nullable().describe('whether it may no longer be how things are'),
};

const summary = report.summary.nullable().describe('null for callers limited to namespaces');

const stateSchema = z
  .strictObject({
    type: z.literal('state'),
    ...head,
    result: result.nullable().describe('null until there was one'),
    ...freshness,
    running: scanRunSchema.nullable(),
    failure: failureSchema.nullable().describe('of the last scan, where it failed'),
    next_scan_at: report.timestamp.nullable(),
    summary,
    open: z.strictObject(
      Object.fromEntries(SEVERITIES.map((severity) => [severity, z.array(id)])) as Record<
        (typeof SEVERITIES)[number],
        z.ZodArray<typeof id>
      >,
    ),
    unknown: z
      .array(id)
      .describe('not seen any more since they were open, and nobody could look yet'),
    health: z
      .strictObject({ overall: status, components: z.array(z.strictObject({ ...place, status })) })
      .nullable()
      .describe('null until there was a scan, and for callers limited to namespaces'),
  })
  .describe('how things are, all of it: it takes the place of everything told before');

const findingEvent = z.strictObject({
  type: z.enum(FINDING_CHANGES),
  ...head,
  result: z.string().describe('id of the result that shows it'),
  finding: mention,
});

export const eventSchema = z
  .discriminatedUnion('type', [
    stateSchema,
    z.strictObject({ type: z.literal('scan_started'), ...head, run: scanRunSchema }),
    z.strictObject({
      type: z.literal('scan_finished'),
      ...head,
      run: scanRunSchema,
      result,
      summary,
    }),
    z.strictObject({ type: z.literal('scan_failed'), ...head, run: scanRunSchema }),
    findingEvent,
    z.strictObject({
      type: z.literal('health_changed'),
      ...head,
      component: z.strictObject(place).nullable().describe('null for the verdict on everything'),
      from: status.nullable().describe('null where it was not looked at'),
      to: status.nullable(),
    }),
    z
      .strictObject({ type: z.literal('freshness_changed'), ...head, ...freshness })
      .describe('the result became stale, or a fresh one took its place'),
    z
      .strictObject({ type: z.literal('pong') })
      .describe('the answer to {"type":"ping"}, for clients that cannot see pings'),
  ])
  .describe('one message of /api/v1/events');

/** What clients may say. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({
    type: z.literal('resume'),
    after: z.int().nonnegative(),
    process: z.string().max(100).optional(),
  }),
]);

export const eventTicketSchema = z
  .strictObject({
    ticket: z.string().describe('good once, and not for long'),
    expires_at: report.timestamp,
    protocols: z
      .array(z.string())
      .describe('the second argument of new WebSocket(): how the ticket is handed in'),
  })
  .describe('lets a page open the stream of events, which cannot send a token with that');

export type EventWire = z.infer<typeof eventSchema>;
export type StateWire = z.infer<typeof stateSchema>;
