import { access, readFile, writeFile } from 'node:fs/promises';
import { type Command } from '@oclif/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Cleanup from '../../../src/commands/cleanup/index.ts';
import CleanupApply from '../../../src/commands/cleanup/apply.ts';
import CleanupApprove from '../../../src/commands/cleanup/approve.ts';
import CleanupHistory from '../../../src/commands/cleanup/history.ts';
import CleanupPlan from '../../../src/commands/cleanup/plan.ts';
import CleanupRollback from '../../../src/commands/cleanup/rollback.ts';
import Orphans from '../../../src/commands/orphans.ts';
import { type CleanupPlan as Plan } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { type RunWire } from '../../../src/lib/core/render/wire/cleanup-schema.ts';
import { parseWorld } from '../../../src/lib/lab/scenario/serialise.ts';
import { type LabSystem } from '../../../src/lib/lab/scenario/world.ts';
import { type CommandResult, Sandbox } from '../../support/run-command.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.create();
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
});

async function run(command: typeof Command, ...argv: readonly string[]): Promise<CommandResult> {
  return await sandbox.run(command, ['--demo', ...argv]);
}

async function ok(command: typeof Command, ...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, ...argv);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

async function plan(...argv: readonly string[]): Promise<Plan> {
  return JSON.parse(await ok(CleanupPlan, '-o', 'json', ...argv)) as Plan; // has tests of its own
}

async function applied(...argv: readonly string[]): Promise<RunWire> {
  return JSON.parse(await ok(CleanupApply, '--execute', '-o', 'json', ...argv)) as RunWire; // likewise
}

const WORLD = ['state', 'truenas-monitor', 'demo', 'world.json'] as const;

async function nas(): Promise<LabSystem> {
  const { world } = parseWorld(await readFile(sandbox.path(...WORLD), 'utf8'));
  const [system] = world.systems;
  if (system === undefined) throw new Error('the demo has a TrueNAS');
  return system;
}

const QUARANTINE = ['--rule', 'dataset-unclaimed'];

/** What a quarantine of the demo touches: the dataset of one, the zvol of the other. */
async function putAside(): Promise<{ readonly path: string; readonly run: string }> {
  const { items } = await plan(...QUARANTINE);
  await ok(CleanupApprove);
  const { run_id: id } = await applied();
  const item = items.find(({ subject }) => subject.type === 'Zvol');
  return { path: item?.subject.name ?? '', run: id };
}

