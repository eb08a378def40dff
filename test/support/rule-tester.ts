import { describe, expect, test } from 'vitest';
import { planSecondRead } from '../../src/lib/core/confirm/confirm.ts';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { gatesOf, listsFor } from '../../src/lib/core/correlate/sources.ts';
import { detailOf, type CheckResult } from '../../src/lib/core/model/check.ts';
import { SHELVES } from '../../src/lib/core/explain/catalogue.ts';
import { failed, type Listing } from '../../src/lib/core/model/coverage.ts';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import {
  freezeInventory,
  isClusterSource,
  type Inventory,
  type ListSource,
} from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { refKey } from '../../src/lib/core/model/resource-ref.ts';
import { type Rule } from '../../src/lib/core/model/rule.ts';
import { composeFinding } from '../../src/lib/core/report/compose-finding.ts';
import {
  evaluate,
  evaluateRule,
  isSettled,
  judgeMember,
  membersFor,
  type JudgedVerdict,
} from '../../src/lib/core/rules/evaluate.ts';

/** Worlds by what is claimed about them. */
export interface RuleCases {
  /** The names reported, each for certain. */
  readonly certain: Readonly<Record<string, readonly [Inventory, readonly string[]]>>;
  /** Present where every remedy above loses nothing that anybody may want; elsewhere none is safe. */
  readonly safe?: 'every';
  /** The names reported, each as no more than likely, and the check that says why. */
  readonly likely?: Readonly<Record<string, readonly [Inventory, readonly string[], string]>>;
  readonly silent: Readonly<Record<string, Inventory>>;
}

/** What the rule reports of a world in which every second look agrees with the first. */
export function findingsOf(rule: Rule, inventory: Inventory): readonly Finding[] {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  return evaluate([rule], evidence, DEFAULT_POLICY)
    .flatMap((outcome) => (outcome.state === 'ran' ? outcome.candidates : []))
    .filter(isSettled)
    .map((candidate) => composeFinding(candidate, evidence, true));
}

function namesOf(findings: readonly Finding[]): string[] {
  return findings
    .map(({ subject }) =>
      subject.namespace === null ? subject.name : `${subject.namespace}/${subject.name}`,
    )
    .sort();
}

/** How one check came out for one subject, suspect or not, and what it says was seen. */
export function checkOf(
  rule: Rule,
  inventory: Inventory,
  subject: string,
  check: string,
): readonly [CheckResult, string] | undefined {
  const found = judgedIn(rule, inventory, false)
    .filter(({ verdict }) => verdict.subject.name === subject)
    .flatMap(({ checks }) => checks)
    .find(({ id }) => id === check);
  return found && [found.result, detailOf(found)];
}

/** The lists of a system that the second read looks at before anything is reported of this world. */
export function systemListsReadAgain(rule: Rule, inventory: Inventory, system = 'nas1'): string[] {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  const candidates = evaluate([rule], evidence, DEFAULT_POLICY).flatMap((outcome) =>
    outcome.state === 'ran' ? outcome.candidates : [],
  );
  return [...(planSecondRead(candidates).systemLists.get(system) ?? [])].sort();
}

type AnyLists = Readonly<Record<string, Listing<unknown>>>;

/** The same world with every list changed by `change`. */
function mapLists(
  inventory: Inventory,
  change: (source: string, listing: Listing<unknown>) => Listing<unknown>,
): Inventory {
  const changed = (lists: AnyLists): AnyLists =>
    Object.fromEntries(
      Object.entries(lists).map(([source, listing]) => [source, change(source, listing)]),
    );
  return {
    ...inventory,
    clusters: inventory.clusters.map((cluster) => ({
      ...cluster,
      lists: changed(cluster.lists),
    })),
    systems: inventory.systems.map((system) => ({
      ...system,
      lists: changed(system.lists),
    })),
  };
}

/** The same world in which one list could not be read. */
export function withoutList(inventory: Inventory, lost: ListSource): Inventory {
  return mapLists(inventory, (source, listing) =>
    source === lost ? { coverage: failed('the server said no'), items: [] } : listing,
  );
}

