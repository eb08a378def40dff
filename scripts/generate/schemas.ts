import { z } from 'zod';
import { planSchema } from '../../src/lib/core/cleanup/plan-schema.ts';
import { cleanupHistorySchema, runSchema } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import { auditLineSchema } from '../../src/lib/core/cleanup/audit-schema.ts';
import { fullReportSchema } from '../../src/lib/core/render/wire/full-report-schema.ts';
import { explanationSchema } from '../../src/lib/core/render/wire/explanation-schema.ts';
import { analysisSchema } from '../../src/lib/core/render/wire/analysis-schema.ts';
import {
  historyLineSchema,
  historyStatusSchema,
} from '../../src/lib/core/render/wire/history-schema.ts';
import { validationSchema } from '../../src/lib/core/render/wire/validation-schema.ts';
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
  ['cleanup-audit', 'CleanupAudit', auditLineSchema],
  ['error', 'Error', errorSchema],
] as const;

/** The JSON Schema of every output, by path. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    published.map(([name, title, schema]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
      const document = { $schema, $id: `${name}.schema.json`, title, ...rest };
      return [`schemas/${name}.schema.json`, `${JSON.stringify(document, null, 2)}\n`];
    }),
  );
}
