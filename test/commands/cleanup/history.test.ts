import { readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import CleanupHistory from '../../../src/commands/cleanup/history.ts';
import { fileCleanupStore } from '../../../src/lib/adapters/store/cleanup/file-store.ts';
import { type CleanupHistoryWire } from '../../../src/lib/core/render/wire/cleanup-schema.ts';
import { aPlan, ann, ben } from '../../support/cleanup-view-builders.ts';
import { type CommandResult, Sandbox } from '../../support/run-command.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.create();
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
});

async function history(...argv: readonly string[]): Promise<CommandResult> {
  return await sandbox.run(CleanupHistory, argv);
}

const RUN = '20261122t120100z-01234567';

function cleanupDirectory(): string {
  return sandbox.path('state', 'truenas-monitor', 'cleanup');
}

/** One plan that was approved, and a run of it that did its first step. */
async function past(): Promise<void> {
  const store = fileCleanupStore(cleanupDirectory());
  const plan = aPlan();
  const at = plan.created_at;
  const planned = await store.create('plan', plan.plan_id, { type: 'planned', at, plan, by: ann });
  const { plan_hash } = plan;
  await planned.append({ type: 'approved', at, plan_hash, by: ben, reason: 'OPS-1432' });
  const run = await store.create('run', RUN, {
    ...{ type: 'begun', at, run_id: RUN, tool_version: '1.2.3', by: ann, approved_by: [ben] },
    work: { kind: 'apply', plan },
  });
  await run.append({
    ...{ type: 'outcome', at, step: 's01', state: 'skipped', detail: 'it is gone' },
    ...{ observed: [], found: false },
  });
}

describe('cleanup history', () => {
  it('says that nothing was done, makes nothing by looking, and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await history();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Nothing was planned or cleaned up on this machine.');
    expect(await readdir(sandbox.directory)).toEqual([]);
  });

  it('tells who approved what and why, for people and for an audit', async () => {
    await past();
    const table = await history();
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toContain(RUN);
    const { stdout } = await history('-o', 'json');
    const { plans, runs } = JSON.parse(stdout) as CleanupHistoryWire; // the wire form has tests of its own
    expect(plans[0]?.approvals).toEqual([{ by: ben, at: aPlan().created_at, reason: 'OPS-1432' }]);
    expect(runs.map(({ run_id: id }) => id)).toEqual([RUN]);
    expect((await history('-o', 'name')).stdout).toBe(`${RUN}\n`);
  });

  it('shows one run, or one plan, by the beginning of its id', async () => {
    await past();
    const run = await history(RUN.slice(0, 10));
    expect(run.stdout).toContain(`RUN ${RUN}`);
    expect(run.stdout).toContain('it is gone');
    const plan = await history('01234567');
    expect(plan.stdout).toContain('PLAN 0123456789abcdef');
    expect(plan.stdout).toContain('approved by ben@example.com');
    await writeFile(sandbox.path('c.yaml'), 'cleanup: {approvals: 1}\n');
    const elsewhere = await history('01234567', '--config', 'c.yaml');
    expect(elsewhere.stderr + elsewhere.stdout).toContain('--config c.yaml');
  });

  it('is exported for an audit, all of it or nothing', async () => {
    await past();
    const { exitCode, stdout } = await history('-o', 'jsonl');
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toContain('"kind":"CleanupAudit"');
    expect(lines.at(-1)).toBe(`{"record":"end","records":${lines.length - 2}}`);
    expect(stdout).toContain('OPS-1432');
    expect((await history('-o', 'jsonl', '--since', '30d')).exitCode).toBe(2);
  });

  it('shows what was done since an instant', async () => {
    await past();
    expect((await history('--since', '2026-10-31', '-o', 'name')).stdout).toBe(`${RUN}\n`);
    expect((await history('--since', '2026-11-02', '-o', 'name')).stdout).toBe('');
  });

  it('ends with 2 where a journal is not as it was written, and says which', async () => {
    await past();
    const path = `${cleanupDirectory()}/runs/${RUN}.jsonl`;
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('it is gone', 'it is done'));
    const { exitCode, stdout } = await history();
    expect(exitCode).toBe(2);
    expect(stdout).toContain('DAMAGED');
    expect(stdout.replaceAll(/\s+/g, '')).toContain(path);
  });

  it('fits where it is piped into what has a width', async () => {
    await past();
    const { stdout } = await sandbox.run(CleanupHistory, [], { COLUMNS: '60' });
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(60);
    expect((await history()).stdout).not.toBe(stdout);
  });

  it('says of a directory that is a link that it is one', async () => {
    await past();
    await rename(`${cleanupDirectory()}/plans`, sandbox.path('plans'));
    await symlink(sandbox.path('plans'), `${cleanupDirectory()}/plans`);
    const { exitCode, stderr } = await history();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is a symbolic link');
    expect(stderr).not.toContain('Make room');
  });

  it.each([
    [['deadbeef'], 'there is no run or plan "deadbeef" on this machine'],
    [['--since', 'yesterday'], '--since does not take "yesterday"'],
    [['01234567', '--since', '30d'], '--since chooses among all runs, and one is named'],
    [['-o', 'sarif'], '--output does not take "sarif"'],
  ])('refuses %j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await history(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