/** Checks a rule's claims, and the laws every rule obeys. */
export function testRule(rule: Rule, cases: RuleCases): void {
  describe(rule.id, () => {
    for (const [name, [inventory, expected]] of Object.entries(cases.certain)) {
      test(`reports for certain: ${name}`, () => {
        const findings = findingsOf(rule, inventory);
        expect(namesOf(findings)).toEqual([...expected].sort());
        const doubts = findings.flatMap(({ evidence }) =>
          evidence.filter(({ result, check }) => result !== 'passed' && check !== 'no-nfs-client'),
        );
        expect(doubts).toEqual([]);
        expect(findings.every(({ confidence }) => confidence === 'certain')).toBe(true);
        const safe = cases.safe === 'every';
        expect(findings.map(({ remedy }) => remedy.safe)).toEqual(findings.map(() => safe));
      });
      describe(`laws, on: ${name}`, () => {
        testLaws(rule, inventory);
      });
    }
    for (const [name, [inventory, expected, doubt]] of Object.entries(cases.likely ?? {})) {
      test(`reports as likely: ${name}`, () => {
        const findings = findingsOf(rule, inventory);
        expect(namesOf(findings)).toEqual([...expected].sort());
        for (const { confidence, remedy, evidence } of findings) {
          expect(confidence).toBe('likely');
          expect(remedy.safe).toBe(false);
          expect(
            evidence.filter(({ result }) => result !== 'passed').map(({ check }) => check),
          ).toContain(doubt);
        }
      });
    }
    for (const [name, inventory] of Object.entries(cases.silent)) {
      test(`is silent about: ${name}`, () => {
        expect(namesOf(findingsOf(rule, inventory))).toEqual([]);
        expect(judgedIn(rule, inventory, false).filter(isSettled)).toEqual([]);
      });
    }
    test('says what was seen in each check, of whomever it judges', () => {
      for (const { checks } of worldsOf(cases).flatMap((world) => judgedIn(rule, world, false))) {
        for (const check of checks) {
          expect(detailOf(check)).toMatch(
            /^\S(?!.*(undefined|null|NaN|Invalid Date|\[object))(.*[^.\s])?$/s,
          );
        }
      }
    });
    test('places a subject on a dataset of a system, or nowhere', () => {
      for (const world of worldsOf(cases)) {
        const systems = world.systems.map(({ identity }) => identity.name);
        for (const { verdict } of judgedIn(rule, world, false)) {
          if (verdict.place === null) continue;
          expect(systems).toContain(verdict.place.system);
          expect(verdict.place.path).toMatch(/^[^/@]+(\/[^/@]+)*$/);
        }
      }
    });
    test('judges none but suspects where nobody else is wanted', () => {
      const judged = worldsOf(cases).flatMap((world) => judgedIn(rule, world, true));
      expect(judged.filter(({ verdict }) => verdict.premise.result === 'failed')).toEqual([]);
    });
  });
}

function worldsOf({ certain, likely = {}, silent }: RuleCases): readonly Inventory[] {
  return [...Object.values(certain), ...Object.values(likely)]
    .map(([inventory]) => inventory)
    .concat(Object.values(silent));
}

/** What an explanation would say of everyone, or a scan of the suspects. */
function judgedIn(rule: Rule, inventory: Inventory, suspectsOnly: boolean): JudgedVerdict[] {
  const evidence = correlate(inventory, DEFAULT_POLICY);
  return membersFor(rule, evidence).flatMap((member) => [
    ...judgeMember(rule, member, evidence, DEFAULT_POLICY, suspectsOnly).verdicts,
  ]);
}

function testLaws(rule: Rule, inventory: Inventory): void {
  const gates = new Set(rule.requires.flatMap((source) => [...gatesOf(source)]));
  test.each([...gates])('is skipped, and says why, when %s is not complete', (gate) => {
    const evidence = correlate(withoutList(inventory, gate), DEFAULT_POLICY);
    const outcomes = evaluate([rule], evidence, DEFAULT_POLICY);
    expect(outcomes.map(({ state }) => state)).toEqual(outcomes.map(() => 'skipped'));
    for (const outcome of outcomes) {
      if (outcome.state === 'skipped') {
        expect(outcome.because.map(({ name }) => name)).toContain(gate);
      }
    }
  });

  const others = [...listsFor([...rule.requires, ...rule.consults])].filter(
    (source) => !gates.has(source),
  );
  test.each(others)('finds nothing more, and nothing surer, without %s', (source) => {
    const before = new Map(findingsOf(rule, inventory).map((finding) => [finding.id, finding]));
    for (const finding of findingsOf(rule, withoutList(inventory, source))) {
      const known = before.get(finding.id);
      expect(known).toBeDefined();
      if (known?.confidence === 'likely') expect(finding.confidence).toBe('likely');
    }
  });

  test('finds the same whatever the order of the lists', () => {
    const reversed = mapLists(inventory, (_, listing) => ({
      ...listing,
      items: listing.items.toReversed(),
    }));
    const sorted = (findings: readonly Finding[]): Finding[] =>
      findings.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted(findingsOf(rule, reversed))).toEqual(sorted(findingsOf(rule, inventory)));
  });

  test('passes over nobody it would report when asked for everyone', () => {
    const evidence = correlate(inventory, DEFAULT_POLICY);
    const keys = (suspectsOnly: boolean): string[] =>
      membersFor(rule, evidence)
        .map((member) => evaluateRule(rule, member, evidence, DEFAULT_POLICY, suspectsOnly))
        .flatMap((outcome) => (outcome.state === 'ran' ? outcome.candidates : []))
        .map(({ verdict }) => refKey(verdict.subject));
    expect(keys(true)).toEqual(keys(false));
  });

  test('leaves its input as it was', () => {
    const before = structuredClone(inventory);
    findingsOf(rule, freezeInventory(mapLists(inventory, (_, listing) => ({ ...listing }))));
    expect(inventory).toEqual(before);
  });

  test('names each subject once, on its own side, with a type it declares', () => {
    const findings = findingsOf(rule, inventory);
    expect(new Set(findings.map(({ subject }) => refKey(subject))).size).toBe(findings.length);
    for (const { subject } of findings) {
      expect(rule.subjects).toContain(subject.type);
      expect(subject.location).toBe(rule.scope === 'cluster' ? 'kubernetes' : 'truenas');
    }
  });

  test('looks up what it says is absent, on the side where it is absent', () => {
    const evidence = correlate(inventory, DEFAULT_POLICY);
    const fetched = listsFor([...rule.requires, ...rule.consults]);
    const systems = inventory.systems.map(({ identity }) => identity.name);
    for (const outcome of evaluate([rule], evidence, DEFAULT_POLICY)) {
      for (const { verdict } of outcome.state === 'ran' ? outcome.candidates : []) {
        expect(verdict.lookups().length).toBeGreaterThan(0);
        // A pool that was exported between two lists takes its datasets along, and proves nothing.
        if (rule.requires.includes('storage')) {
          const lists = verdict.lookups().filter(({ kind }) => kind === 'system-list');
          expect(lists.map((lookup) => 'source' in lookup && lookup.source)).toContain('pools');
        }
        for (const lookup of verdict.lookups()) {
          expect(['cluster-list', 'system-list', 'dataset', 'snapshot']).toContain(lookup.kind);
          if ('system' in lookup) expect(systems).toContain(lookup.system);
          if ('id' in lookup) expect(lookup.id).toMatch(/^[^/]/);
          // A second look at a list the rule does not read could change nothing.
          if (lookup.kind === 'cluster-list' || lookup.kind === 'system-list') {
            expect(fetched).toContain(lookup.source);
            expect(isClusterSource(lookup.source)).toBe(lookup.kind === 'cluster-list');
          }
        }
      }
    }
  });

  test('looks its subject up again: one that went in between is no finding', () => {
    const evidence = correlate(inventory, DEFAULT_POLICY);
    for (const outcome of evaluate([rule], evidence, DEFAULT_POLICY)) {
      for (const { verdict } of outcome.state === 'ran' ? outcome.candidates : []) {
        const { subject } = verdict;
        const source = SHELVES[subject.type]?.source;
        expect(
          verdict
            .lookups()
            .some((lookup) =>
              'id' in lookup ? lookup.id === subject.name : lookup.source === source,
            ),
        ).toBe(true);
      }
    }
  });

  test('speaks in the style of messages', () => {
    for (const { reason, remedy, evidence } of findingsOf(rule, inventory)) {
      expect(reason).toMatch(/^[a-z0-9]/);
      expect(reason).not.toMatch(/\.$/);
      expect(remedy.steps.length).toBeGreaterThan(0);
      for (const step of remedy.steps) expect(step).toMatch(/^[A-Z].*\.$/s);
      for (const { check } of evidence) expect(check).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
  });
}
