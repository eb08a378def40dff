import { assurance, type Check } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';

/** Names the first few of several things. */
function enumerate(items: readonly string[]): string {
  return `${items.slice(0, 3).join(', ')}${items.length > 3 ? ', …' : ''}`;
}

/**
 * That there is none of something. One that was found settles it; that none was found counts only where everything
 * was read, and is unknown otherwise.
 *
 * @param found names of what was found
 * @param coverages of the sources it was looked for in
 */
export function absenceOf(
  id: string,
  found: readonly string[],
  coverages: readonly Coverage[],
): Check {
  if (found.length > 0) return assurance(id, false, () => enumerate(found));
  for (const coverage of coverages) {
    if (coverage.state !== 'complete') {
      return assurance(id, undefined, `could not be read: ${coverage.reason}`);
    }
  }
  return assurance(id, true, 'none');
}