describe('the whole round on the demo', { timeout: 60_000 }, () => {
  it('plans, refuses without an approval, puts aside, and brings back', async () => {
    const { items, steps } = await plan(...QUARANTINE);
    expect(items.map(({ intent }) => intent)).toEqual(['quarantine', 'quarantine']);
    const before = await nas();

    const dry = await run(CleanupApply);
    expect(dry).toMatchObject({ exitCode: 0 });
    expect(dry.stdout).toContain('Nothing was changed.');
    expect(dry.stderr).toContain('is not approved: 0 of 1 approvals; with --execute it would be');
    // What the dry run says next is what the real one needs.
    expect(dry.stdout).toMatch(
      /cleanup approve \S+ --demo\n[^]*cleanup apply \S+ --execute --demo\n/,
    );
    const refused = await run(CleanupApply, '--execute');
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('is not approved: 0 of 1 approvals');
    expect(refused.stderr).toMatch(/cleanup approve --demo \S/);
    expect(await nas()).toEqual(before);

    expect(await ok(CleanupApprove, '--reason', 'OPS-1432')).toContain('approved by');
    const done = await applied();
    expect(done).toMatchObject({ state: 'done', dry_run: false, summary: { done: steps.length } });
    for (const { subject } of items) {
      const dataset = (await nas()).datasets.find(({ id }) => id === subject.name);
      expect(JSON.stringify(dataset)).toContain(`${subject.name};`);
    }
    const left = await ok(Orphans, ...QUARANTINE, '-o', 'name');
    for (const { subject } of items) expect(left).not.toContain(subject.name);

    const back = await ok(CleanupRollback, done.run_id, '--execute', '-o', 'json');
    expect(JSON.parse(back)).toMatchObject({ state: 'rolled_back', undoes: done.run_id });
    const after = await nas();
    expect(after.nfsShares).toEqual(before.nfsShares);
    expect(after.iscsiExtents).toEqual(before.iscsiExtents);
    expect(JSON.stringify(after.datasets)).not.toContain('truenas-monitor:quarantined');
    expect(await ok(CleanupHistory, '-o', 'name')).toMatch(
      new RegExp(`^${done.run_id}\\n\\d{8}t\\d{6}z-\\w{8}\\n$`),
    );
  });

  it('destroys only after the quarantine, and cannot bring that back', async () => {
    const { path, run: first } = await putAside();
    expect((await plan('--rule', 'dataset-quarantined')).items).toEqual([]);

    const due = await plan('--rule', 'dataset-quarantined', '--demo-now', '+8d');
    expect(due.items.map(({ subject, intent }) => [subject.name, intent])).toEqual([
      [path, 'destroy'],
    ]);
    await ok(CleanupApprove);
    expect(await applied()).toMatchObject({ state: 'done' });
    const { datasets, iscsiExtents, iscsiTargetExtents } = await nas();
    expect(datasets.some(({ id }) => id === path)).toBe(false);
    expect(JSON.stringify([iscsiExtents, iscsiTargetExtents])).not.toContain(path);
    // What else was put aside comes back; of what is gone nothing does.
    const { exitCode, stdout } = await run(CleanupRollback, first, '--execute');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('skipped');
    expect((await nas()).datasets.some(({ id }) => id === path)).toBe(false);
  });

  it('says which of what was named is not in the plan', async () => {
    const named = ['--include-snapshots', 'tank/k8s/nfs/vols/pvc-typo@nothing'];
    const { exitCode, stdout, stderr } = await run(CleanupPlan, ...QUARANTINE, ...named);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('--include-snapshots tank/k8s/nfs/vols/pvc-typo@nothing');
    expect(stderr).toContain('no such snapshot was seen on TrueNAS');
    const unknown = await run(CleanupPlan, '--finding', '0123456789abcdef');
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unknown.stderr).toContain('there is no finding 0123456789abcdef');
    expect(unknown.stderr.replaceAll(/\s+/g, ' ')).toContain('orphans --demo -o wide');
  });

  it('offers nothing more for a plan of nothing', async () => {
    expect((await plan('--rule', 'dataset-quarantined')).items).toEqual([]);
    for (const command of [CleanupApply, CleanupApprove]) {
      const text = await ok(command);
      expect(text).toContain('There is nothing to do: the plan is empty.');
      expect(text).not.toContain('truenas-monitor cleanup');
    }
  });

  it('forgets plans and runs with the world they were of', async () => {
    await putAside();
    expect(await ok(CleanupHistory, '--demo-reset')).toContain('Nothing was planned');
  });

  it('goes by a file, which has to be as it was made', async () => {
    const shown = await ok(CleanupPlan, ...QUARANTINE, '--output-file', 'plan.json');
    expect(shown).toContain('PLAN ');
    const text = await readFile(sandbox.path('plan.json'), 'utf8');
    await ok(CleanupApprove, 'plan.json');
    await writeFile(sandbox.path('plan.json'), text.replace('"max_items": 10', '"max_items": 11'));
    const edited = await run(CleanupApply, 'plan.json', '--execute');
    expect(edited).toMatchObject({ exitCode: 2, stdout: '' });
    expect(edited.stderr).toContain('is not as it was made');
    await writeFile(sandbox.path('plan.json'), text);
    expect(await applied('plan.json')).toMatchObject({ state: 'done' });
  });

  it('does not carry out what was rejected, nor what has expired', async () => {
    await plan(...QUARANTINE);
    await ok(CleanupApprove, '--reject', '--reason', 'still needed');
    const rejected = await run(CleanupApply, '--execute');
    expect(rejected).toMatchObject({ exitCode: 2 });
    expect(rejected.stderr).toContain('was rejected');
    await plan(...QUARANTINE);
    await ok(CleanupApprove);
    const expired = await run(CleanupApply, '--execute', '--demo-now', '+2h');
    expect(expired).toMatchObject({ exitCode: 2, stdout: '' });
    expect(expired.stderr).toContain('expired');
  });

  it('only shows the plan where there is no terminal, whatever it is asked', async () => {
    const text = await ok(Cleanup, ...QUARANTINE);
    expect(text).toContain('not approved: needs 1 approval');
    expect(await ok(CleanupHistory, '-o', 'name')).toBe('');
  });

  it('leaves the state of the user alone', async () => {
    await putAside();
    await expect(access(sandbox.path('state', 'truenas-monitor', 'cleanup'))).rejects.toThrow(
      'ENOENT',
    );
  });
});

describe('what clean-up does not take', () => {
  it.each([
    [CleanupPlan, ['--max-age', '10m'], 'there is no flag --max-age'],
    [CleanupApply, ['--yes'], 'there is no flag --yes'],
    [CleanupApprove, ['--reason', ' '], '--reason says nothing'],
    [CleanupApply, ['0123abcd'], 'there is no plan "0123abcd" on this machine'],
    [CleanupApply, ['missing.json'], 'there is no such file'],
    [CleanupApprove, [], 'there is no plan on this machine yet'],
    [CleanupRollback, [], 'nothing says which run to undo'],
    [CleanupRollback, ['0123abcd'], 'there is no run "0123abcd" on this machine'],
  ] as const)('is refused: %s %j', async (command, argv, message) => {
    const { exitCode, stdout, stderr } = await run(command, ...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
