import { z } from 'zod';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { SEVERITIES } from '../../model/finding.ts';

/*
 * The wire form of history, from which the published JSON Schemas are generated and by which imports are read. Keys that are
 * not known are passed over: a later version of the same schema may have more to say.
 */

const text = z.string();
const name = text.min(1);
const count = z.int().nonnegative();
const bytes = z.int().nonnegative().describe('a size in bytes');
const instant = text
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, { error: 'is not an instant' })
  .refine((value) => !Number.isNaN(Date.parse(value)), { error: 'is not an instant' })
  .meta({ format: 'date-time', description: 'ISO 8601, UTC' });
const id = name.describe('uid of kube-system, or host id of TrueNAS');

const space = {
  at: instant,
  used_bytes: bytes.describe('physical, without snapshots'),
  snapshots_bytes: bytes.describe('physical bytes that only snapshots hold'),
  logical_bytes: bytes.nullable().describe('before compression, snapshots included'),
  provisioned_bytes: bytes.describe('what was promised'),
  snapshot_count: count.nullable(),
};

const identities = z.array(z.object({ id, name: text }));
const estate = { clusters: z.array(id), systems: z.array(id) };

const scan = z.object({
  record: z.literal('scan'),
  at: instant,
  clusters: identities,
  systems: identities,
});

const pool = z.object({
  record: z.literal('pool'),
  host_id: id,
  pool: name.describe('guid of the pool, or its name where it has none'),
  name: text,
  ...space,
  capacity_bytes: bytes.describe('usable, so without parity'),
});

const storageClass = z.object({
  record: z.literal('class'),
  cluster_uid: id,
  storage_class: text,
  volumes: count,
  ...space,
});

const volume = z.object({
  record: z.literal('volume'),
  host_id: id,
  dataset: name,
  created_at: instant.nullable(),
  cluster_uid: id.nullable(),
  volume: text,
  namespace: text.nullable(),
  claim: text.nullable(),
  storage_class: text.nullable(),
  ...space,
});

const finding = z.object({
  record: z.literal('finding'),
  id: name,
  rule: name,
  category: z.enum(['orphan', 'drift', 'validation', 'health']),
  severity: z.enum(SEVERITIES),
  subject: text,
  scope: id,
  reclaimable_bytes: bytes,
  suppressed: z.boolean(),
  opened_at: instant,
  last_seen_at: instant,
  closed_at: instant.nullable().describe('null while it was still there'),
  estate: z.object(estate),
});

const report = z.object({
  record: z.literal('report'),
  at: instant,
  estate: z.object(estate),
});

/** One entry of the store. */
export const historyRecordSchema = z.discriminatedUnion(
  'record',
  [scan, pool, storageClass, volume, finding, report],
  { error: 'is no kind of record this version knows' },
);
export type HistoryRecordWire = z.output<typeof historyRecordSchema>;

/** The first line. */
export const historyHeaderSchema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  kind: z.literal('HistoryExport'),
  exported_at: instant,
});
export type HistoryHeaderWire = z.output<typeof historyHeaderSchema>;

/** The last line, by which a reader knows that nothing was cut off. */
export const historyEndSchema = z.object({
  record: z.literal('end'),
  records: count.describe('how many lines there are between the first and this one'),
});
export type HistoryEndWire = z.output<typeof historyEndSchema>;

/** Any line of an export. */
export const historyLineSchema = z
  .union([historyHeaderSchema, historyRecordSchema, historyEndSchema])
  .describe('one line of an export: the header, then the records, then the end');

/** What the store holds. */
export const historyStatusSchema = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  kind: z.literal('HistoryStatus'),
  timestamp: instant,
  path: text,
  state: z.enum(['absent', 'usable', 'too_new', 'unreadable']),
  reason: text.nullable().describe('why it cannot be used; null where it can, or is not there'),
  size_bytes: bytes.describe('of all files of the store'),
  first_at: instant.nullable(),
  last_at: instant.nullable().describe('the last scan that was added'),
  scans: count,
  pools: count,
  storage_classes: count,
  volumes: count,
  points: count.describe('rows of usage, of all kinds'),
  open_findings: count,
  closed_findings: count,
  clusters: identities,
  systems: identities,
  set_aside: z
    .array(text)
    .describe('files that could not be read and were put beside the store, never removed'),
});
export type HistoryStatusWire = z.output<typeof historyStatusSchema>;
