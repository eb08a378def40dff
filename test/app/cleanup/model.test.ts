import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRUENAS_VERSIONS } from '../../../src/lib/lab/scenario/world.ts';
import { isSameButForIds } from '../../support/model/same-state.ts';
import { modelRun, type Outcome } from '../../support/model/run.ts';
import { quietRun, type RunSpec, troubledRun } from '../../support/model/spec.ts';

/*
 * Random worlds, random doings of others between any two requests, random faults, kills and clocks that are wrong: whatever comes
 * together, nothing that anybody needs is changed. A guardian in the servers sees to it, who knows the truth (`guardian.ts`).
 *
 * `npm run test:exhaustive` plays 10,000 runs, new ones each time; MODEL_SEED and MODEL_RUNS choose. What it finds becomes a test of
 * the part that was wrong.
 */

const exhaustive = process.env['EXHAUSTIVE'] === '1';
const seed = Number(process.env['MODEL_SEED'] ?? (exhaustive ? Date.now() | 0 : 20_261_130));
const runs = Number(process.env['MODEL_RUNS'] ?? (exhaustive ? 10_000 : 70));
const quiet = Math.ceil(runs / 5);
/** For each run, on a machine that has much else to do. */
const PATIENCE = 4_000;

class Tally {
  readonly counts = new Map<string, number>();

  add(what: string, count = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  take(outcome: Outcome): void {
    this.add('runs');
    if (outcome.planned.length > 0) this.add('runs with a plan');
    if (outcome.arrivals.size > 0) this.add('runs with a change');
    if (outcome.deeds.length > 0) this.add('runs with deeds of others');
    if (outcome.rolledBack) this.add('runs rolled back');
    this.add('races', outcome.races);
    for (const [type, state] of outcome.ended) this.add(`${type} ${state}`);
    for (const [what, count] of outcome.arrivals) this.add(`arrived: ${what}`, count);
  }

  toString(): string {
    return [...this.counts]
      .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
      .map(([what, count]) => `${what}: ${String(count)}`)
      .join('\n');
  }
}

function print(title: string, tally: Tally): void {
  process.stdout.write(`${title}, seed ${String(seed)}\n${tally.toString()}\n`);
}

/** Every kind of change a plan can be made of. */
const KINDS = [
  'set-enabled',
  'set-mark',
  'delete-object',
  'delete-resource',
  'set-policy',
  'delete-snapshot',
  'destroy-dataset',
  'move-dataset',
] as const;

async function play(
  specs: fc.Arbitrary<RunSpec>,
  numRuns: number,
  judge: (outcome: Outcome, spec: RunSpec) => void,
): Promise<Tally> {
  const tally = new Tally();
  await fc.assert(
    fc.asyncProperty(specs, async (spec) => {
      const outcome = await modelRun(spec);
      tally.take(outcome);
      judge(outcome, spec);
    }),
    { seed, numRuns, interruptAfterTimeLimit: runs * PATIENCE },
  );
  return tally;
}

describe('whatever happens meanwhile', () => {
  test(
    'nothing is changed that anybody needs, and no race goes untold',
    { timeout: runs * PATIENCE },
    async () => {
      const tally = await play(troubledRun, runs, ({ violations, silentRaces }) => {
        expect(violations).toEqual([]);
        expect(silentRaces).toEqual([]);
      });
      print('with trouble', tally);
      // Without these the test would prove nothing.
      expect(tally.of('runs')).toBe(runs);
      expect(tally.of('runs with a plan')).toBeGreaterThan(runs / 2);
      expect(tally.of('runs with a change')).toBeGreaterThan(runs / 2);
      expect(tally.of('runs with deeds of others')).toBeGreaterThan(runs / 4);
      expect(tally.of('runs rolled back')).toBeGreaterThan(runs / 20);
      for (const kind of KINDS) expect(tally.of(`${kind} done`), kind).toBeGreaterThan(0);
      for (const end of ['skipped', 'rolled_back'] as const) {
        expect(tally.of(`set-enabled ${end}`), end).toBeGreaterThan(0);
      }
    },
  );
});

describe('where nobody interferes', () => {
  test(
    'a plan is carried out wholly, and a rollback brings back all but what was destroyed or repaired',
    { timeout: runs * PATIENCE },
    async () => {
      let compared = 0;
      const tally = await play(quietRun, quiet, (outcome, { rollback }) => {
        const { plan, ended, violations, rolledBack } = outcome;
        expect(violations).toEqual([]);
        if (plan === undefined) return;
        expect(ended.map(([, state]) => state)).toEqual(plan.steps.map(() => 'done'));
        expect(outcome.runState).toBe('done');
        const isReversible = plan.items.every(
          ({ intent }) => !['destroy', 'repair'].includes(intent),
        );
        if (!rollback || !isReversible) return;
        expect(rolledBack).toBe(true);
        isSameButForIds(outcome.stateBefore, outcome.stateAfter);
        compared += 1;
      });
      print('without trouble', tally);
      expect(compared).toBeGreaterThan(0);
    },
  );

  test.each(TRUENAS_VERSIONS)(
    'something of every kind is cleaned up on TrueNAS %s',
    async (version) => {
      const tally = new Tally();
      for (const kinds of [
        ['unclaimed-nfs', 'due-iscsi', 'snapshot'],
        ['volume-without-backend', 'content-without-backend', 'dangling-extent'],
      ] as const) {
        const outcome = await modelRun({
          version,
          rest: false,
          leftovers: kinds.map((kind) => ({ kind, keeper: 'nobody' })),
          secondCluster: false,
          named: true,
          watched: true,
          move: true,
          deeds: [],
          faults: [],
          kills: [],
          skew: { ours: 0, systems: 0, from: 'apply' },
          rollback: false,
        });
        expect(outcome.violations).toEqual([]);
        tally.take(outcome);
      }
      const canMove = version === '25.10' || version === '26';
      const wanted = KINDS.filter((kind) => kind !== 'move-dataset' || canMove);
      expect(wanted.filter((kind) => tally.of(`${kind} done`) === 0)).toEqual([]);
    },
  );
});
