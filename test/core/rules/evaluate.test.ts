import { describe, expect, test } from 'vitest';
import { correlate, type ScopeMember } from '../../../src/lib/core/correlate/correlate.ts';
import { condition, detailOf } from '../../../src/lib/core/model/check.ts';
import { failed, notApplicable, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type ResourceRef } from '../../../src/lib/core/model/resource-ref.ts';
import { defineRule, type Rule, type Verdict } from '../../../src/lib/core/model/rule.ts';
import { refToDataset, refToVolume } from '../../../src/lib/core/model/subjects.ts';
import {
  evaluate,
  evaluateRule,
  firstSeenKey,
  homeIdOf,
  judgeMember,
} from '../../../src/lib/core/rules/evaluate.ts';
import {
  aCluster,
  aDataset,
  anInventory,
  aPv,
  aSystem,
  clusterWith,
  HANDLE,
  LONG_AGO,
  PARENT,
  systemWith,
} from '../../support/builders.ts';
import { withoutList } from '../../support/rule-tester.ts';

const evidenceOf = (inventory: Inventory) => correlate(inventory, DEFAULT_POLICY);
const prod: ScopeMember = { scope: 'cluster', name: 'prod' };
const nas1: ScopeMember = { scope: 'system', name: 'nas1' };
const dataset = aDataset();

function verdictOn(subject: ResourceRef, over: Partial<Verdict> = {}): Verdict {
  return {
    subject,
    place: null,
    premise: condition('premise', true, 'it is so'),
    checks: () => [],
    message: 'something is wrong',
    lookups: () => [],
    facts: () => {
      throw new Error('nobody asked');
    },
    ...over,
  };
}

/** A rule of a cluster that has something to say of every volume, as it is told. */
function ruleOf(over: Partial<Verdict> = {}, shape: Partial<Rule> = {}): Rule {
  return {
    ...defineRule({
      id: 'test-rule',
      category: 'orphan',
      severity: 'low',
      title: 'A rule for a test',
      scope: 'cluster',
      subjects: ['PersistentVolume'],
      requires: ['persistentVolumes'],
      consults: ['volumeLinks'],
      *evaluate({ persistentVolumes }) {
        for (const pv of persistentVolumes) yield verdictOn(refToVolume(pv), over);
      },
    }),
    ...shape,
  };
}

/** The checks of its verdict on the one volume of a world, by id, with result and detail. */
function checksOf(rule: Rule, inventory: Inventory): (readonly string[])[] {
  const { verdicts } = judgeMember(rule, prod, evidenceOf(inventory), DEFAULT_POLICY, false);
  return [...verdicts]
    .filter(({ verdict }) => verdict.subject.name === HANDLE)
    .flatMap(({ checks }) => checks.map((each) => [each.id, each.result, detailOf(each)]));
}

const premise = ['premise', 'passed', 'it is so'];
const place = { system: 'nas1', path: `${PARENT}/${HANDLE}` };
const world = (marks = dataset.marks): Inventory =>
  anInventory({ persistentVolumes: [aPv()], datasets: [{ ...dataset, marks }] });
const putAside = world({ quarantined: `${dataset.id};2026-10-01T00:00:00Z;p1`, ignore: null });

