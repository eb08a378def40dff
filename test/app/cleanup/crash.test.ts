import { describe, expect, it } from 'vitest';
import { CRASH_CASES, type CrashCase } from '../../support/crash-cases.ts';
import {
  beforeApply,
  beforeRollback,
  type Beginning,
  type Ending,
  live,
  outcomeOf,
  unexplained,
} from '../../support/crashing.ts';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { differences, meaningOf } from '../../support/world-objects.ts';

/*
 * A run is killed at every moment there is, around each line of its journal and each request, and gone on with: it must come to the
 * very state it comes to when nothing disturbs it, having sent each change once and touched nothing else.
 */

const isExhaustive = process.env['EXHAUSTIVE'] === '1';

type Pair = readonly [string, TrueNasVersion, CrashCase];

/** One of each kind of step, as short as can be. */
const IN_SHORT = new Set([
  'quarantine elsewhere over nfs',
  'quarantine over iscsi',
  'destroy over nfs',
  'destroy over nvmeof',
  'destroy elsewhere over iscsi',
  'destroy over nfs, by REST',
  'delete a snapshot',
  'delete a dangling export over iscsi',
  'delete a volume without data',
  'delete an attachment',
  'enable an export over nfs',
  'restore an export over iscsi',
  'retain volumes',
]);

/** Everything on every version; otherwise some cases on one of them each, so that all have their turn. */
const PAIRS: readonly Pair[] = CRASH_CASES.flatMap((each, index) => {
  if (!isExhaustive && !IN_SHORT.has(each.name)) return [];
  const { name, versions } = each;
  const all = versions.map((version) => [name, version, each] as const);
  return isExhaustive ? all : all.slice(index % versions.length).slice(0, 1);
});

function isMadeAgain({ run }: Ending): boolean {
  return run.steps.some(({ step }) => step.change.type === 'create-resource');
}

function sameEnd(beginning: Beginning, calm: Ending, ending: Ending, told: string): void {
  expect(outcomeOf(ending), told).toEqual(outcomeOf(calm));
  // Kubernetes gives what is made again another uid each time.
  if (isMadeAgain(calm)) expect(meaningOf(ending.world), told).toEqual(meaningOf(calm.world));
  else expect(differences(calm.objects, ending.objects), told).toEqual([]);
  expect(unexplained(beginning, ending), told).toEqual([]);
  expect(ending.sent.toSorted(), told).toEqual(calm.sent.toSorted());
}

/** Every moment of an undisturbed life, and a few moments of the life after a death. */
async function surviveAll(beginning: Beginning): Promise<Ending> {
  const calm = await live(beginning, []);
  expect(unexplained(beginning, calm)).toEqual([]);
  expect(new Set(calm.sent).size).toBe(calm.sent.length);
  const [count = 0] = calm.moments;
  expect(count).toBeGreaterThan(8);
  for (let moment = 0; moment < count; moment += 1) {
    const ending = await live(beginning, [moment]);
    sameEnd(beginning, calm, ending, `killed at moment ${String(moment)} of ${String(count)}`);
    const [, again = 0] = ending.moments;
    const second = isExhaustive ? moment % again : (moment * 7) % again;
    if (!isExhaustive && moment % 6 !== 3) continue;
    const twice = await live(beginning, [moment, second]);
    sameEnd(
      beginning,
      calm,
      twice,
      `killed at moment ${String(moment)} and then ${String(second)}`,
    );
  }
  return calm;
}

describe('a run that is killed at any moment and gone on with', () => {
  it.each(PAIRS)(
    'ends as if nothing had happened: %s on %s',
    async (_, version, each) => {
      const beginning = await beforeApply(each, version);
      const { run, sent } = await surviveAll(beginning);
      expect(run.state).toBe('done');
      expect(run.steps.map(({ state }) => state)).toEqual(beginning.steps.map(() => 'done'));
      expect(sent.length).toBe(beginning.steps.length);
    },
    600_000,
  );
});

/** A destruction is for good, and what a volume was given back is left to it. */
const UNDONE = PAIRS.filter(
  ([name]) => !/^destroy|^delete a snapshot$|^enable an export|^restore an export/.test(name),
);

describe('a rollback that is killed at any moment and gone on with', () => {
  it.each(UNDONE)(
    'ends as if nothing had happened: %s on %s',
    async (_, version, each) => {
      const beginning = await beforeRollback(each, version);
      const { run, world } = await surviveAll(beginning);
      expect(run.state).toBe('rolled_back');
      if (run.lost.length === 0) expect(meaningOf(world)).toEqual(meaningOf(beginning.original));
    },
    600_000,
  );
});
