import { chmod, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fileCleanupStore } from '../../../../src/lib/adapters/store/cleanup/file-store.ts';
import { readPlanFile } from '../../../../src/lib/adapters/store/cleanup/plan-file.ts';
import { resolvePlan, resolveRun } from '../../../../src/lib/adapters/store/cleanup/resolve.ts';
import { planFileText } from '../../../../src/lib/core/cleanup/plan-file.ts';
import { isIntact } from '../../../../src/lib/core/cleanup/plan-hash.ts';
import { type CleanupPlan } from '../../../../src/lib/core/cleanup/plan-schema.ts';
import {
  CleanupRefusedError,
  CleanupStoreError,
  UsageError,
} from '../../../../src/lib/core/model/errors.ts';
import { type CleanupStore } from '../../../../src/lib/ports/cleanup-store.ts';
import { aCleanupPlan, begun, planned, second } from '../../../support/cleanup-journals.ts';
import { Sandbox } from '../../../support/run-command.ts';

const OLD = aCleanupPlan({ plan_id: '01234567aaaaaaaa', created_at: second(1) });
const NEW = aCleanupPlan({ plan_id: '0123bbbbbbbbbbbb', created_at: second(2) });

async function storeOf(sandbox: Sandbox, ...plans: readonly CleanupPlan[]): Promise<CleanupStore> {
  const store = fileCleanupStore(sandbox.path('cleanup'));
  for (const plan of plans) await store.create('plan', plan.plan_id, planned(plan));
  return store;
}

describe('a plan that a command is about', () => {
  it('is the newest one where none was named', async () => {
    await using sandbox = await Sandbox.create();
    const store = await storeOf(sandbox, NEW, OLD);
    const found = await resolvePlan(store, undefined);
    expect(found).toMatchObject({ id: NEW.plan_id, plan: NEW });
    expect(found.journal?.entries).toEqual([planned(NEW)]);
    expect(found.path).toBe(sandbox.path('cleanup', 'plans', `${NEW.plan_id}.jsonl`));
  });

  it('is told to be made where there is none', async () => {
    await using sandbox = await Sandbox.create();
    const store = await storeOf(sandbox);
    await expect(resolvePlan(store, undefined)).rejects.toThrow('there is no plan on this machine');
  });

  it('is found by its id and by enough of its beginning', async () => {
    await using sandbox = await Sandbox.create();
    const store = await storeOf(sandbox, OLD, NEW);
    for (const id of [OLD.plan_id, '01234', '01234567']) {
      expect((await resolvePlan(store, id)).plan).toEqual(OLD);
    }
    const ambiguous = resolvePlan(store, '0123');
    await expect(ambiguous).rejects.toThrow('0123 is the beginning of 2 plans');
    await expect(ambiguous).rejects.toMatchObject({
      remediation: [`Name one of them: ${OLD.plan_id}, ${NEW.plan_id}.`],
    });
    await expect(resolvePlan(store, 'ffff')).rejects.toThrow(UsageError);
    // Too short to be meant.
    await expect(resolvePlan(store, '012')).rejects.toThrow('there is no such file');
  });

  it('is found by a whole id that another one begins with', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await store.create('run', 'abcd', begun({ run_id: 'abcd' }));
    await store.create('run', 'abcde', begun({ run_id: 'abcde', at: second(500) }));
    expect((await resolveRun(store, 'abcd')).run.id).toBe('abcd');
  });

  it('is read from a file, wherever that is, with the approvals it has on this machine', async () => {
    await using sandbox = await Sandbox.create();
    const store = await storeOf(sandbox, OLD);
    const file = sandbox.path('plan.json');
    await writeFile(file, planFileText(OLD));
    await chmod(file, 0o666);
    expect(await resolvePlan(store, file)).toMatchObject({
      ...{ id: OLD.plan_id, plan: OLD, path: file },
      journal: { id: OLD.plan_id, entries: [planned(OLD)] },
    });
    await writeFile(file, planFileText(NEW));
    expect(await resolvePlan(store, file)).toMatchObject({ plan: NEW, journal: null });
  });

  it('is refused where a file has its name and other contents, also where those were hashed anew', async () => {
    await using sandbox = await Sandbox.create();
    const store = await storeOf(sandbox, OLD);
    const file = sandbox.path('plan.json');
    const { plan_id } = OLD;
    const other = aCleanupPlan({ plan_id, created_at: second(1), steps: [] });
    await writeFile(file, planFileText(other));
    await expect(resolvePlan(store, file)).rejects.toThrow(CleanupRefusedError);
    await expect(resolvePlan(store, file)).rejects.toThrow('is not the plan that was made as');
  });

  it('is given back where it was edited, for whoever asks whether it is intact', async () => {
    await using sandbox = await Sandbox.create();
    const store = await storeOf(sandbox, OLD);
    const file = sandbox.path('plan.json');
    await writeFile(file, planFileText({ ...OLD, steps: [] }));
    expect(isIntact((await resolvePlan(store, file)).plan)).toBe(false);
  });

  it('is refused where it is the newest and damaged, and no older one taken for it', async () => {
    await using sandbox = await Sandbox.create();
    const store = await storeOf(sandbox, OLD, NEW);
    const file = sandbox.path('cleanup', 'plans', `${NEW.plan_id}.jsonl`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('nas1', 'nas2'));
    await expect(resolvePlan(store, undefined)).rejects.toThrow(CleanupStoreError);
    await expect(resolvePlan(store, NEW.plan_id)).rejects.toThrow('line 1 is not what was written');
    expect((await resolvePlan(store, OLD.plan_id)).plan).toEqual(OLD);
    await writeFile(sandbox.path('plan.json'), planFileText(NEW));
    await expect(resolvePlan(store, sandbox.path('plan.json'))).rejects.toThrow(CleanupStoreError);
  });
});

