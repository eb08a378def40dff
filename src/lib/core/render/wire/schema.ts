import { z } from 'zod';
import { SEVERITIES } from '../../model/finding.ts';
import { RESOURCE_TYPES, SURROUNDING_TYPES } from '../../model/resource-ref.ts';
import { SCHEMA_VERSION, SUPPRESSION_SOURCES, WARNING_CODES } from '../../model/report.ts';

/*
 * The wire form as schemas, from which the published JSON Schemas are generated and with which tests
 * check every output. Renderers import types from here and nothing else: rendering must not load zod.
 */

const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time', description: 'ISO 8601, UTC' });
const seconds = z.number().describe('a span in seconds');
const count = z.int().nonnegative();
const bytes = z.int().nonnegative().describe('a size in bytes');
const text = z.string();
const home = {
  cluster: text.optional().describe('the cluster this is about'),
  system: text.optional().describe('the TrueNAS system this is about'),
};

const state = z.enum(['complete', 'partial', 'failed', 'not_applicable']);

const source = z
  .strictObject({
    name: text,
    ...home,
    state,
    count: count.describe('objects read'),
    reason: text.optional().describe('why the source is not complete'),
    unreadable: z
      .array(text)
      .optional()
      .describe('names of objects that were there and could not be understood'),
  })
  .describe('how much of one list the scan saw');

const cluster = z.strictObject({
  name: text.describe('as in the configuration'),
  uid: text.nullable().describe('uid of the kube-system namespace'),
  version: text.nullable(),
  platform: z.enum(['kubernetes', 'openshift']),
});

const system = z.strictObject({
  name: text.describe('as in the configuration'),
  host: text,
  host_id: text.nullable(),
  version: text,
  transport: z.enum(['jsonrpc', 'rest']),
  pools: z.array(text),
});

const severity = z.enum(SEVERITIES);
const resourceType = z.enum([...RESOURCE_TYPES, ...SURROUNDING_TYPES]);

const summary = z
  .strictObject({
    total_orphans: count,
    orphaned_pvs: count,
    orphaned_pvcs: count,
    orphaned_snapshots: count,
    orphaned_truenas_objects: count,
    orphaned_others: count.describe('attachments and classes'),
    reclaimable_bytes: bytes.describe('each byte once, certain findings only'),
    by_severity: z.partialRecord(severity, count),
    suppressed: count.describe('findings that were left alone; they count in nothing else'),
    total_pvs: count.nullable().describe('null unless the list was read whole'),
    total_pvcs: count.nullable(),
    total_snapshots: count.nullable().describe('VolumeSnapshots'),
  })
  .describe(
    'orphaned_*: distinct objects with an unsuppressed orphan finding of at least low severity',
  );

const check = z.strictObject({
  check: text,
  result: z.enum(['passed', 'failed', 'unknown']),
  detail: text,
});

const remediation = z.strictObject({
  action: text,
  safe: z
    .boolean()
    .describe('false where following the steps can lose data somebody may still want'),
  steps: z.array(text),
  command: text.nullable(),
});

const finding = z.strictObject({
  id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe('the same fault on the same object has the same id in every run'),
  rule: text,
  category: z.enum(['orphan', 'drift', 'validation', 'health']),
  severity,
  confidence: z.enum(['certain', 'likely']),
  type: resourceType,
  name: text,
  namespace: text.nullable(),
  location: z.enum(['kubernetes', 'truenas']),
  cluster: text.nullable(),
  system: text.nullable(),
  created_at: instant.nullable(),
  age_seconds: seconds.nullable(),
  first_seen_at: instant
    .nullable()
    .describe(
      'since when this tool has seen it so, kept for rules whose subjects carry no such date; null where it is not kept, or seen for the first time',
    ),
  reason: text,
  size_bytes: bytes.nullable(),
  reclaimable_bytes: bytes,
  approximate: z
    .literal(true)
    .optional()
    .describe('present where a size is the nearest number and not the exact one'),
  storage_class: text.nullable(),
  labels: z.record(text, text),
  annotations: z.record(text, text).describe('only those on an allow-list'),
  truenas_reference: text.nullable(),
  kubernetes_reference: text.nullable(),
  evidence: z.array(check),
  remediation,
});

const skipped = z
  .strictObject({
    rule: text,
    ...home,
    because: z.array(z.strictObject({ source: text, ...home, state, reason: text.optional() })),
  })
  .describe('a rule that could not be judged: its silence proves nothing');

const suppressed = z
  .strictObject({
    id: text,
    rule: text,
    severity,
    confidence: finding.shape.confidence,
    type: resourceType,
    name: text,
    namespace: text.nullable(),
    location: finding.shape.location,
    cluster: text.nullable(),
    system: text.nullable(),
    by: z.enum(SUPPRESSION_SOURCES).describe('where it is written that it be left alone'),
    origin: text.describe('the entry, annotation or property by its name, such as ignore[0]'),
    reason: text.describe('why it is left alone'),
    until: instant.nullable().describe('from then on it is reported again; null for never'),
  })
  .describe('a finding somebody said to leave alone: in no count, no sum and no exit code');

const warning = z
  .strictObject({ code: z.enum(WARNING_CODES), message: text })
  .describe('something about the request that its author should mend');

export const orphanReportSchema = z
  .strictObject({
    schema_version: z.literal(SCHEMA_VERSION),
    kind: z.literal('OrphanReport'),
    timestamp: instant,
    scan_duration_seconds: seconds,
    cached: z.literal(true).optional().describe('present where an earlier scan was shown again'),
    cached_age_seconds: seconds.optional().describe('how long ago that scan was made'),
    complete: z.boolean().describe('false where some source was not complete'),
    sources: z.array(source),
    clusters: z.array(cluster),
    systems: z.array(system),
    summary,
    findings: z.array(finding),
    skipped: z.array(skipped),
    suppressed: z.array(suppressed),
    warnings: z.array(warning),
  })
  .describe('what Kubernetes and TrueNAS have forgotten about each other, as one scan saw it');

export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
      message: text,
      details: z.record(text, z.union([text, z.number()])),
      timestamp: instant,
      request_id: text,
      remediation: z.array(text).describe('what to do about it, in order'),
    }),
  })
  .describe('a failure, on stderr and over REST');

export type OrphanReportWire = z.infer<typeof orphanReportSchema>;
export type ErrorWire = z.infer<typeof errorSchema>;
