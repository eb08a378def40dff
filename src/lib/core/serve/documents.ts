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
import {
  written,
  writtenList,
  writtenObject,
  type Written,
  type WrittenObject,
} from './documents/written.ts';
import { type DocumentName } from './served-scan.ts';

/** An analysis; its volumes, which are all there is much of, are written one by one. */
function writtenAnalysis(analysis: StorageAnalysis): Written {
  const wire = analysisToWire({ ...analysis, volumes: [] });
  return writtenObject(
    Object.entries(wire).map(([name, value]) => [
      name,
      name === 'volumes' ? writtenList(analysis.volumes, toVolume) : [written(value)],
    ]),
  ).text;
}

/** Everything a scan says. */
function writtenReport(full: FullReport): WrittenObject {
  const { changes, comparison, ...head } = fullReportHeadToWire(full);
  return writtenObject([
    ...Object.entries(head).map(([name, value]) => [name, [written(value)]] as const),
    ['orphans', [written(toWire(full.report))]],
    ['analysis', [writtenAnalysis(full.analysis)]],
    ['validation', [written(validationToWire(full.validation))]],
    ['health', [written(validationToWire(full.health))]],
    ['changes', [written(changes)]],
    ['comparison', [written(comparison)]],
  ]);
}

/** What is served whole, as JSON, made once for all who ask for it. */
export function documentsOf(full: FullReport): Readonly<Record<DocumentName, Written>> {
  const detailed = writtenReport(full);
  const config = partOfValidation(full.validation, 'config');
  const connectivity = partOfValidation(full.validation, 'connectivity');
  return {
    'truenas/info': written(toTrueNasInfo(full)),
    // The documents the report consists of are kept once: these are views of it.
    analysis: detailed.member('analysis'),
    'analysis/usage': written(toUsage(full.analysis)),
    'analysis/trends': written(toTrends(full.analysis)),
    validate: detailed.member('validation'),
    'validate/config': written(validationToWire(config)),
    'validate/connectivity': written(validationToWire(connectivity)),
    health: detailed.member('health'),
    'reports/summary': written(toReportSummary(full)),
    'reports/detailed': detailed.text,
    'snapshots/trends': written(toSnapshotTrends(full.analysis)),
  };
}
