import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import CleanupApply from '../../../src/commands/cleanup/apply.ts';
import CleanupApprove from '../../../src/commands/cleanup/approve.ts';
import CleanupPlan from '../../../src/commands/cleanup/plan.ts';
import CleanupRollback from '../../../src/commands/cleanup/rollback.ts';
import { type RunWire } from '../../../src/lib/core/render/wire/cleanup-schema.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { type KubernetesObject, type World } from '../../../src/lib/lab/scenario/world.ts';
import { type CommandSite, startSite } from '../../support/command-site.ts';
import { aSite, hasSecret } from '../../support/driver-secret-site.ts';
import { type CommandResult, Sandbox } from '../../support/run-command.ts';

/* Clean-up as somebody has it who has configured two servers: with their own key, or with none. */

const REPAIR = ['--rule', 'share-missing'];

let sandbox: Sandbox;
let world: World;
let site: CommandSite;

beforeEach(async () => {
  sandbox = await Sandbox.create();
  world = demo.build('25.10');
  for (const { apiKeys } of world.systems) for (const key of apiKeys) key.roles = ['FULL_ADMIN'];
  site = await startSite(sandbox, world);
});

afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

async function run(
  command: Parameters<Sandbox['run']>[0],
  ...argv: readonly string[]
): Promise<CommandResult> {
  return await sandbox.run(command, argv, site.environment);
}

function leases(): readonly KubernetesObject[] {
  const all = world.clusters[0]?.objects['leases'] ?? [];
  return all.filter(({ metadata }) => metadata.name.startsWith('truenas-monitor-cleanup-'));
}

async function approvedRepair(): Promise<void> {
  expect((await run(CleanupPlan, ...REPAIR)).exitCode).toBe(0);
  expect((await run(CleanupApprove)).exitCode).toBe(0);
}

describe('clean-up of configured servers', { timeout: 60_000 }, () => {
  it('is done under a Lease for the TrueNAS in the cluster, by whom the cluster knows', async () => {
    const [nas] = world.systems;
    const shares = nas?.nfsShares.length ?? 0;
    await approvedRepair();
    expect(leases()).toEqual([]);
    const { exitCode, stdout, stderr } = await run(CleanupApply, '--execute', '-o', 'json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const done = JSON.parse(stdout) as RunWire; // the wire form has tests of its own
    expect(done).toMatchObject({ state: 'done', by: { kind: 'kubernetes' } });
    expect(nas?.nfsShares).toHaveLength(shares + 1);
    expect(leases()).toHaveLength(1);
    expect(leases()[0]?.metadata).toMatchObject({ namespace: 'kube-system' });
    expect(leases()[0]?.['spec']).not.toHaveProperty('holderIdentity', expect.stringMatching(/./));

    // What a volume was given back is left to it.
    const back = await run(CleanupRollback, done.run_id, '--execute');
    expect(back.exitCode).toBe(2);
    expect(nas?.nfsShares).toHaveLength(shares + 1);
    for (const secret of site.secrets) expect(stdout + stderr + back.stderr).not.toContain(secret);
  });

  it('is refused while somebody else holds the Lease, who is named', async () => {
    await approvedRepair();
    expect((await run(CleanupApply, '--execute')).exitCode).toBe(0);
    const [lease] = leases();
    if (lease === undefined) throw new Error('there was one');
    const now = `${new Date().toISOString().slice(0, -1)}000Z`;
    lease['spec'] = {
      ...{ holderIdentity: 'ben@other-desk/run-1', leaseDurationSeconds: 60 },
      ...{ acquireTime: now, renewTime: now, leaseTransitions: 1 },
    };
    world.systems[0]?.nfsShares.pop();
    expect((await run(CleanupPlan, ...REPAIR)).exitCode).toBe(0);
    expect((await run(CleanupApprove)).exitCode).toBe(0);
    const text = await run(CleanupApply, '--execute');
    expect(text).toMatchObject({ exitCode: 2, stdout: '' });
    expect(text.stderr).toContain('ben@other-desk');
    expect(text.stderr).not.toMatch(/^\s+at /m);
    const json = await run(CleanupApply, '--execute', '-o', 'json');
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'CLEANUP_LOCKED' } });
  });

  it('is refused where the host id of the TrueNAS is another one by now', async () => {
    await approvedRepair();
    const [nas] = world.systems;
    if (nas !== undefined) Object.assign(nas, { hostId: 'f'.repeat(64) });
    for (const argv of [[], ['--execute']]) {
      const refused = await run(CleanupApply, ...argv);
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
      expect(refused.stderr).toContain('the plan is for other servers: system');
    }
  });

  it('says with 3 that a dry run could not read everything', async () => {
    expect((await run(CleanupPlan, ...REPAIR)).exitCode).toBe(0);
    site.truenas.faults.errors = [
      {
        method: 'zfs.resource.query',
        times: 1_000,
        error: { kind: 'call', errno: 14, message: 'busy' },
      },
    ];
    const { exitCode, stdout } = await run(CleanupApply);
    expect(exitCode).toBe(3);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('STOPPED: not everything could be read');
    expect(stdout).toContain('Nothing was changed.');
  });
});

it('the key of a CSI driver plans, and changes nothing', { timeout: 60_000 }, async () => {
  const borrowed = await aSite();
  const withDriver = async (
    command: Parameters<Sandbox['run']>[0],
    ...argv: readonly string[]
  ): Promise<CommandResult> => await borrowed.sandbox.run(command, argv, borrowed.environment);
  const before = JSON.stringify(borrowed.truenas.system);
  expect((await withDriver(CleanupPlan, '-q', ...REPAIR)).exitCode).toBe(0);
  expect((await withDriver(CleanupApprove, '-q')).exitCode).toBe(0);
  for (const argv of [[], ['--execute'], ['-o', 'json']]) {
    const refused = await withDriver(CleanupApply, '-q', ...argv);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('the key of a CSI driver is for reading alone');
    expect(hasSecret([refused.stderr])).toBe(false);
  }
  expect(JSON.stringify(borrowed.truenas.system)).toBe(before);
});
