import { type OverallStatus, type ValidationSummary } from '../../model/validation.ts';
import { counted } from '../text/format.ts';
import { countsText } from './counts.ts';

/** What it all comes to, in one sentence, and whether that can be trusted. */
export function verdictText(summary: ValidationSummary): string {
  const { overall, results, filteredOut } = summary;
  if (results.length === 0) return withoutResults(summary);
  const outside = filteredOut === 0 ? '' : `; ${counted(filteredOut, 'result')} outside the filter`;
  const counts = `${counted(results.length, 'check')}: ${countsText(results)}${outside}.`;
  return `${overall}: ${MEANINGS[overall]}${counts}`;
}

/** Of nothing there is no verdict, whatever an exit code has to make of it. */
function withoutResults({ filteredOut, suppressed }: ValidationSummary): string {
  const isSuppressed = suppressed.length > 0;
  if (filteredOut === 0)
    return `Nothing was checked${isSuppressed ? ' but what is suppressed' : ''}.`;
  const count = counted(filteredOut + suppressed.length, 'check');
  return `Of ${count} none is as severe as --min-severity asks for${isSuppressed ? ', but for what is suppressed' : ''}.`;
}

const MEANINGS: Readonly<Record<OverallStatus, string>> = {
  PASS: '',
  WARNING: '',
  FAIL: '',
  UNKNOWN: 'nothing that could be checked is wrong, but not all of it could be. ',
};
