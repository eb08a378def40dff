import { writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import CleanupApply from '../../../src/commands/cleanup/apply.ts';
import CleanupApprove from '../../../src/commands/cleanup/approve.ts';
import CleanupHistoryCommand from '../../../src/commands/cleanup/history.ts';
import CleanupPlanCommand from '../../../src/commands/cleanup/plan.ts';
import { type Command } from '@oclif/core';
import { type MadePlan } from '../../../src/lib/ports/cleanup-desk.ts';
import {
  allowApplying,
  ANN,
  demoDesk,
  deskSite,
  EVERYTHING,
  holdChanges,
  ONE_STEP,
  SEVERAL_STEPS,
  PATIENCE,
  type RunningDesk,
  valueOf,
} from '../../support/desk-site.ts';
import { type RealCleanup } from '../../support/real-cleanup.ts';
import { type CommandResult, Sandbox } from '../../support/run-command.ts';

/** Runs a command of clean-up in this process, with the configuration of the site. */
async function command(
  { sandbox }: RealCleanup,
  of: typeof Command,
  ...argv: readonly string[]
): Promise<CommandResult> {
  return await sandbox.run(of, [...argv, '--config', sandbox.path('config.yaml'), '-o', 'json']);
}

async function approved({ desk }: RunningDesk, scope = ONE_STEP): Promise<MadePlan['view']> {
  const { view } = valueOf(await desk.plan(scope, ANN));
  const said = { ...named(view), verdict: 'approve', reason: 'looked at' } as const;
  return valueOf(await desk.judge(said, ANN));
}

function named({ plan }: MadePlan['view']): { planId: string; planHash: string } {
  return { planId: plan.plan_id, planHash: plan.plan_hash };
}

/** How the newest run stands, as the journals tell. */
async function newestRun({ desk }: RunningDesk) {
  return valueOf(await desk.history()).runs.at(-1);
}

async function untilOver(running: RunningDesk, state = 'done'): Promise<void> {
  await vi.waitFor(async () => {
    expect((await newestRun(running))?.state).toBe(state);
  }, PATIENCE);
}

describe('the desk', () => {
  test('makes a plan, has it approved and carried out, and says so in the journals of the commands', async () => {
    const running = await deskSite();
    const { desk, site } = running;
    const made = valueOf(await desk.plan(EVERYTHING, ANN));
    expect(made.view).toMatchObject({ state: 'awaiting_approval', plannedBy: ANN.by });
    expect(made.view.plan.items.length).toBeGreaterThan(0);
    const before = site.objects();
    const plan = await approved(running);
    expect(plan).toMatchObject({ state: 'approved', approvals: [{ by: ANN.by }] });
    expect(site.objects()).toEqual(before);

    const run = valueOf(await desk.apply({ ...named(plan), mode: 'execute' }, ANN));
    expect(run).toMatchObject({ by: ANN.by, plan: { plan_id: plan.id } });
    await untilOver(running);
    expect(site.objects()).not.toEqual(before);
    const history = await command(site, CleanupHistoryCommand, run.id);
    expect(JSON.parse(history.stdout)).toMatchObject({ run_id: run.id, state: 'done' });
    expect(running.log).toContainEqual(
      expect.stringMatching(/^info the clean-up run ended: done .*"request":"request-1"/),
    );
  });

  test('answers once the run has begun, says how far it has come, and lets nothing else hang meanwhile', async () => {
    const running = await deskSite();
    const { desk, site } = running;
    await running.scan();
    const plan = await approved(running);
    const held = holdChanges(site);
    const run = valueOf(await desk.apply({ ...named(plan), mode: 'execute' }, ANN));
    await held.arrived;
    expect((await newestRun(running))?.state).toBe('applying');

    expect(await desk.plan(EVERYTHING, ANN)).toMatchObject({ error: { code: 'CLEANUP_BUSY' } });
    const verdict = { ...named(plan), verdict: 'reject', reason: null } as const;
    expect(await desk.judge(verdict, ANN)).toMatchObject({ error: { code: 'CLEANUP_BUSY' } });
    expect(await running.explain('pvc/apps/forgotten-files')).toMatchObject({
      error: { code: 'BUSY' },
    });
    const scan = running.scan();
    const seen = running.events.length;
    held.letGo();
    await untilOver(running);
    // It waited for its turn, and reads what has become of everything.
    expect((await scan).state).toBe('done');
    const cleanups = running.events.slice(seen).filter((event) => event.kind === 'changed');
    expect(cleanups).toContainEqual({
      kind: 'changed',
      source: 'cleanup',
      what: `clean-up run ${run.id} has ended`,
    });
    expect((await desk.plan(EVERYTHING, ANN)).state).toBe('done');
  });

  test('tries a plan out, and changes nothing', async () => {
    const running = await deskSite({ allowApply: false });
    const { desk, site } = running;
    const before = site.objects();
    const { view } = valueOf(await desk.plan(ONE_STEP, ANN));
    const tried = valueOf(await desk.apply({ ...named(view), mode: 'rehearse' }, ANN));
    expect(tried.steps.length).toBeGreaterThan(0);
    expect(site.objects()).toEqual(before);
    expect(valueOf(await desk.history()).runs).toEqual([]);
  });

  test('takes nobody’s word on a plan that is not the one they read', async () => {
    const running = await deskSite();
    const { desk } = running;
    const plan = await approved(running);
    const other = { planId: plan.id, planHash: 'f'.repeat(64) };
    const verdict = { ...other, verdict: 'approve', reason: null } as const;
    expect(await desk.judge(verdict, ANN)).toMatchObject({
      error: { code: 'CLEANUP_HASH_DIFFERS', details: { kept: plan.plan.plan_hash } },
    });
    expect(await desk.apply({ ...other, mode: 'execute' }, ANN)).toMatchObject({
      error: { code: 'CLEANUP_HASH_DIFFERS' },
    });
    // The beginning of an id is somebody's typing, and a path is no plan at all.
    for (const planId of [plan.id.slice(0, 6), '/etc/passwd', '']) {
      const unknown = { ...named(plan), planId, mode: 'execute' } as const;
      expect(await desk.apply(unknown, ANN)).toMatchObject({
        error: { code: 'CLEANUP_PLAN_UNKNOWN' },
      });
    }
    expect(valueOf(await desk.history()).runs).toEqual([]);
  });

  test('carries nothing out where the configuration does not say that it may, as it is at that moment', async () => {
    const running = await deskSite({ allowApply: false });
    const { desk, site } = running;
    const plan = await approved(running);
    const asked = { ...named(plan), mode: 'execute' } as const;
    const off = { state: 'failed', error: { code: 'CLEANUP_APPLY_OFF' } };
    expect(await desk.apply(asked, ANN)).toMatchObject(off);
    await allowApplying(site);
    expect((await desk.apply(asked, ANN)).state).toBe('done');
    await untilOver(running);
    await allowApplying(site, false);
    await vi.waitFor(async () => {
      expect(await desk.apply(asked, ANN)).toMatchObject(off);
    }, PATIENCE);
  });

  test('carries nothing out that nobody approved of', async () => {
    const { desk } = await deskSite();
    const { view } = valueOf(await desk.plan(ONE_STEP, ANN));
    expect(await desk.apply({ ...named(view), mode: 'execute' }, ANN)).toMatchObject({
      error: {
        code: 'CLEANUP_REFUSED',
        message: `plan ${view.id} is not approved: 0 of 1 approvals`,
      },
    });
    expect(valueOf(await desk.history()).runs).toEqual([]);
  });

  test('does nothing by a configuration that cannot be used, though scans go on by the one before', async () => {
    const running = await deskSite();
    const { desk, site } = running;
    await writeFile(site.sandbox.path('config.yaml'), 'truenas: [', { mode: 0o600 });
    expect((await running.scan()).state).toBe('done');
    expect(await desk.plan(ONE_STEP, ANN)).toMatchObject({ error: { code: 'CONFIG_INVALID' } });
  });

  test('counts nobody among several whom only an identity provider knows, and says what does count', async () => {
    const { desk } = await deskSite({ cleanup: { approvals: 2 } });
    const { view } = valueOf(await desk.plan(ONE_STEP, ANN));
    const said = { ...named(view), verdict: 'approve', reason: null } as const;
    expect(await desk.judge(said, ANN)).toMatchObject({
      error: {
        code: 'CLEANUP_REFUSED',
        message: '2 people have to approve, and no cluster says who ann is',
        remediation: [expect.stringContaining('server.auth.mode')],
      },
    });
  });

  test('refuses what a command is at, and a command what it is at', async () => {
    const running = await deskSite();
    const { desk, site } = running;
    const plan = await approved(running);
    const held = holdChanges(site);
    const mine = command(site, CleanupApply, plan.id, '--execute');
    await held.arrived;
    expect(await desk.apply({ ...named(plan), mode: 'execute' }, ANN)).toMatchObject({
      error: { code: 'CLEANUP_LOCKED' },
    });
    held.letGo();
    expect((await mine).exitCode).toBe(0);

    const next = await approved(running, SEVERAL_STEPS);
    const again = holdChanges(site);
    valueOf(await desk.apply({ ...named(next), mode: 'execute' }, ANN));
    await again.arrived;
    const refused = await command(site, CleanupApply, next.id, '--execute');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('CLEANUP_LOCKED');
    // The same run that the desk is at: nothing of it is lost.
    expect((await newestRun(running))?.state).toBe('applying');
  });

  test('carries out what a command planned and approved', async () => {
    const running = await deskSite();
    const { desk, site } = running;
    expect((await command(site, CleanupPlanCommand)).exitCode).toBe(0);
    expect((await command(site, CleanupApprove)).exitCode).toBe(0);
    const [plan] = valueOf(await desk.history()).plans;
    if (plan === undefined) throw new Error('there is a plan');
    expect(plan.state).toBe('approved');
    valueOf(await desk.apply({ ...named(plan), mode: 'execute' }, ANN));
    await untilOver(running);
  });

  test('stops a run at the next safe point when it is told to end, and a command goes on with it', async () => {
    const running = await deskSite();
    const { desk, site } = running;
    const plan = await approved(running, SEVERAL_STEPS);
    const held = holdChanges(site);
    const run = valueOf(await desk.apply({ ...named(plan), mode: 'execute' }, ANN));
    await held.arrived;
    const ended = running[Symbol.asyncDispose]();
    held.letGo();
    await ended;
    expect(running.log).toContainEqual(
      expect.stringMatching(/^warn the clean-up run stopped: truenas-monitor is ending/),
    );
    const history = await command(site, CleanupHistoryCommand, run.id);
    expect(JSON.parse(history.stdout)).toMatchObject({
      state: 'stopped',
      reason: 'it was interrupted',
    });
    const resumed = await command(site, CleanupApply, plan.id, '--execute');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ run_id: run.id, state: 'done' });
  });

  test('answers nobody with a run that it did not begin before it was told to end', async () => {
    const running = await deskSite();
    const { desk, site } = running;
    const plan = await approved(running);
    site.truenas.faults.latencyMs = 60_000;
    const answer = desk.apply({ ...named(plan), mode: 'execute' }, ANN);
    await running[Symbol.asyncDispose]();
    expect(await answer).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });
});

