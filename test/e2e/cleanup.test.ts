import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunWire } from '../../src/lib/core/render/wire/cleanup-schema.ts';
import { TRUENAS_VERSIONS } from '../../src/lib/lab/scenario/world.ts';
import { needsBuild } from '../support/built-cli.ts';
import { publishedSchema } from '../support/json-schema.ts';
import { changesBetween, RealCleanup } from '../support/real-cleanup.ts';

async function rightsBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true });
  const rights = await Promise.all(
    entries.map(async (entry) => {
      const info = await stat(join(directory, entry));
      return `${info.isDirectory() ? 'directory' : 'file'} ${(info.mode & 0o777).toString(8)}`;
    }),
  );
  return [...new Set(rights)].toSorted();
}

function expectPublished(name: Parameters<typeof publishedSchema>[0], value: unknown): void {
  const validate = publishedSchema(name);
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
}

describe('clean-up with real processes', { timeout: 120_000, ...needsBuild() }, () => {
  it.each(TRUENAS_VERSIONS)('goes its whole round over TrueNAS %s', async (version) => {
    await using site = await RealCleanup.start({ version });
    const untouched = site.objects();

    const plan = await site.plan(...(await site.everything()));
    expectPublished('cleanup-plan', plan);
    expect((await site.run(['apply'])).code).toBe(0);
    const unapproved = await site.run(['apply', '--execute']);
    expect(unapproved).toMatchObject({ code: 2, stdout: '' });
    expect((await site.run(['approve'])).code).toBe(0);
    // None of these changes anything.
    expect(changesBetween(untouched, site.objects())).toEqual([]);

    const run = await site.apply();
    expectPublished('cleanup-run', run);
    expect(run).toMatchObject({ state: 'done', summary: { done: plan.steps.length } });
    const aside = changesBetween(untouched, site.objects());
    expect(aside.map((name) => name.split(' ')[0])).toEqual([
      'datasets',
      'datasets',
      'iscsiExtents',
      'nfsShares',
      'nfsShares',
      'nfsShares',
      'persistentvolumes',
    ]);
    for (const name of aside) expect(JSON.stringify(plan)).toContain(name.split(/ \/?/)[1]);
    expect(site.leases()).toEqual([
      {
        namespace: 'kube-system',
        spec: expect.objectContaining({ holderIdentity: '', leaseDurationSeconds: 60 }) as unknown,
      },
    ]);

    // The policy Retain stays: with Delete its driver would delete what is behind the volume. So does a share that a volume got back.
    const back = await site.json<RunWire>(['rollback', run.run_id, '--execute'], 1);
    expectPublished('cleanup-run', back);
    expect(back).toMatchObject({ state: 'rolled_back', undoes: run.run_id });
    const lost = back.lost.map(({ reason }) => reason).join('\n');
    expect(back.lost).toHaveLength(2);
    expect(lost).toContain('stays Retain');
    expect(lost).toContain('was given back to its volume');
    // What was made again has another id, and an object of Kubernetes another uid.
    const restored = changesBetween(untouched, site.objects());
    expect(restored.map((name) => name.split(' ')[0])).toEqual([
      'nfsShares',
      'nfsShares',
      'persistentvolumes',
    ]);

    await site.approved('--rule', 'dataset-unclaimed');
    await site.apply();
    expect((await site.plan('--rule', 'dataset-quarantined')).items).toEqual([]);
    site.pass(8 * 24);
    const kept = site.objects();
    const due = await site.approved('--rule', 'dataset-quarantined');
    expect(due.items.map(({ intent }) => intent)).toEqual(['destroy', 'destroy']);
    const destroyed = await site.apply();
    expectPublished('cleanup-run', destroyed);
    expect(destroyed).toMatchObject({ state: 'done' });
    const gone = changesBetween(kept, site.objects()).filter((name) => !site.objects().has(name));
    expect(gone.filter((name) => name.startsWith('datasets '))).toEqual(
      due.items.map(({ subject }) => `datasets ${subject.name}`).toSorted(),
    );
    for (const kind of ['nfsShares', 'iscsiExtents', 'iscsiTargets', 'iscsiTargetExtents']) {
      expect(gone.filter((name) => name.startsWith(`${kind} `))).toHaveLength(1);
    }
    const after = JSON.stringify([...site.objects()]);
    for (const { subject } of due.items) expect(after).not.toContain(subject.name);

    expectPublished('cleanup-history', await site.json<unknown>(['history']));
    expect(await rightsBelow(site.stateDirectory)).toEqual(['directory 700', 'file 600']);
  });
});
