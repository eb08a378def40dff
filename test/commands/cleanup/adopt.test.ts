import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import CleanupAdopt from '../../../src/commands/cleanup/adopt.ts';
import CleanupPlan from '../../../src/commands/cleanup/plan.ts';
import CleanupApply from '../../../src/commands/cleanup/apply.ts';
import CleanupApprove from '../../../src/commands/cleanup/approve.ts';
import { type CommandResult, Sandbox } from '../../support/run-command.ts';
import { expectGolden } from '../../support/golden.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.create();
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
});

async function adopt(...argv: readonly string[]): Promise<CommandResult> {
  return await sandbox.run(CleanupAdopt, ['--demo', ...argv]);
}

const NFS = 'tank/k8s/nfs/vols/pvc-e1187cf1-c41d-4f87-b0aa-b5b326c85eaa';
const ISCSI = 'flash/k8s/iscsi/vols/pvc-842851d4-110c-4ef1-a209-3ea1ef73eeb2';
const CLAIM = ['--claim', 'shop/data'];

describe('cleanup adopt', () => {
  it.each([
    ['nfs', NFS],
    ['iscsi', ISCSI],
  ])('writes what brings a dataset back, in every format: %s', async (name, dataset) => {
    for (const format of ['yaml', 'json']) {
      const { exitCode, stdout } = await adopt(dataset, ...CLAIM, '-o', format);
      expect(exitCode).toBe(0);
      expectGolden(stdout, 'cleanup', `adopt-${name}.${format}`);
    }
  });

  it('writes into a file, and then nothing to stdout', async () => {
    const { exitCode, stdout } = await adopt(NFS, ...CLAIM, '--output-file', 'pv.yaml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(await readFile(sandbox.path('pv.yaml'), 'utf8')).toContain('kind: PersistentVolume');
  });

  it('is refused of what is in quarantine, until that is taken back', async () => {
    await sandbox.run(CleanupPlan, ['--demo', '--rule', 'dataset-unclaimed']);
    await sandbox.run(CleanupApprove, ['--demo']);
    expect((await sandbox.run(CleanupApply, ['--demo', '--execute'])).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await adopt(NFS, ...CLAIM);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('quarantine');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    [['tank/nothing'], 'tank/nothing'],
    [[NFS, ISCSI, ...CLAIM], '--claim is for one dataset, and several are named'],
    [[NFS, '--claim', 'data'], '--claim "data" is not NAMESPACE/NAME'],
    [[NFS, '-o', 'table'], 'unknown output format "table"'],
    [[NFS, '--cluster', 'staging'], 'staging'],
    [[NFS, '--system', 'nas9'], 'nas9'],
    [[NFS, '--storage-class', 'gone'], 'gone'],
    [[], 'no dataset to bring back is named'],
    [[NFS, ISCSI], 'nothing on it says whose claim it was'],
  ])('refuses %j and writes nothing', async (argv, message) => {
    const { exitCode, stdout, stderr } = await adopt(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says why as JSON where the output is JSON', async () => {
    const { exitCode, stderr } = await adopt('tank/nothing', '-o', 'json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: expect.any(String) as string } });
  });
});
