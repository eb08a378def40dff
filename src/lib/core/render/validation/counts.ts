import { CHECK_STATUSES, type CheckOutcome, type CheckStatus } from '../../model/validation.ts';

/** How many results of each status there are. */
export function countsOf(results: readonly CheckOutcome[]): Readonly<Record<CheckStatus, number>> {
  const counts = { FAIL: 0, WARNING: 0, SKIPPED: 0, PASS: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}

const WORDS = {
  FAIL: ['failed', 'failed'],
  WARNING: ['warning', 'warnings'],
  SKIPPED: ['skipped', 'skipped'],
  PASS: ['passed', 'passed'],
} as const satisfies Record<CheckStatus, readonly [string, string]>;

/** `2 failed, 1 warning, 36 passed`: those there are, worst first. */
export function countsText(results: readonly CheckOutcome[]): string {
  const counts = countsOf(results);
  return CHECK_STATUSES.filter((status) => counts[status] > 0)
    .map((status) => {
      const [singular, plural] = WORDS[status];
      return `${String(counts[status])} ${counts[status] === 1 ? singular : plural}`;
    })
    .join(', ');
}

/** Something is wrong with it. */
export function isWrong({ status }: CheckOutcome): boolean {
  return status === 'FAIL' || status === 'WARNING';
}