describe('a rule', () => {
  test('is skipped where a source it requires is not complete, and each list is named once', () => {
    const shape = { requires: ['persistentVolumes', 'pods', 'pods'] } as const;
    const without = withoutList(withoutList(world(), 'pods'), 'persistentVolumes');
    const outcome = evaluateRule(ruleOf({}, shape), prod, evidenceOf(without), DEFAULT_POLICY);
    expect(outcome).toMatchObject({ state: 'skipped', member: prod });
    const because = outcome.state === 'skipped' ? outcome.because : [];
    expect(because.map(({ name, cluster }) => `${name} of ${cluster ?? ''}`)).toEqual([
      'persistentVolumes of prod',
      'pods of prod',
    ]);
    const judged = judgeMember(ruleOf({}, shape), prod, evidenceOf(without), DEFAULT_POLICY, true);
    expect([...judged.verdicts]).toEqual([]);
  });

  test('names every cluster and every system of which a list is missing', () => {
    const inventory = anInventory();
    const both: Inventory = {
      ...inventory,
      clusters: [...inventory.clusters, clusterWith({}, aCluster({ name: 'dev', uid: 'dev' }))],
      systems: [
        ...inventory.systems,
        systemWith({}, aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'two' })),
      ],
    };
    const blind = withoutList(withoutList(both, 'pods'), 'datasets');
    const missing = (member: ScopeMember): string[] => {
      const shape = { requires: ['pods', 'datasets'] } as const;
      const { because } = judgeMember(
        ruleOf({}, shape),
        member,
        evidenceOf(blind),
        DEFAULT_POLICY,
        true,
      );
      return because.map(({ name, cluster, system }) => `${name} of ${cluster ?? system ?? ''}`);
    };
    expect(missing(prod)).toEqual(['pods of prod', 'datasets of nas1', 'datasets of nas2']);
    expect(missing(nas1)).toEqual(['pods of prod', 'pods of dev', 'datasets of nas1']);
  });

  test('counts what it looked at, and keeps what may hold', () => {
    const outcome = (over: Partial<Verdict>) => {
      const [only] = evaluate([ruleOf(over)], evidenceOf(world()), DEFAULT_POLICY);
      return only?.state === 'ran' ? [only.examined, only.candidates.length] : [];
    };
    expect(outcome({})).toEqual([2, 2]);
    expect(outcome({ premise: condition('premise', false, '') })).toEqual([2, 0]);
    expect(outcome({ checks: () => [condition('other', false, '')] })).toEqual([2, 0]);
    expect(outcome({ checks: () => [condition('other', undefined, '')] })).toEqual([2, 0]);
  });

  test('works nothing else out where its premise fails', () => {
    const over = {
      premise: condition('premise', false, 'it is not'),
      checks: () => {
        throw new Error('nobody asked');
      },
    };
    expect(checksOf(ruleOf(over), putAside)).toEqual([['premise', 'failed', 'it is not']]);
  });

  test('is asked for suspects only, unless somebody wants everyone', () => {
    const asked: boolean[] = [];
    const asking = ruleOf(
      {},
      {
        evaluate: (_, context) => {
          asked.push(context.suspectsOnly);
          return [];
        },
      },
    );
    evaluateRule(asking, prod, evidenceOf(world()), DEFAULT_POLICY);
    evaluateRule(asking, prod, evidenceOf(world()), DEFAULT_POLICY, false);
    expect(asked).toEqual([true, false]);
  });

  test('is given what cannot exist as known to be empty', () => {
    const given: unknown[] = [];
    const rule = ruleOf(
      {},
      {
        consults: ['volumeSnapshots', 'pods'],
        evaluate: (evidence: Record<string, unknown>) => {
          given.push(evidence['volumeSnapshots'], evidence['pods']);
          return [];
        },
      },
    );
    const [cluster] = world().clusters;
    if (cluster === undefined) throw new Error('the world has a cluster');
    const lists = {
      ...cluster.lists,
      volumeSnapshots: unlisted<never>(notApplicable('no such kind')),
      pods: unlisted<never>(failed('no')),
    };
    const inventory = { ...world(), clusters: [{ ...cluster, lists }] };
    evaluateRule(rule, prod, evidenceOf(inventory), DEFAULT_POLICY);
    expect(given).toEqual([
      { coverage: { state: 'complete' }, items: [] },
      { coverage: { state: 'failed', reason: 'no' }, items: [] },
    ]);
  });
});

describe('what lies in quarantine', () => {
  test('is silent, and says why', () => {
    expect(checksOf(ruleOf({ place }), putAside)).toEqual([
      premise,
      ['not-quarantined', 'failed', `${dataset.id} is in quarantine`],
    ]);
  });

  test('makes nothing beside it silent, and nothing without a place', () => {
    const beside = { system: 'nas1', path: `${PARENT}/other` };
    expect(checksOf(ruleOf({ place: beside }), putAside)).toEqual([
      premise,
      ['not-quarantined', 'passed', 'not in quarantine'],
    ]);
    expect(checksOf(ruleOf({ place: null }), putAside)).toEqual([premise]);
    expect(checksOf(ruleOf({ place }, { seesQuarantine: true }), putAside)).toEqual([premise]);
  });

  test('is not looked for where nothing is in quarantine', () => {
    expect(checksOf(ruleOf({ place }), world())).toEqual([premise]);
  });

  test('may not have been seen where the datasets could not be read', () => {
    const blind = withoutList(putAside, 'datasets');
    expect(checksOf(ruleOf({ place }), blind)).toEqual([
      premise,
      ['quarantine-seen', 'unknown', 'could not be read: the server said no'],
    ]);
    expect(checksOf(ruleOf({ place }, { consults: [] }), blind)).toEqual([premise]);
  });
});

describe('the home of a subject', () => {
  const inventory: Inventory = {
    ...anInventory(),
    clusters: [
      clusterWith({}, aCluster({ name: 'dev', uid: 'dev-uid' })),
      clusterWith({}),
      clusterWith({}, aCluster({ name: 'shy', uid: null })),
    ],
    systems: [systemWith({}, aSystem({ name: 'nas0', hostId: 'host-0' })), systemWith({})],
  };

  test('is the uid of its cluster, or the host id of its system', () => {
    expect(homeIdOf({ inventory }, prod)).toBe('cluster-uid');
    expect(homeIdOf({ inventory }, nas1)).toBe('host-id');
  });

  test('is its configured name where that is not known', () => {
    expect(homeIdOf({ inventory }, { scope: 'cluster', name: 'shy' })).toBe('cluster shy');
    expect(homeIdOf({ inventory }, { scope: 'cluster', name: 'nas1' })).toBe('cluster nas1');
    expect(homeIdOf({ inventory }, { scope: 'system', name: 'prod' })).toBe('system prod');
  });

  test('is part of the key under which a suspect is remembered', () => {
    const ref = refToDataset(dataset);
    const key = firstSeenKey({ inventory }, { id: 'test-rule' }, ref);
    expect(key).toMatch(/^host-id test-rule .*tank\/k8s\/pvc-/);
    const seen: unknown[] = [];
    const rule = ruleOf(
      {},
      {
        evaluate: (_, context) => {
          seen.push(context.firstSeen(ref), context.firstSeen(refToVolume(aPv())));
          return [];
        },
      },
    );
    const remembering = { ...inventory, firstSeen: new Map([[key, LONG_AGO]]) };
    evaluateRule(rule, prod, evidenceOf(remembering), DEFAULT_POLICY);
    expect(seen).toEqual([LONG_AGO, undefined]);
  });
});
