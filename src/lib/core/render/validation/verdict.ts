import { type OverallStatus, type ValidationSummary } from '../../model/validation.ts';
import { counted } from '../text/format.ts';
import { countsText } from './counts.ts';

/** What it all comes to, in one sentence, and whether that can be trusted. */
export function verdictText(summary: ValidationSummary): string {
  const { overall, results, filteredOut, suppressed } = summary;
  const outside = filteredOut === 0 ? '' : `; ${counted(filteredOut, 'result')} outside the filter`;
  // Of nothing there is no verdict, whatever an exit code has to make of it.
  if (results.length === 0) {
    return `Nothing was checked${suppressed.length > 0 ? ' but what is suppressed' : ''}${outside}.`;
  }
  const counts = `${counted(results.length, 'check')}: ${countsText(results)}${outside}.`;
  return `${overall}: ${MEANINGS[overall]}${counts}`;
}

const MEANINGS: Readonly<Record<OverallStatus, string>> = {
  PASS: '',
  WARNING: '',
  FAIL: '',
  UNKNOWN: 'nothing that could be checked is wrong, but not all of it could be. ',
};
