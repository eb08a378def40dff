import { type StorageAnalysis } from '../model/analysis.ts';
import { type FullReport } from '../model/full-report.ts';
import { analysisToWire, toVolume } from '../render/wire/analysis.ts';
import { fullReportHeadToWire } from '../render/wire/full-report.ts';
import { toWire } from '../render/wire/orphan-report.ts';
import { validationToWire } from '../render/wire/validation.ts';
import { partOfValidation } from './documents/part-of-validation.ts';
import { toReportSummary } from './documents/report-summary.ts';
import { toSnapshotTrends, toTrends } from './documents/trends.ts';
import { toTrueNasInfo } from './documents/truenas-info.ts';
import { toUsage } from './documents/usage.ts';
import { written, writtenList, writtenObject, type Written } from './documents/written.ts';
import { type DocumentName } from './served-scan.ts';

/** An analysis; its volumes, which are all there is much of, are written one by one. */
function writtenAnalysis(analysis: StorageAnalysis): Written {
  const wire = analysisToWire({ ...analysis, volumes: [] });
  return writtenObject(
    Object.entries(wire).map(([name, value]) => [
      name,
      name === 'volumes' ? writtenList(analysis.volumes, toVolume) : [written(value)],
    ]),
  );
}

/** Everything a scan says: what was written for the other documents is not made again. */
function writtenReport(
  full: FullReport,
  parts: Readonly<Record<'analysis' | 'validation' | 'health', Written>>,
): Written {
  const { changes, comparison, ...head } = fullReportHeadToWire(full);
  return writtenObject([
    ...Object.entries(head).map(([name, value]) => [name, [written(value)]] as const),
    ['orphans', [written(toWire(full.report))]],
    ['analysis', [parts.analysis]],
    ['validation', [parts.validation]],
    ['health', [parts.health]],
    ['changes', [written(changes)]],
    ['comparison', [written(comparison)]],
  ]);
}

/** What is served whole, as JSON, made once for all who ask for it. */
export function documentsOf(full: FullReport): Readonly<Record<DocumentName, Written>> {
  const analysis = writtenAnalysis(full.analysis);
  const validation = written(validationToWire(full.validation));
  const health = written(validationToWire(full.health));
  const config = partOfValidation(full.validation, 'config');
  const connectivity = partOfValidation(full.validation, 'connectivity');
  return {
    'truenas/info': written(toTrueNasInfo(full)),
    analysis,
    'analysis/usage': written(toUsage(full.analysis)),
    'analysis/trends': written(toTrends(full.analysis)),
    validate: validation,
    'validate/config': written(validationToWire(config)),
    'validate/connectivity': written(validationToWire(connectivity)),
    health,
    'reports/summary': written(toReportSummary(full)),
    'reports/detailed': writtenReport(full, { analysis, validation, health }),
    'snapshots/trends': written(toSnapshotTrends(full.analysis)),
  };
}
