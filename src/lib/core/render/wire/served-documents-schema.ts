import { z } from 'zod';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { analysisSchema } from './analysis-schema.ts';
import { fullReportSchema } from './full-report-schema.ts';
import { orphanReportSchema } from './schema.ts';
import { validationSchema } from './validation-schema.ts';

/* The wire form of parts of a scan that are served by themselves, so that nobody has to fetch all of it for a few numbers. */

const report = orphanReportSchema.shape;
const analysis = analysisSchema.shape;
const validation = validationSchema.shape;
const pool = analysis.pools.element.shape;
const storageClass = analysis.storage_classes.element.shape;
const volume = analysis.volumes.element.shape;
const snapshots = analysis.snapshots.shape;
const count = z.int().nonnegative();

const facts = {
  timestamp: report.timestamp,
  cached: report.cached,
  cached_age_seconds: report.cached_age_seconds,
  complete: report.complete,
};
const version = { schema_version: z.literal(SCHEMA_VERSION) };

export const trueNasInfoSchema = z
  .strictObject({
    ...version,
    kind: z.literal('TrueNasInfo'),
    ...facts,
    systems: z.array(
      report.systems.element.extend({
        clock: report.timestamp.nullable().describe('its own, at the time of the scan'),
        connection: validation.connections.element.nullable().describe('how it was reached'),
        sources: z.array(report.sources.element.omit({ system: true, cluster: true })),
      }),
    ),
  })
  .describe('the TrueNAS systems, and how much of each was read');

export const usageSummarySchema = z
  .strictObject({
    ...version,
    kind: z.literal('UsageSummary'),
    ...facts,
    total_capacity_bytes: analysis.total_capacity_bytes,
    total_allocated_bytes: analysis.total_allocated_bytes,
    total_used_bytes: analysis.total_used_bytes,
    total_snapshot_bytes: analysis.total_snapshot_bytes,
    thin_provisioning_efficiency: analysis.thin_provisioning_efficiency,
    pool_overcommitment_ratio: analysis.pool_overcommitment_ratio,
    volumes: count.describe('volumes that were measured'),
    pools: z.array(
      z.strictObject(pool).omit({ growth: true, forecast: true, history: true, ahead: true }),
    ),
    storage_classes: z.array(z.strictObject(storageClass).omit({ growth: true, history: true })),
    fullest_volumes: z
      .array(
        z.strictObject({
          name: volume.name,
          cluster: volume.cluster,
          namespace: volume.namespace,
          claim: volume.claim,
          storage_class: volume.storage_class,
          system: volume.system,
          dataset: volume.dataset,
          provisioned_bytes: volume.provisioned_bytes,
          used_bytes: volume.used_bytes,
          used_ratio: volume.used_ratio,
          pressure: volume.pressure,
        }),
      )
      .describe('the volumes with the least room left, at most twenty'),
  })
  .describe('where the space is now');

export const growthTrendsSchema = z
  .strictObject({
    ...version,
    kind: z.literal('GrowthTrends'),
    ...facts,
    history: analysis.history,
    growth_trend: analysis.growth_trend,
    capacity_forecast: analysis.capacity_forecast,
    pools: z.array(
      z.strictObject({
        name: pool.name,
        system: pool.system,
        severity: pool.severity,
        growth: pool.growth,
        forecast: pool.forecast,
        history: pool.history,
        ahead: pool.ahead,
      }),
    ),
    storage_classes: z.array(
      z.strictObject({
        name: storageClass.name,
        cluster: storageClass.cluster,
        growth: storageClass.growth,
        history: storageClass.history,
      }),
    ),
    fastest_volumes: z
      .array(
        z.strictObject({
          name: volume.name,
          cluster: volume.cluster,
          namespace: volume.namespace,
          claim: volume.claim,
          system: volume.system,
          dataset: volume.dataset,
          growth: volume.growth,
          forecast: volume.forecast,
          history: volume.history,
        }),
      )
      .describe('the volumes that grow most, at most twenty'),
    anomalies: analysis.anomalies,
    notes: analysis.notes,
  })
  .describe('how the space grows, and when it runs out');

export const snapshotTrendsSchema = z
  .strictObject({
    ...version,
    kind: z.literal('SnapshotTrends'),
    ...facts,
    days: analysis.history,
    ...snapshots,
    heaviest_volumes: z
      .array(
        z.strictObject({
          name: volume.name,
          cluster: volume.cluster,
          namespace: volume.namespace,
          claim: volume.claim,
          system: volume.system,
          dataset: volume.dataset,
          snapshot_bytes: volume.snapshot_bytes,
          snapshot_count: volume.snapshot_count,
          snapshots: volume.snapshots,
        }),
      )
      .describe('the volumes whose snapshots hold most, at most twenty'),
  })
  .describe('how many snapshots there are, what they hold, and how that grows');

const checks = z.strictObject({
  overall_status: validation.overall_status,
  total_checks: count,
  passed_checks: count,
  failed_checks: count,
  warning_checks: count,
  skipped_checks: count,
});

const findingShape = report.findings.element.shape;

export const reportSummarySchema = z
  .strictObject({
    ...version,
    kind: z.literal('ReportSummary'),
    ...facts,
    clusters: report.clusters,
    systems: report.systems,
    incomplete_sources: z.array(report.sources.element).describe('those that were not complete'),
    orphans: report.summary,
    worst_findings: z
      .array(
        z.strictObject({
          id: findingShape.id,
          rule: findingShape.rule,
          severity: findingShape.severity,
          confidence: findingShape.confidence,
          type: findingShape.type,
          name: findingShape.name,
          namespace: findingShape.namespace,
          cluster: findingShape.cluster,
          system: findingShape.system,
          reason: findingShape.reason,
          reclaimable_bytes: findingShape.reclaimable_bytes,
        }),
      )
      .describe('the worst findings, at most twenty'),
    capacity: z.strictObject({
      total_capacity_bytes: analysis.total_capacity_bytes,
      total_allocated_bytes: analysis.total_allocated_bytes,
      total_used_bytes: analysis.total_used_bytes,
      total_snapshot_bytes: analysis.total_snapshot_bytes,
      thin_provisioning_efficiency: analysis.thin_provisioning_efficiency,
      pool_overcommitment_ratio: analysis.pool_overcommitment_ratio,
      growth_trend: analysis.growth_trend,
      capacity_forecast: analysis.capacity_forecast,
    }),
    validation: checks,
    health: checks,
    changes: z
      .strictObject({
        since: report.timestamp,
        new: count,
        fixed: count,
        unknown: count,
        came_and_went: count,
      })
      .nullable()
      .describe('since the last report of this estate; null where none is remembered'),
    recommendations: analysis.recommendations.describe('what gains most, at most ten'),
    warnings: report.warnings,
  })
  .describe('an estate on one page');

/** Documents that other commands print as well, by the same schema. */
export { analysisSchema, fullReportSchema, validationSchema };

export type TrueNasInfoWire = z.infer<typeof trueNasInfoSchema>;
export type UsageSummaryWire = z.infer<typeof usageSummarySchema>;
export type GrowthTrendsWire = z.infer<typeof growthTrendsSchema>;
export type SnapshotTrendsWire = z.infer<typeof snapshotTrendsSchema>;
export type ReportSummaryWire = z.infer<typeof reportSummarySchema>;