describe('the desk of the demo', () => {
  async function aSandbox(): Promise<Sandbox> {
    const sandbox = await Sandbox.create();
    onTestFinished(async () => {
      await sandbox[Symbol.asyncDispose]();
    });
    return sandbox;
  }

  test('makes two plans one after the other, also where the first was made before it was started again', async () => {
    const sandbox = await aSandbox();
    const first = await demoDesk(sandbox);
    const plans = [
      valueOf(await first.desk.plan(ONE_STEP, ANN)),
      valueOf(await first.desk.plan(ONE_STEP, ANN)),
    ];
    await first[Symbol.asyncDispose]();
    const second = await demoDesk(sandbox);
    plans.push(valueOf(await second.desk.plan(ONE_STEP, ANN)));
    expect(new Set(plans.map(({ view }) => view.id)).size).toBe(3);
  });

  test('says when it was by the clock of the demo, by which its plans expire', async () => {
    const { desk } = await demoDesk(await aSandbox());
    const made = await desk.plan(EVERYTHING, ANN);
    const told = await desk.history();
    for (const answer of [made, told]) {
      if (answer.state !== 'done') throw new Error(answer.error.message);
      const { created_at: from, expires_at: until } = valueOf(made).view.plan;
      expect(answer.at.getTime()).toBeGreaterThanOrEqual(Date.parse(from));
      expect(answer.at.getTime()).toBeLessThan(Date.parse(until));
    }
  });

  test('carries plans out, since nothing there is real', async () => {
    const running = await demoDesk(await aSandbox());
    const plan = await approved(running);
    expect((await running.desk.apply({ ...named(plan), mode: 'execute' }, ANN)).state).toBe('done');
    await untilOver(running);
  });
});
