import { z } from 'zod';
import { RECOMMENDATION_ACTIONS } from '../../model/analysis.ts';
import { SEVERITIES } from '../../model/finding.ts';
import { RESOURCE_TYPES, SURROUNDING_TYPES } from '../../model/resource-ref.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import {
  bytes,
  capacityForecast,
  change,
  count,
  day,
  forecast,
  growth,
  history,
  instant,
  rate,
  ratio,
} from './analysis-trend-schema.ts';
import { orphanReportSchema } from './schema.ts';

/* The wire form of an analysis. Bytes are physical, days are days of UTC. */

const report = orphanReportSchema.shape;
const text = z.string();
const severity = z.enum(SEVERITIES);

const space = {
  provisioned_bytes: bytes.describe('promised: quota, zvol size or request'),
  used_bytes: bytes.describe('without snapshots'),
  snapshot_bytes: bytes.describe('what only snapshots hold'),
  snapshot_count: count.nullable(),
  compression_ratio: ratio.nullable().describe('logical against physical; null where unknown'),
};

const pool = z.strictObject({
  name: text,
  system: text,
  status: text,
  severity: severity.nullable().describe('how pressing it is; null where it is not'),
  capacity_bytes: bytes.nullable().describe('usable, without parity'),
  available_bytes: bytes.nullable(),
  ...space,
  provisioned_bytes: space.provisioned_bytes
    .nullable()
    .describe('promised: quota, zvol size or request; null where not all was read'),
  used_ratio: ratio.nullable().describe('used and snapshots of the capacity'),
  overcommit_ratio: ratio.nullable().describe('provisioned of the capacity'),
  volumes: count.nullable().describe('null where not all were read'),
  growth,
  forecast,
  history: history.describe('used with snapshots'),
  ahead: z
    .array(z.strictObject({ day, bytes, low_bytes: bytes, high_bytes: bytes }))
    .describe('what is expected, with a 90 % interval'),
});

const storageClass = z.strictObject({
  name: text,
  cluster: text,
  ...space,
  volumes: count,
  growth,
  history,
});

const volume = z.strictObject({
  name: text.describe('of the PersistentVolume'),
  cluster: text,
  namespace: text.nullable().describe('of its claim'),
  claim: text.nullable(),
  storage_class: text.nullable(),
  system: text,
  pool: text,
  dataset: text,
  ...space,
  used_ratio: ratio.nullable().describe('used of provisioned'),
  pressure: z
    .enum(['warning', 'critical'])
    .nullable()
    .describe('by the thresholds for volumes; null below them'),
  growth,
  forecast: forecast.describe('when its own quota is reached'),
  snapshots: z.strictObject({
    mapped: count
      .nullable()
      .describe('those with a VolumeSnapshot; null where not all were listed'),
    oldest_at: instant.nullable(),
    newest_at: instant.nullable(),
    beyond_retention: count.nullable().describe('null where no retention is configured'),
    undated: count.nullable(),
    bytes_per_day: rate.nullable(),
  }),
  history: history.describe('without snapshots'),
});

const subject = {
  type: z.enum([...RESOURCE_TYPES, ...SURROUNDING_TYPES]),
  name: text,
  namespace: text.nullable(),
  cluster: text.nullable(),
  system: text.nullable(),
};

const snapshots = z.strictObject({
  count: count.nullable().describe('null where not all were listed'),
  bytes: bytes
    .nullable()
    .describe('what only snapshots hold, of all pools; null where not all datasets were read'),
  mapped: count.nullable().describe('those with a VolumeSnapshot'),
  unmapped: count.nullable(),
  undated: count.nullable().describe('those whose creation time could not be told'),
  retention_seconds: z.number().nullable(),
  beyond_retention: count.nullable(),
  stuck: z.array(z.strictObject({ ...subject, reason: text, since: instant.nullable() })),
  growth,
  history,
});

const anomaly = z
  .strictObject({
    ...subject,
    severity,
    day,
    bytes: change.describe('change of that day'),
    usual_bytes: change.describe('median change of a day'),
    deviations: ratio.describe('scaled median absolute deviations from the usual'),
  })
  .describe('a day on which something changed far beyond its habit');

const recommendation = z.strictObject({
  action: z.enum(RECOMMENDATION_ACTIONS),
  ...subject,
  message: text,
  gain_bytes: bytes.nullable().describe('free again; null where it frees none'),
  gain_days: z.number().nullable().describe('until full, won; null where that cannot be told'),
  numbers: z.array(
    z.strictObject({
      label: text,
      value: z.number(),
      unit: z.enum(['bytes', 'bytes_per_day', 'days', 'ratio', 'count']),
    }),
  ),
  steps: z.array(text).describe('what to do, in order'),
});

export const analysisSchema = z
  .strictObject({
    schema_version: z.literal(SCHEMA_VERSION),
    kind: z.literal('StorageAnalysis'),
    timestamp: instant,
    scan_duration_seconds: report.scan_duration_seconds,
    cached: report.cached,
    cached_age_seconds: report.cached_age_seconds,
    complete: report.complete,
    sources: report.sources,
    clusters: report.clusters,
    systems: report.systems,
    history: z.strictObject({
      first_at: instant.nullable(),
      last_at: instant.nullable(),
      days: count.describe('days with a scan, of those that were asked for'),
      asked_days: count,
    }),
    total_capacity_bytes: bytes
      .nullable()
      .describe('of the pools volumes live on; null, as the sums below, where not all was read'),
    total_allocated_bytes: bytes.nullable().describe('promised to volumes'),
    total_used_bytes: bytes.nullable().describe('taken by volumes, snapshots apart'),
    total_snapshot_bytes: bytes.nullable().describe('held by snapshots of volumes'),
    thin_provisioning_efficiency: z
      .number()
      .nullable()
      .describe(
        'part of what was promised that is not taken; null where nothing was promised, or unknown',
      ),
    pool_overcommitment_ratio: ratio.nullable(),
    growth_trend: growth.describe('of all those pools together'),
    capacity_forecast: capacityForecast,
    pools: z.array(pool),
    storage_classes: z.array(storageClass),
    volumes: z.array(volume).describe('all of them, largest growth first'),
    snapshots,
    anomalies: z.array(anomaly),
    recommendations: z.array(recommendation).describe('largest gain first'),
    notes: z.array(text).describe('what cannot be said, and why'),
    warnings: report.warnings,
  })
  .describe('where the space goes and when it runs out, from one scan and those before it');

export type AnalysisWire = z.infer<typeof analysisSchema>;
