import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type CleanupPlan } from '../../src/lib/core/cleanup/plan-schema.ts';
import { type RunWire } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import { type CliResult, ended, needsBuild } from '../support/built-cli.ts';
import { publishedSchema } from '../support/json-schema.ts';
import { changesBetween, RealCleanup, sidesOf } from '../support/real-cleanup.ts';

const EXECUTE = ['apply', '--execute'];
const QUARANTINE = ['--rule', 'dataset-unclaimed'];

/** Refused with one clear message, as text and as JSON, and nothing is changed. */
async function expectRefusal(
  site: RealCleanup,
  argv: readonly string[],
  message: RegExp,
): Promise<void> {
  const before = site.objects();
  const text = await site.run(argv);
  expect(text, text.stdout).toMatchObject({ code: 2, stdout: '' });
  expect(text.stderr.match(/^Error: /gm), text.stderr).toHaveLength(1);
  expect(text.stderr.replaceAll(/\s+/g, ' ')).toMatch(message);
  expect(text.stderr).not.toMatch(/^ {4}at /m);
  const json = await site.run([...argv, '-o', 'json']);
  expect(json).toMatchObject({ code: 2, stdout: '' });
  const { error } = JSON.parse(json.stderr) as { error: { message: string } };
  expect(error.message).toMatch(message);
  expect(publishedSchema('error')({ error })).toBe(true);
  expect(changesBetween(before, site.objects())).toEqual([]);
}

function codesOf(results: readonly CliResult[]): readonly (number | null)[] {
  return results.map(({ code }) => code).toSorted();
}

describe('two who clean up at once', { timeout: 120_000, ...needsBuild() }, () => {
  it.each([
    [
      'from one state directory',
      undefined,
      /another clean-up is under way: run \S+ of process \d+/,
    ],
    ['from two', 'other', /cleans up there since/],
  ])('%s: one acts, and the other says who', async (_, other, message) => {
    await using site = await RealCleanup.start();
    const before = site.objects();
    await site.approved(...QUARANTINE);
    const state = other === undefined ? {} : { state: await site.copyState(other) };
    site.truenas.faults.latencyMs = 10;
    const results = await Promise.all([site.run(EXECUTE), site.run(EXECUTE, state)]);
    expect(codesOf(results), JSON.stringify(results)).toEqual([0, 2]);
    const refused = results.find(({ code }) => code === 2);
    expect(refused?.stderr.replaceAll(/\s+/g, ' ')).toMatch(message);
    const writes = site.truenas.calls.filter(({ method }) => method === 'pool.dataset.update');
    expect(writes).toHaveLength(2);
    expect(changesBetween(before, site.objects())).toHaveLength(4);
  });
});

describe('what goes wrong in the middle', { timeout: 120_000, ...needsBuild() }, () => {
  it('a Ctrl-C waits for the step under way, which is read back and journalled', async () => {
    await using site = await RealCleanup.start();
    const plan = await site.approved(...QUARANTINE);
    const child = site.start([...EXECUTE, '-o', 'json']);
    site.truenas.faults.latencyMs = (method) => (method === 'sharing.nfs.update' ? 700 : 0);
    site.truenas.faults.onCall = (method) => {
      if (method === 'sharing.nfs.update') child.kill('SIGINT');
    };
    const { code, stdout, stderr } = await ended(child);
    expect(code, stderr).toBe(130);
    const run = JSON.parse(stdout) as RunWire; // compared with its published schema elsewhere
    expect(run).toMatchObject({ state: 'stopped', summary: { done: 1, pending: 0, unknown: 0 } });
    site.truenas.faults.onCall = undefined;
    const again = await site.apply(0, plan.plan_id);
    expect(again).toMatchObject({ run_id: run.run_id, state: 'done', summary: { done: 4 } });
  });

  it('a TrueNAS that dies leaves the outcome unknown, which the same command finds out', async () => {
    await using site = await RealCleanup.start();
    const plan = await site.approved(...QUARANTINE);
    const { truenas } = site;
    truenas.faults.onCall = async (method) => {
      if (method !== 'sharing.nfs.update') return;
      truenas.faults.onCall = undefined;
      await truenas.close();
    };
    const run = await site.apply(4);
    expect(run).toMatchObject({ state: 'unknown', summary: { unknown: 1 } });
    await site.restartTrueNas();
    const again = await site.apply(0, plan.plan_id);
    expect(again).toMatchObject({ run_id: run.run_id, state: 'done', summary: { done: 4 } });
  });

  it('a cluster that dies stops it before the next step', async () => {
    await using site = await RealCleanup.start();
    const plan = await site.approved(...QUARANTINE);
    site.truenas.faults.onCall = (method) => {
      if (method === 'sharing.nfs.update') site.kubernetes.faults.stopAccepting = true;
    };
    const { code, stdout, stderr } = await site.run([...EXECUTE, '-o', 'json']);
    expect(code, stderr).toBe(3);
    const run = JSON.parse(stdout) as RunWire; // likewise
    expect([code, run.state, run.summary.done]).toEqual([3, 'stopped', 1]);
    site.truenas.faults.onCall = undefined;
    site.kubernetes.faults.stopAccepting = undefined;
    // Its Lease could not be given back, and is known again.
    expect(await site.apply(0, plan.plan_id)).toMatchObject({
      ...{ run_id: run.run_id, state: 'done', summary: { done: 4 } },
    });
  });
});

