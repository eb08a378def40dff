import { describe, expect, it } from 'vitest';
import { type CleanupPlan } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { addOne, addSound, finish, newSite } from '../../../src/lib/lab/scenario/build/site.ts';
import { type World } from '../../../src/lib/lab/scenario/world.ts';
import {
  type AtMoment,
  cleanupSite,
  type CleanupSite,
  Killed,
} from '../../support/cleanup-site.ts';
import { planned } from '../../support/crash-cases.ts';
import { differences, objectsOf } from '../../support/world-objects.ts';

/*
 * A run that was interrupted is gone on with under the approvals and limits of then: whatever has not begun is asked about again.
 */

function twoLost(): World {
  const site = newSite('25.10');
  addSound(site.nfs, 5);
  addOne(site.nfs, 'apps/lost', { gone: ['pv', 'claim'] });
  addOne(site.nfs, 'apps/lost-too', { gone: ['pv', 'claim'] });
  return finish(site, []).world;
}

type Journalled = 'begun' | 'intent' | 'outcome';

/** Ends the process as soon as one of its runs has so many entries of a kind. */
function killedAfter({ disk }: CleanupSite, wanted: Journalled, count = 1): AtMoment {
  return () => {
    const entries = [...disk.runs.values()].flat().filter(({ type }) => type === wanted);
    if (entries.length >= count) throw new Killed();
  };
}

async function interrupt(
  site: CleanupSite,
  plan: CleanupPlan,
  wanted: Journalled,
  count?: number,
): Promise<void> {
  await expect(site.apply(plan, killedAfter(site, wanted, count))).rejects.toThrow(Killed);
}

/** Nothing is sent, and nothing written into the run. */
async function refused(site: CleanupSite, plan: CleanupPlan, why: string): Promise<void> {
  const before = { sent: site.sent.length, runs: structuredClone(site.disk.runs) };
  await expect(site.apply(plan)).rejects.toThrow(why);
  expect({ sent: site.sent.length, runs: site.disk.runs }).toEqual(before);
}

describe('limits', () => {
  it('hold where two plans are begun in turn', async () => {
    await using site = await cleanupSite(twoLost(), { settings: { maxItems: 1 } });
    const first = await planned(site);
    const other = await planned(site, { findings: first.left_out.map(({ id }) => id) });
    expect([first.items.length, other.items.length]).toEqual([1, 1]);
    await interrupt(site, first, 'begun');
    expect(await site.apply(other)).toMatchObject({ state: 'done' });
    await refused(site, first, 'beyond the limits');
    await expect(site.rehearse(first)).rejects.toThrow('beyond the limits');
    expect(site.sent.length).toBe(other.steps.length);
  });

  it('count what the run itself has done once', async () => {
    await using site = await cleanupSite(twoLost(), { settings: { maxItems: 2 } });
    const plan = await planned(site);
    expect(plan.items.length).toBe(2);
    for (const count of [1, 2, 3]) {
      await interrupt(site, plan, 'intent', count);
    }
    const run = await site.apply(plan);
    expect(run.state).toBe('done');
    expect(run.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('let what is half done be taken back, and begin nothing more', async () => {
    const settings = { maxItems: 2 };
    await using site = await cleanupSite(twoLost(), { settings });
    const start = objectsOf(site.freeze().world);
    const plan = await planned(site);
    await interrupt(site, plan, 'outcome');
    settings.maxItems = 1;
    const run = await site.apply(plan);
    expect(run.steps.map(({ state }) => state)).toEqual([
      'rolled_back',
      'skipped',
      'skipped',
      'skipped',
    ]);
    expect(run.steps[1]?.detail).toContain('beyond the limits');
    expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
  });

  it('refuse the rest where an item is done whole, and let it be done later', async () => {
    const settings = { maxItems: 2 };
    await using site = await cleanupSite(twoLost(), { settings });
    const plan = await planned(site);
    await interrupt(site, plan, 'outcome', 2);
    settings.maxItems = 1;
    await refused(site, plan, 'beyond the limits');
    settings.maxItems = 2;
    expect(await site.apply(plan)).toMatchObject({ state: 'done' });
  });
});

describe('approval', () => {
  it('is asked again for what has not begun', async () => {
    const settings = { approvals: 1 };
    await using site = await cleanupSite(twoLost(), { settings });
    const plan = await planned(site);
    await interrupt(site, plan, 'begun');
    settings.approvals = 2;
    await refused(site, plan, '0 of 2 approvals');
    settings.approvals = 1;
    expect(await site.apply(plan)).toMatchObject({ state: 'done' });
  });

  it('is not asked for taking back, where something was announced', async () => {
    for (const last of ['intent', 'outcome'] as const) {
      const settings = { approvals: 1 };
      await using site = await cleanupSite(twoLost(), { settings });
      const start = objectsOf(site.freeze().world);
      const plan = await planned(site);
      await interrupt(site, plan, last);
      settings.approvals = 2;
      const run = await site.apply(plan);
      expect(run.steps.slice(1).map(({ state }) => state)).toEqual([
        'skipped',
        'skipped',
        'skipped',
      ]);
      expect(run.steps[1]?.detail).toContain('0 of 2 approvals');
      expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
    }
  });
});

describe('a dry run', () => {
  it('is refused of a plan that was rejected', async () => {
    await using site = await cleanupSite(twoLost());
    const plan = await site.plan();
    await site.reject(plan);
    await expect(site.rehearse(plan)).rejects.toThrow('was rejected');
  });

  it('says that nobody has approved yet, and goes on', async () => {
    await using site = await cleanupSite(twoLost());
    const plan = await site.plan();
    const notes: string[] = [];
    const run = await site.rehearse(plan, (line) => notes.push(line));
    expect(run.state).toBe('validated');
    expect(notes).toEqual([
      `plan ${plan.plan_id} is not approved: 0 of 1 approvals; with --execute it would be refused`,
    ]);
    await site.approve(plan);
    notes.length = 0;
    await site.rehearse(plan, (line) => notes.push(line));
    expect(notes).toEqual([]);
  });
});

describe('who approves or rejects', () => {
  it('has to see the servers that the plan is for, before anything is written', async () => {
    await using site = await cleanupSite(twoLost());
    const plan = await site.plan();
    const kept = structuredClone(site.disk.plans);
    const [system] = site.running.world.systems;
    if (system === undefined) throw new Error('a system');
    system.hostId = 'f'.repeat(64);
    await expect(site.approve(plan)).rejects.toThrow('system nas1 is another one');
    await expect(site.reject(plan)).rejects.toThrow('system nas1 is another one');
    site.disk.plans.clear();
    await expect(site.approve(plan)).rejects.toThrow('system nas1 is another one');
    expect(site.disk.plans.size).toBe(0);
    expect(kept.size).toBe(1);
  });
});
