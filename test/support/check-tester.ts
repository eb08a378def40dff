import { describe, expect, test } from 'vitest';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { gatesOf } from '../../src/lib/core/correlate/sources.ts';
import { freezeInventory, type Inventory } from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/lib/core/model/policy.ts';
import { refKey } from '../../src/lib/core/model/resource-ref.ts';
import { type CheckOutcome, type CheckStatus } from '../../src/lib/core/model/validation.ts';
import { checkOutcomes } from '../../src/lib/core/report/check-outcomes.ts';
import { type CheckRule } from '../../src/lib/core/rules/define-check.ts';
import { withoutList } from './rule-tester.ts';

/** Worlds by what is claimed about them: the outcomes of the check there, as `STATUS name` in any order. */
export type CheckCases = Readonly<
  Record<string, readonly [Inventory, readonly string[], Partial<Policy>?]>
>;

/** What a check says of a world. */
export function outcomesIn(
  check: CheckRule,
  inventory: Inventory,
  policy: Partial<Policy> = {},
): readonly CheckOutcome[] {
  const limits = { ...DEFAULT_POLICY, ...policy };
  return checkOutcomes([check], correlate(inventory, limits), limits).map(({ outcome }) => outcome);
}

function summary({ status, subject }: CheckOutcome): string {
  if (subject === null) return status;
  const { namespace, name } = subject;
  return `${status} ${namespace === null ? '' : `${namespace}/`}${name}`;
}

/** Checks a check's claims, which have to cover a pass and a failure, and the laws every one obeys. */
export function testCheck(check: CheckRule, cases: CheckCases): void {
  describe(check.id, () => {
    for (const [claim, [inventory, expected, policy]] of Object.entries(cases)) {
      test(claim, () => {
        const found = outcomesIn(check, inventory, policy).map(summary);
        expect(found.sort()).toEqual([...expected].sort());
      });
      describe(`laws, where it ${claim}`, () => {
        testLaws(check, inventory, policy);
      });
    }
    test('is shown to pass and to fail', () => {
      const shown = new Set<CheckStatus>(
        Object.values(cases).flatMap(([inventory, , policy]) =>
          outcomesIn(check, inventory, policy).map(({ status }) => status),
        ),
      );
      expect(shown.has('PASS')).toBe(true);
      expect(shown.has('FAIL') || shown.has('WARNING')).toBe(true);
    });
  });
}

function testLaws(check: CheckRule, inventory: Inventory, policy?: Partial<Policy>): void {
  test('judges each object once', () => {
    const keys = outcomesIn(check, inventory, policy).flatMap(({ subject }) =>
      subject === null ? [] : refKey(subject),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('reports only types it names', () => {
    for (const { subject } of outcomesIn(check, inventory, policy)) {
      if (subject !== null) expect(check.subjects).toContain(subject.type);
    }
  });

  test('says the same in any order', () => {
    const turned = {
      ...inventory,
      clusters: inventory.clusters.map((each) => ({ ...each, lists: reversed(each.lists) })),
      systems: inventory.systems.map((each) => ({ ...each, lists: reversed(each.lists) })),
    } as Inventory;
    const sorted = (world: Inventory) =>
      outcomesIn(check, world, policy)
        .map(({ id, status }) => `${id} ${status}`)
        .sort();
    expect(sorted(turned)).toEqual(sorted(inventory));
  });

  test('leaves what it is given as it is', () => {
    expect(() => outcomesIn(check, freezeInventory(inventory), policy)).not.toThrow();
  });

  test('is skipped, and neither passes nor fails, where a decisive list could not be read', () => {
    for (const source of check.requires.flatMap(gatesOf)) {
      const outcomes = outcomesIn(check, withoutList(inventory, source), policy);
      expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'SKIPPED'));
      expect(outcomes.every(({ message }) => message.includes('the server said no'))).toBe(true);
    }
  });

  test('words what it saw as a fact, and what to do as sentences', () => {
    for (const { message, steps, status } of outcomesIn(check, inventory, policy)) {
      expect(message).toMatch(/[^.\s]$/);
      expect(message).not.toMatch(/undefined|null|NaN|\[object/);
      if (status === 'FAIL' || status === 'WARNING') expect(steps).not.toEqual([]);
      for (const step of steps) expect(step).toMatch(/^[A-Z`].*\.$/s);
    }
  });
}

function reversed(
  lists: Readonly<Record<string, { readonly items: readonly unknown[] } | undefined>>,
): object {
  return Object.fromEntries(
    Object.entries(lists).map(([source, listing]) => [
      source,
      { ...listing, items: (listing?.items ?? []).toReversed() },
    ]),
  );
}