describe('what is refused before the first change', { timeout: 120_000, ...needsBuild() }, () => {
  it('a user of TrueNAS who may not destroy', async () => {
    await using site = await RealCleanup.start();
    await site.approved(...QUARANTINE);
    await site.apply();
    site.pass(8 * 24);
    await site.approved('--rule', 'dataset-quarantined');
    for (const key of site.system.apiKeys) key.roles = ['READONLY_ADMIN', 'SHARING_ADMIN'];
    await expectRefusal(site, EXECUTE, /DATASET_DELETE/);
  });

  it('a user of Kubernetes who may not delete volumes', async () => {
    await using site = await RealCleanup.start();
    await site.approved(...(await site.everything()));
    site.kubernetes.cluster.forbidden = ['delete:persistentvolumes'];
    await expectRefusal(site, EXECUTE, /delete.*persistentvolumes/);
  });

  it('anything while a journal is damaged, naming file and line', async () => {
    await using site = await RealCleanup.start();
    await site.approved(...QUARANTINE);
    await site.apply();
    const [file = ''] = await site.runFiles();
    const lines = (await readFile(file, 'utf8')).split('\n');
    await site.approved('--rule', 'nfs-share-dangling');
    await writeFile(file, lines.with(2, (lines[2] ?? '').replace('"', "'")).join('\n'));
    const name = file.split('/').at(-1) ?? '';
    await expectRefusal(site, EXECUTE, new RegExp(`${name}.*line 3`));
    const { stdout } = await site.run(['history']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`line 3.*${name}`));
  });

  it('a plan that is not the one that was made, or not for now', async () => {
    await using site = await RealCleanup.start();
    const file = site.sandbox.path('plan.json');
    expect((await site.run(['plan', ...QUARANTINE, '--output-file', file])).code).toBe(0);
    const text = await readFile(file, 'utf8');
    expect((await site.run(['approve', file])).code).toBe(0);
    const named = [...EXECUTE, file];
    await writeFile(file, text.replace('"max_items": 10', '"max_items": 99'));
    await expectRefusal(site, named, /is not as it was made/);
    await writeFile(file, text.slice(0, text.length / 2));
    await expectRefusal(site, named, /plan\.json .*(?:cut short|not whole|JSON)/);
    await writeFile(file, '');
    await expectRefusal(site, named, /plan\.json/);
    await writeFile(file, text);
    const { hostId } = site.system;
    site.system.hostId = 'f'.repeat(64);
    await expectRefusal(site, named, /nas1.*another/);
    site.system.hostId = hostId;
    site.pass(2);
    await expectRefusal(site, named, /expired/);
  });

  it('a plan for another cluster behind the same name', async () => {
    await using site = await RealCleanup.start();
    await site.approved(...QUARANTINE);
    const world = structuredClone(site.world);
    sidesOf(world).cluster.uid = '00000000-0000-4000-8000-000000000000';
    await using other = await RealCleanup.start({ world, state: site.sandbox.path('state') });
    await expectRefusal(other, EXECUTE, /prod.*another/);
  });

  it('a plan of nothing that anybody knows', async () => {
    await using site = await RealCleanup.start();
    await expectRefusal(site, [...EXECUTE, 'deadbeef'], /there is no plan "deadbeef"/);
    const plan: CleanupPlan = await site.plan(...QUARANTINE);
    await expectRefusal(site, [...EXECUTE, plan.plan_id], /not approved/);
  });
});
