import { describe, expect, it } from 'vitest';
import { whyNotRecordable } from '../../../src/lib/core/history/recordable.ts';
import { NO_FILTER } from '../../../src/lib/core/model/filter.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { RULES } from '../../../src/lib/core/rules/registry.ts';

const ASKED = { rules: RULES, filter: NO_FILTER };
const REPORT = { cachedFor: null, complete: true };

describe('a scan', () => {
  it('is one for the history where it says everything of what it read', () => {
    expect(whyNotRecordable(ASKED, REPORT)).toBeNull();
  });

  it.each([
    ['from the cache', ASKED, { ...REPORT, cachedFor: millis(1) }, /earlier scan/],
    ['that is incomplete', ASKED, { ...REPORT, complete: false }, /incomplete/],
    ['without one rule', { ...ASKED, rules: RULES.slice(1) }, REPORT, /every rule/],
    [
      'of one namespace',
      { ...ASKED, filter: { ...NO_FILTER, namespaces: ['a'] } },
      REPORT,
      /filter/,
    ],
    [
      'of what is severe',
      { ...ASKED, filter: { ...NO_FILTER, minSeverity: 'high' as const } },
      REPORT,
      /filter/,
    ],
  ])('%s is none', (_, asked, report, why) => {
    expect(whyNotRecordable(asked, report)).toMatch(why);
  });
});
