import { describe, expect, test } from 'vitest';
import { rememberFirstSeen, withoutGaps } from '../../src/lib/app/first-seen.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type Rule } from '../../src/lib/core/model/rule.ts';
import { firstSeenKey } from '../../src/lib/core/rules/evaluate.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { WATCHED_RULES } from '../../src/lib/core/rules/watched.ts';
import { refToSnapshot } from '../../src/lib/core/model/subjects.ts';
import { anInventory, aZfsSnapshot } from '../support/builders.ts';

const DAY = 86_400_000;
const THIRD = DEFAULT_POLICY.quarantineFor / 3;
const START = Date.parse('2026-10-01T00:00:00Z');
const snapshot = refToSnapshot(aZfsSnapshot());

function ruleOf(id: string): Rule {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
}

/** Since when the snapshot is a suspect, after scans at these times; null where the rule did not run in the last of them. */
function seenSince(id: string, times: readonly number[], hasRun: (time: number) => boolean) {
  const rule = ruleOf(id);
  const member = { scope: 'system', name: 'nas1' } as const;
  let dates: ReadonlyMap<string, Date> = new Map();
  const inventoryAt = (time: number) => {
    const takenAt = new Date(START + time);
    return { ...anInventory(), takenAt, firstSeen: withoutGaps(dates, takenAt, DEFAULT_POLICY) };
  };
  for (const time of times) {
    const candidates = [{ rule, member, verdict: { subject: snapshot } }];
    dates = rememberFirstSeen(
      inventoryAt(time),
      hasRun(time) ? [{ state: 'ran', rule, member, examined: 1, candidates }] : [],
    );
  }
  const since = dates.get(firstSeenKey({ inventory: anInventory() }, rule, snapshot));
  return since === undefined ? undefined : since.getTime() - START;
}

const always = () => true;

describe.each(WATCHED_RULES)('what %s has seen is destroyed without a quarantine', (id) => {
  test('and counts from the first sight where it looked often enough', () => {
    expect(seenSince(id, [0, THIRD, 2 * THIRD, 3 * THIRD], always)).toBe(0);
  });

  test('and counts anew after a gap, though it was there at both ends', () => {
    expect(seenSince(id, [0, 8 * DAY], always)).toBe(8 * DAY);
    expect(seenSince(id, [0, THIRD + 1], always)).toBe(THIRD + 1);
  });

  test('and a scan that did not look at it fills no gap', () => {
    expect(seenSince(id, [0, 2 * DAY, 4 * DAY, 6 * DAY], (time) => time !== 2 * DAY)).toBe(4 * DAY);
  });

  test('and counts anew where an older version kept the dates alone', () => {
    const key = firstSeenKey({ inventory: anInventory() }, ruleOf(id), snapshot);
    const old = new Map([[key, new Date(START)]]);
    expect(withoutGaps(old, new Date(START + DAY), DEFAULT_POLICY)).toEqual(new Map());
  });
});

test('what is put aside first, or loses no data, is remembered across any gap', () => {
  expect(seenSince('nfs-share-dangling', [0, 80 * DAY], always)).toBe(0);
});

test('only rules that remember are watched', () => {
  expect(WATCHED_RULES.map((id) => ruleOf(id).remembers)).toEqual(WATCHED_RULES.map(() => true));
});
