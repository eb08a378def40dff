import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CleanupPlan } from '../../src/lib/core/cleanup/plan-schema.ts';
import { type RunWire } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { BINARY, ended, needsBinary } from '../support/built-cli.ts';
import { type KillMoment, killAt, linesOfRuns, nameOfMoment } from '../support/kill-moments.ts';
import { changesBetween, objectsOf, RealCleanup } from '../support/real-cleanup.ts';

const EXECUTE = ['apply', '--execute'];

/** What nobody disturbed: the plan with its approval, the world before, and everything that a run leaves. */
interface Undisturbed {
  readonly site: RealCleanup;
  readonly plan: CleanupPlan;
  readonly before: World;
  readonly after: ReadonlyMap<string, string>;
  /** How many requests each server got from the run, and which of them change something. */
  readonly calls: readonly string[];
  readonly requests: readonly string[];
  readonly lines: number;
}

const WRITES = /\.(?:create|update|delete|destroy|do_\w+)$|^(?:POST|PATCH|PUT|DELETE) (?!.*reviews)/;

function writesAmong(names: readonly string[]): readonly number[] {
  return names.flatMap((name, index) => (WRITES.test(name) ? [index] : []));
}

async function runUndisturbed(): Promise<Undisturbed> {
  const site = await RealCleanup.start({ program: [BINARY] });
  const plan = await site.approved(...(await site.everything()));
  await site.copyState('approved');
  const before = structuredClone(site.world);
  const [calls, requests] = [site.truenas.calls.length, site.kubernetes.requests.length];
  await site.apply();
  return {
    ...{ site, plan, before },
    after: site.objects(),
    calls: site.truenas.calls.slice(calls).map(({ method }) => method),
    requests: site.kubernetes.requests
      .slice(requests)
      .map(({ method, path }) => `${method} ${path}`),
    lines: linesOfRuns(site.stateDirectory),
  };
}

/** Around every request that changes something, and evenly between. */
function momentsOf({ calls, requests, lines }: Undisturbed): readonly KillMoment[] {
  const onNas = writesAmong(calls);
  const onCluster = writesAmong(requests);
  const atNas = (after: number, acts: boolean): KillMoment => ({ at: 'truenas', after, acts });
  const atCluster = (after: number, acts: boolean): KillMoment => ({
    ...{ at: 'kubernetes', after, acts },
  });
  return [
    ...onNas.flatMap((index) => [atNas(index, true), atNas(index, false)]),
    ...onNas.map((index) => atNas(index + 1, true)),
    ...onCluster.flatMap((index) => [atCluster(index, true), atCluster(index, false)]),
    ...[0.1, 0.5, 0.9].map((share) => atNas(Math.floor(calls.length * share), true)),
    ...Array.from({ length: lines - 1 }, (_, index): KillMoment => {
      return { at: 'journal', lines: index + 1 };
    }),
  ];
}

/** All of them where there is time, else twenty, evenly. */
function chosen<T>(all: readonly T[], count = 20): readonly T[] {
  if (process.env['EXHAUSTIVE'] === '1') return all;
  return Array.from({ length: count }, (_, index) =>
    all.slice(Math.floor((index * all.length) / count)).slice(0, 1),
  ).flat();
}

describe('a run whose process is killed', { timeout: 600_000, ...needsBinary() }, () => {
  let undisturbed: Undisturbed;

  beforeAll(async () => {
    undisturbed = await runUndisturbed();
  }, 60_000);

  afterAll(async () => {
    await undisturbed.site[Symbol.asyncDispose]();
  });

  it('changes nothing that the plan does not name, killed or not', () => {
    const { plan, before, after } = undisturbed;
    const text = JSON.stringify(plan);
    const changed = changesBetween(objectsOf(before), after);
    expect(changed.length).toBeGreaterThan(5);
    for (const name of changed) expect(text).toContain(name.split(/ \/?/)[1]);
  });

  it('comes by the same command to where it would have come', async () => {
    const { before, after, plan } = undisturbed;
    const moments = chosen(momentsOf(undisturbed));
    console.log(moments.length, undisturbed.calls.length, undisturbed.requests.length);
    let killed = 0;
    for (const moment of moments) {
      const when = nameOfMoment(moment);
      await using site = await RealCleanup.start({
        world: structuredClone(before),
        program: [BINARY],
        state: undisturbed.site.sandbox.path('approved'),
      });
      const child = site.start(EXECUTE);
      const { heal } = killAt(site, child, moment);
      const { signal } = await ended(child);
      heal();
      killed += signal === 'SIGKILL' ? 1 : 0;
      const again = await site.run([...EXECUTE, plan.plan_id, '-o', 'json']);
      if (again.code !== 0) console.log(when, again);
      else {
      const run = JSON.parse(again.stdout) as RunWire; // has tests of its own
      expect(run, when).toMatchObject({ state: 'done', summary: { done: plan.steps.length } });
      expect(changesBetween(after, site.objects()), when).toEqual([]);
      expect(await site.runFiles(), when).toHaveLength(1);
      expect(site.leases(), when).toEqual([
        expect.objectContaining({ spec: expect.objectContaining({ holderIdentity: '' }) as unknown }),
      ]); }
    }
    console.log(killed);
  });
});
