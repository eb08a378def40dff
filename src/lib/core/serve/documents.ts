import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type FullReport } from '../model/full-report.ts';
import { analysisToWire } from '../render/wire/analysis.ts';
import { fullReportToWire } from '../render/wire/full-report.ts';
import { validationToWire } from '../render/wire/validation.ts';
import { type DocumentName } from './served-scan.ts';

function written(value: unknown): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(utf8ToBytes(JSON.stringify(value)));
}

/** What is served whole, as JSON. */
export function documentsOf(
  full: FullReport,
): Readonly<Partial<Record<DocumentName, Uint8Array<ArrayBuffer>>>> {
  return {
    analysis: written(analysisToWire(full.analysis)),
    validate: written(validationToWire(full.validation)),
    health: written(validationToWire(full.health)),
    'reports/detailed': written(fullReportToWire(full)),
  };
}
