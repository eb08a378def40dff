import { z } from 'zod';
import { configJsonSchema } from '../../src/lib/adapters/config/schema.ts';
import {
  claimListSchema,
  snapshotListSchema,
  storageClassListSchema,
  volumeListSchema,
} from '../../src/lib/core/render/wire/kubernetes-list-schema.ts';
import {
  datasetListSchema,
  poolListSchema,
  zfsSnapshotListSchema,
} from '../../src/lib/core/render/wire/truenas-list-schema.ts';
import { findingListSchema } from '../../src/lib/core/render/wire/list-schema.ts';
import {
  growthTrendsSchema,
  reportSummarySchema,
  snapshotTrendsSchema,
  trueNasInfoSchema,
  usageSummarySchema,
} from '../../src/lib/core/render/wire/served-documents-schema.ts';
import { planSchema } from '../../src/lib/core/cleanup/plan-schema.ts';
import { cleanupHistorySchema, runSchema } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import {
  planListSchema,
  planViewSchema,
  runListSchema,
} from '../../src/lib/core/render/wire/cleanup-served-schema.ts';
import { auditLineSchema } from '../../src/lib/core/cleanup/audit-schema.ts';
import { fullReportSchema } from '../../src/lib/core/render/wire/full-report-schema.ts';
import { explanationSchema } from '../../src/lib/core/render/wire/explanation-schema.ts';
import { analysisSchema } from '../../src/lib/core/render/wire/analysis-schema.ts';
import {
  historyLineSchema,
  historyStatusSchema,
} from '../../src/lib/core/render/wire/history-schema.ts';
import { validationSchema } from '../../src/lib/core/render/wire/validation-schema.ts';
import { eventSchema, eventTicketSchema } from '../../src/lib/core/serve/event-schema.ts';
import { scanRunSchema } from '../../src/lib/core/serve/scan-run-schema.ts';
import { errorSchema, orphanReportSchema } from '../../src/lib/core/render/wire/schema.ts';

const published = [
  ['orphan-report', 'OrphanReport', orphanReportSchema],
  ['validation-summary', 'ValidationSummary', validationSchema],
  ['storage-analysis', 'StorageAnalysis', analysisSchema],
  ['storage-report', 'StorageReport', fullReportSchema],
  ['explanation', 'Explanation', explanationSchema],
  ['history-export', 'HistoryExport', historyLineSchema],
  ['history-status', 'HistoryStatus', historyStatusSchema],
  ['cleanup-plan', 'CleanupPlan', planSchema],
  ['cleanup-run', 'CleanupRun', runSchema],
  ['cleanup-history', 'CleanupHistory', cleanupHistorySchema],
  ['cleanup-plan-view', 'CleanupPlanView', planViewSchema],
  ['cleanup-plan-list', 'CleanupPlanList', planListSchema],
  ['cleanup-run-list', 'CleanupRunList', runListSchema],
  ['cleanup-audit', 'CleanupAudit', auditLineSchema],
  ['scan-run', 'ScanRun', scanRunSchema],
  ['event', 'Event', eventSchema],
  ['event-ticket', 'EventTicket', eventTicketSchema],
  ['persistent-volume-list', 'PersistentVolumeList', volumeListSchema],
  ['persistent-volume-claim-list', 'PersistentVolumeClaimList', claimListSchema],
  ['volume-snapshot-list', 'VolumeSnapshotList', snapshotListSchema],
  ['storage-class-list', 'StorageClassList', storageClassListSchema],
  ['truenas-volume-list', 'TrueNasVolumeList', datasetListSchema],
  ['zfs-snapshot-list', 'ZfsSnapshotList', zfsSnapshotListSchema],
  ['pool-list', 'PoolList', poolListSchema],
  ['finding-list', 'FindingList', findingListSchema],
  ['truenas-info', 'TrueNasInfo', trueNasInfoSchema],
  ['usage-summary', 'UsageSummary', usageSummarySchema],
  ['growth-trends', 'GrowthTrends', growthTrendsSchema],
  ['snapshot-trends', 'SnapshotTrends', snapshotTrendsSchema],
  ['report-summary', 'ReportSummary', reportSummarySchema],
  ['error', 'Error', errorSchema],
] as const;

const CONFIG = 'config';

/** The JSON Schema of every output, and of the configuration, by path. */
export function schemaFiles(): Map<string, string> {
  const outputs = published.map(([name, title, schema]) => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
    return fileOf(name, { $schema, $id: idOf(name), title, ...rest });
  });
  const { $schema, ...rest } = configJsonSchema();
  return new Map([...outputs, fileOf(CONFIG, { $schema, $id: idOf(CONFIG), ...rest })]);
}

function idOf(name: string): string {
  return `${name}.schema.json`;
}

function fileOf(name: string, document: Record<string, unknown>): readonly [string, string] {
  return [`schemas/${idOf(name)}`, `${JSON.stringify(document, null, 2)}\n`];
}
