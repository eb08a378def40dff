import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  removalOf,
  usageOf,
  violations,
  whyTooMuch,
  withRemoval,
  type Removal,
  type Usage,
} from '../../../src/lib/core/cleanup/limits.ts';
import { sealPlan } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { type CleanupPlan } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { type RunView, type StepView } from '../../../src/lib/core/cleanup/run-view.ts';
import { refToDataset, refToNfsShare } from '../../../src/lib/core/model/subjects.ts';
import { aDataset, anInventory, anNfsShare, aSystem, NOW, PARENT } from '../../support/builders.ts';
import { BOUNDLESS } from '../../support/planning.ts';
import { findingOf, planFor } from '../../support/plan-builders.ts';
import { fuzzing } from '../../support/fuzzing.ts';

const HOUR = 3_600_000;
const home = aSystem().hostId ?? '';
const gone = aDataset();
const off = anNfsShare({ id: 9, path: '/mnt/tank/other', enabled: false });
const plan = sealPlan(
  planFor(anInventory({ datasets: [gone], nfsShares: [off] }), [
    findingOf('quarantine-dataset', refToDataset(gone)),
    findingOf('enable-share', refToNfsShare(off), { id: 'ffffffffffffffff' }),
  ]),
);

function stepViews(of: CleanupPlan, over: Partial<StepView>): readonly StepView[] {
  return of.steps.map((step) => ({
    step,
    state: 'done',
    detail: null,
    at: new Date(NOW.getTime() - HOUR),
    pending: false,
    attempts: 1,
    undoing: false,
    saved: [],
    observed: [],
    ...over,
  }));
}

function aRun(over: Partial<StepView> = {}, run: Partial<RunView> = {}): RunView {
  return {
    id: 'run',
    kind: 'apply',
    undoes: null,
    plan,
    by: { kind: 'os', name: 'me', host: 'here' },
    approvedBy: [],
    begunAt: NOW,
    lastAt: NOW,
    state: 'done',
    reason: null,
    steps: stepViews(plan, over),
    lost: [],
    clusters: plan.clusters,
    systems: plan.systems,
    ...run,
  };
}

describe('what the last 24 h used', () => {
  const used = (...runs: readonly RunView[]) => usageOf(runs, NOW).get(home)?.items ?? 0;

  test('counts what was taken away, and no repair', () => {
    const usage = usageOf([aRun()], NOW).get(home);
    expect(usage).toMatchObject({ items: 1, bytes: plan.items[1]?.bytes });
    expect(usage?.datasets.get(PARENT)).toEqual(new Set([gone.id]));
  });

  test('counts what may have happened', () => {
    expect(used(aRun({ state: 'unknown' }))).toBe(1);
    expect(used(aRun({ state: null, pending: true }))).toBe(1);
  });

  test('does not count what did not happen, or longer ago', () => {
    expect(used(aRun({ state: 'skipped' }), aRun({ state: 'failed' }), aRun({ state: null }))).toBe(
      0,
    );
    expect(used(aRun({ at: new Date(NOW.getTime() - 24 * HOUR) }))).toBe(0);
    expect(used(aRun({ at: new Date(NOW.getTime() - 24 * HOUR + 1) }))).toBe(1);
  });

  test('does not count what was rolled back', () => {
    const back = aRun({}, { id: 'back', kind: 'rollback', undoes: 'run', plan: null });
    expect(used(aRun(), back)).toBe(0);
  });

  test('goes by the host id, whatever the system is called', () => {
    const renamed = { ...plan, systems: plan.systems.map((each) => ({ ...each, name: 'other' })) };
    expect(used(aRun({}, { plan: renamed }))).toBe(0);
    expect(used(aRun())).toBe(1);
  });
});

describe('limits', () => {
  const removal = (dataset: string, managed: number): Removal => ({
    home,
    bytes: 10,
    volume: { dataset, parent: PARENT, managed },
  });
  const wide = { max_items: 100, max_bytes: 1000, max_percent: 5 };

  test('allow one of a parent however few it has, and no second', () => {
    expect(whyTooMuch(removal('a', 3), new Map(), wide)).toBeUndefined();
    const after = withRemoval(new Map(), removal('a', 3));
    expect(whyTooMuch(removal('b', 3), after, wide)).toBe(
      `max_percent allows 1 of the 3 volumes below ${PARENT} within 24 h`,
    );
    expect(whyTooMuch(removal('b', 40), after, wide)).toBeUndefined();
  });

  test('count a dataset once that was put aside and destroyed', () => {
    const after = withRemoval(new Map(), removal('a', 3));
    expect(whyTooMuch(removal('a', 3), after, wide)).toBeUndefined();
  });

  test('are of each system', () => {
    const after = withRemoval(new Map(), removal('a', 3));
    expect(whyTooMuch({ ...removal('b', 3), home: 'other' }, after, wide)).toBeUndefined();
  });

  test('are found exceeded by a plan that was made under wider ones', () => {
    expect(violations(plan, new Map(), plan.limits)).toEqual([]);
    const narrow = { ...plan.limits, max_bytes: 1 };
    expect(violations(plan, new Map(), narrow)).toEqual([
      `${gone.id}: max_bytes allows 1 B within 24 h`,
    ]);
  });
});

const { rounds, seed } = fuzzing();

test('no plan takes more than its limits, whatever was used and found', () => {
  const world = fc.record({
    volumes: fc.integer({ min: 1, max: 12 }),
    sizes: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 12, maxLength: 12 }),
    maxItems: fc.integer({ min: 1, max: 12 }),
    maxBytes: fc.integer({ min: 1, max: 20_000 }),
    maxPercent: fc.integer({ min: 1, max: 100 }),
    used: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(world, ({ volumes, sizes, maxItems, maxBytes, maxPercent, used }) => {
      const datasets = Array.from({ length: volumes }, (_, index) =>
        aDataset({ id: `${PARENT}/pvc-${String(index)}` }),
      );
      const findings = datasets.map((each, index) =>
        findingOf('quarantine-dataset', refToDataset(each), {
          id: String(index).padStart(16, '0'),
          reclaimable: (sizes[index] ?? 0) as never,
        }),
      );
      let usage: Usage = new Map();
      for (let index = 0; index < used; index += 1) {
        usage = withRemoval(usage, { home, bytes: 100, volume: null });
      }
      const settings = { ...BOUNDLESS, maxItems, maxBytes: maxBytes as never, maxPercent };
      const made = planFor(anInventory({ datasets }), findings, { settings, usage });
      expect(violations(made, usage, made.limits)).toEqual([]);
      const removals = made.items.flatMap((item) => removalOf(item, made) ?? []);
      expect(removals.length + used <= Math.max(maxItems, used)).toBe(true);
      expect(made.items.length + made.left_out.length).toBe(volumes);
      // What was left out does not fit what was taken.
      const after = removals.reduce(withRemoval, usage);
      const lightest = Math.min(...made.left_out.map(({ id }) => sizes[Number(id)] ?? 0));
      const managed = volumes + 1;
      const next = { home, bytes: lightest, volume: { dataset: 'next', parent: PARENT, managed } };
      if (made.left_out.length > 0) {
        expect(whyTooMuch(next, after, made.limits)).toBeDefined();
      }
    }),
    { numRuns: 100 * rounds, seed },
  );
});
