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
  packed,
  packedObject,
  type PackedObject,
  type Pieces,
  written,
  writtenList,
  writtenObject,
} from './documents/written.ts';
import { type PackedPart, type Packing } from './packed-text.ts';
import { type DocumentName } from './served-scan.ts';

/** An analysis; its volumes, which are all there is much of, are written one by one. */
function writtenAnalysis(analysis: StorageAnalysis): Pieces {
  const wire = analysisToWire({ ...analysis, volumes: [] });
  return writtenObject(
    Object.entries(wire).map(([name, value]) => [
      name,
      name === 'volumes' ? writtenList(analysis.volumes, toVolume) : written(value),
    ]),
  );
}

/** Everything a scan says. */
function packedReport(full: FullReport, packing: Pick<Packing, 'pack'>): PackedObject {
  const { changes, comparison, ...head } = fullReportHeadToWire(full);
  return packedObject(
    [
      ...Object.entries(head).map(([name, value]) => [name, written(value)] as const),
      ['orphans', written(toWire(full.report))],
      ['analysis', writtenAnalysis(full.analysis)],
      ['validation', written(validationToWire(full.validation))],
      ['health', written(validationToWire(full.health))],
      ['changes', written(changes)],
      ['comparison', written(comparison)],
    ],
    packing,
  );
}

/** What is served whole, as JSON, made once for all who ask for it. */
export function documentsOf(
  full: FullReport,
  packing: Pick<Packing, 'pack'>,
): Readonly<Record<DocumentName, PackedPart>> {
  const detailed = packedReport(full, packing);
  const document = (value: unknown): PackedPart => packed(written(value), packing);
  const config = partOfValidation(full.validation, 'config');
  const connectivity = partOfValidation(full.validation, 'connectivity');
  return {
    'truenas/info': document(toTrueNasInfo(full)),
    // The documents the report consists of are kept once: these are parts of it.
    analysis: detailed.member('analysis'),
    'analysis/usage': document(toUsage(full.analysis)),
    'analysis/trends': document(toTrends(full.analysis)),
    validate: detailed.member('validation'),
    'validate/config': document(validationToWire(config)),
    'validate/connectivity': document(validationToWire(connectivity)),
    health: detailed.member('health'),
    'reports/summary': document(toReportSummary(full)),
    'reports/detailed': detailed.whole,
    'snapshots/trends': document(toSnapshotTrends(full.analysis)),
  };
}