describe('a run that a command is about', () => {
  it('is the newest, or the one that was named', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await expect(resolveRun(store, undefined)).rejects.toThrow('there is no run on this machine');
    await store.create('run', '20261122-b', begun({ run_id: '20261122-b', at: second(2) }));
    await store.create('run', '20261122-a', begun({ run_id: '20261122-a', at: second(3) }));
    expect((await resolveRun(store, undefined)).run.id).toBe('20261122-a');
    expect((await resolveRun(store, '20261122-b')).run.id).toBe('20261122-b');
    await expect(resolveRun(store, '2026')).rejects.toThrow('is the beginning of 2 runs');
    await expect(resolveRun(store, '2027')).rejects.toThrow(UsageError);
    await expect(resolveRun(store, '202')).rejects.toThrow(UsageError);
    await expect(resolveRun(store, '')).rejects.toThrow(UsageError);
  });

  it('is refused where it is damaged, or no run', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await store.create('run', 'run-1', planned());
    await expect(resolveRun(store, 'run-1')).rejects.toThrow('does not begin as a run');
    await writeFile(sandbox.path('runs', 'run-1.jsonl'), '{}\n');
    await expect(resolveRun(store, 'run-1')).rejects.toThrow('line 1 is not what was written');
  });
});

describe('a plan file', () => {
  it('is refused with what is wrong with it', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('plan.json');
    const refused = async (content: string): Promise<string> => {
      await writeFile(file, content);
      const error: unknown = await readPlanFile(file).catch((reason: unknown) => reason);
      if (!(error instanceof CleanupRefusedError)) throw new Error(String(error));
      expect(error.remediation).toHaveLength(1);
      return error.message;
    };
    const whole = planFileText(NEW);
    expect(await refused(whole.slice(0, 500))).toBe(`${file} was cut short`);
    expect(await refused('')).toBe(`${file} is empty`);
    expect(await refused('{}')).toBe(`${file} is no plan of clean-up`);
    const newer = whole.replace('"schema_version": 1', '"schema_version": 2');
    expect(await refused(newer)).toContain('newer version');
  });

  it('is refused where it is larger than any plan, before it is all in memory', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('plan.json');
    await writeFile(file, '{');
    await truncate(file, 1024 ** 4);
    await expect(readPlanFile(file)).rejects.toThrow('is larger than any plan');
  });

  it('is refused where there is none, at once', async () => {
    await using sandbox = await Sandbox.create();
    await mkdir(sandbox.path('directory'));
    spawnSync('mkfifo', [sandbox.path('pipe')]);
    await expect(readPlanFile(sandbox.path('none'))).rejects.toThrow('there is no such file');
    for (const name of ['directory', 'pipe', '../../dev/zero']) {
      await expect(readPlanFile(sandbox.path(name))).rejects.toThrow(UsageError);
    }
    await expect(readPlanFile('/dev/zero')).rejects.toThrow('it is no regular file');
  });
});
