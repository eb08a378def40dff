import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CleanupPlan } from '../../src/lib/core/cleanup/plan-schema.ts';
import { type RunWire } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { BINARY, ended, needsBinary } from '../support/built-cli.ts';
import { type KillMoment, killAt, linesOfRuns, nameOfMoment } from '../support/kill-moments.ts';
import { changesBetween, objectsOf, RealCleanup } from '../support/real-cleanup.ts';

const CHOSEN = 20;
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

const WRITES =
  /\.(?:create|update|delete|destroy|do_\w+)$|^(?:POST|PATCH|PUT|DELETE) (?!.*reviews)/;

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
function chosen(all: readonly KillMoment[]): readonly KillMoment[] {
  if (process.env['EXHAUSTIVE'] === '1') return all;
  return Array.from({ length: CHOSEN }, (_, index) =>
    all.slice(Math.floor((index * all.length) / CHOSEN)).slice(0, 1),
  ).flat();
}

/** The same command again, whether all of it is done by now; one that was killed right at its end had done it already. */
async function goOn(site: RealCleanup, { plan_id: id, steps }: CleanupPlan): Promise<boolean> {
  const { code, stdout, stderr } = await site.run([...EXECUTE, id, '-o', 'json']);
  if (code === 2) return /was carried out by run \S+: done/.test(stderr);
  expect(code, stderr).toBe(0);
  const { state, summary } = JSON.parse(stdout) as RunWire; // has tests of its own
  return state === 'done' && summary.done === steps.length;
}

describe('a run whose process is killed', { timeout: 600_000, ...needsBinary() }, () => {
  let undisturbed: Undisturbed;

  beforeAll(async () => {
    undisturbed = await runUndisturbed();
  }, 60_000);

  afterAll(async () => {
    await undisturbed.site[Symbol.asyncDispose]();
  });

  async function siteAgain(): Promise<RealCleanup> {
    return await RealCleanup.start({
      world: structuredClone(undisturbed.before),
      program: [BINARY],
      state: undisturbed.site.sandbox.path('approved'),
    });
  }

  it('changes nothing that the plan does not name, killed or not', () => {
    const { plan, before, after } = undisturbed;
    const text = JSON.stringify(plan);
    const changed = changesBetween(objectsOf(before), after);
    expect(changed.length).toBeGreaterThan(5);
    for (const name of changed) expect(text).toContain(name.split(/ \/?/)[1]);
  });

  it('comes by the same command to where it would have come', async () => {
    for (const moment of chosen(momentsOf(undisturbed))) {
      const when = nameOfMoment(moment);
      await using site = await siteAgain();
      const child = site.start(EXECUTE);
      const { heal } = killAt(site, child, moment);
      const { signal } = await ended(child);
      heal();
      expect(signal, when).toBe('SIGKILL');
      expect(await goOn(site, undisturbed.plan), when).toBe(true);
      expect(changesBetween(undisturbed.after, site.objects()), when).toEqual([]);
      expect(await site.runFiles(), when).toHaveLength(1);
    }
  });

  it('takes up its Lease again, even where it was killed before it had begun', async () => {
    const lease = undisturbed.requests.findIndex((name) => /^POST .*leases/.test(name));
    await using site = await siteAgain();
    const child = site.start(EXECUTE);
    const { heal } = killAt(site, child, { at: 'kubernetes', after: lease, acts: true });
    await ended(child);
    heal();
    expect(await site.runFiles()).toEqual([]);
    expect(JSON.stringify(site.leases())).toMatch(/"holderIdentity":"\S+@\S+"/);
    expect(await goOn(site, undisturbed.plan)).toBe(true);
    expect(changesBetween(undisturbed.after, site.objects())).toEqual([]);
    expect(site.leases()).toEqual([
      expect.objectContaining({ spec: expect.objectContaining({ holderIdentity: '' }) as unknown }),
    ]);
  });
});
