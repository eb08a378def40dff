import { z } from 'zod';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { CHECK_STATUSES, COMPONENTS } from '../../model/validation.ts';
import { orphanReportSchema } from './schema.ts';

/* The wire form of what checks came to. */

const report = orphanReportSchema.shape;
const instant = report.timestamp;
const text = z.string();
const count = z.int().nonnegative();
const seconds = report.scan_duration_seconds;

const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;

const result = z
  .strictObject({
    id: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .describe('the same check of the same object has the same id in every run'),
    component: z.enum(COMPONENTS),
    check: text.describe('id of the check'),
    title: text.describe('what holds where it passes'),
    status: z.enum(CHECK_STATUSES),
    severity: z.enum(SEVERITIES).describe('how much a failure matters'),
    object: text
      .nullable()
      .describe('type/[namespace/]name; null where a whole cluster or system was skipped'),
    cluster: text.nullable(),
    system: text.nullable(),
    message: text.describe('what was seen; of a skipped one, what was missing and why'),
    remediation_steps: z.array(text).describe('what to do, in order; empty where nothing is'),
    not_applicable: z
      .boolean()
      .describe('skipped because what it looks at cannot exist there: nothing is missing'),
    docs: text.describe('page of the check, in the package'),
  })
  .describe('what one check says of one object, or why it says nothing');

const tls = z.strictObject({
  protocol: text,
  subject: text,
  issuer: text,
  valid_from: instant,
  valid_to: instant,
  trusted: z.boolean().describe('the chain led to a trusted authority, and the host to its names'),
  distrust: text.nullable().describe('why it did not'),
  verified: z.boolean().describe('a certificate that is not trusted ends the connection'),
  pinned: z.boolean().nullable().describe('the key is one of those the configuration names'),
  spki_sha256: text.describe('base64 SHA-256 of the public key'),
});

const connection = z
  .strictObject({
    side: z.enum(['kubernetes', 'truenas']),
    name: text.describe('as in the configuration'),
    host: text,
    secure: z.boolean().describe('it speaks TLS'),
    requests: count.describe('answers that were waited for'),
    latency: z
      .strictObject({ p50_seconds: seconds, p95_seconds: seconds })
      .nullable()
      .describe('null where nothing was answered'),
    tls: tls.nullable().describe('null without TLS, and where no connection came about'),
    failure: z
      .strictObject({ code: text, message: text, remediation: z.array(text) })
      .nullable()
      .describe('null where it was reached'),
  })
  .describe('how one cluster or system was reached');

export const validationSchema = z
  .strictObject({
    schema_version: z.literal(SCHEMA_VERSION),
    kind: z.literal('ValidationSummary'),
    timestamp: instant,
    scan_duration_seconds: seconds,
    cached: report.cached,
    cached_age_seconds: report.cached_age_seconds,
    complete: report.complete,
    overall_status: z
      .enum(['PASS', 'WARNING', 'FAIL', 'UNKNOWN'])
      .describe(
        'UNKNOWN where nothing failed, and something could not be seen or nothing was looked at',
      ),
    total_checks: count.describe('results, of every status'),
    passed_checks: count,
    failed_checks: count,
    warning_checks: count,
    skipped_checks: count.describe('those that are not applicable included'),
    sources: report.sources,
    clusters: report.clusters,
    systems: report.systems,
    files: z
      .array(text)
      .nullable()
      .describe('files that were read with --offline; null where a server was'),
    connections: z.array(connection),
    results: z.array(result),
    suppressed: report.suppressed,
  })
  .describe('what checks of the configuration or the health of both sides came to');

export type ValidationWire = z.infer<typeof validationSchema>;
