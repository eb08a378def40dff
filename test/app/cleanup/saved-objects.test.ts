import { describe, expect, it } from 'vitest';
import { type CleanupPorts } from '../../../src/lib/app/cleanup/cleanup-ports.ts';
import { type NasWriter } from '../../../src/lib/ports/change-writer.ts';
import { type CleanupSite, cleanupSite } from '../../support/cleanup-site.ts';
import { crashCase } from '../../support/crash-cases.ts';

/** What the journals hold of objects as they were. */
function savedIn(site: CleanupSite): readonly unknown[] {
  return [...site.disk.runs.values()]
    .flat()
    .flatMap((entry) => (entry.type === 'intent' ? entry.saved : []));
}

/** Rows as TrueNAS tells them of hosts, with their keys. */
function telling(ports: CleanupPorts): CleanupPorts {
  const systems = ports.writers.systems.map((writer): NasWriter => ({
    ...writer,
    observe: async (target, signal) =>
      (await writer.observe(target, signal)).map((seen) => ({
        ...seen,
        raw: { ...seen.raw, host: { id: 1, dhchap_key: 'hunter2' } },
      })),
  }));
  return { ...ports, writers: { ...ports.writers, systems } };
}

function enabledOf({ running }: CleanupSite): readonly unknown[] {
  return running.world.systems.flatMap(({ nfsShares }) =>
    nfsShares.map(({ path, enabled }) => [path, enabled]),
  );
}

describe('what a journal holds of an object', () => {
  it('is no secret of TrueNAS, and suffices to make it again', async () => {
    const each = crashCase('quarantine over nfs');
    await using site = await cleanupSite(each.build('25.10'), { around: telling });
    const plan = await each.plan(site);
    const before = enabledOf(site);
    const run = await site.apply(plan);
    expect(run.state).toBe('done');
    expect(savedIn(site).length).toBeGreaterThan(0);
    expect(JSON.stringify([...site.disk.runs])).not.toContain('hunter2');
    expect((await site.rollback(run.id)).state).toBe('rolled_back');
    expect(enabledOf(site)).toEqual(before);
  });

  it('is the manifest of an object of Kubernetes without its second copy', async () => {
    const each = crashCase('delete a volume without data');
    const world = each.build('25.10');
    for (const { objects } of world.clusters) {
      for (const { metadata } of objects['persistentvolumes'] ?? []) {
        metadata.annotations = {
          ...metadata.annotations,
          'kubectl.kubernetes.io/last-applied-configuration': '{"password":"hunter2"}',
          'example.org/kept': 'yes',
        };
      }
    }
    await using site = await cleanupSite(world);
    const run = await site.apply(await each.plan(site));
    expect(run.state).toBe('done');
    const text = JSON.stringify(savedIn(site));
    expect(text).not.toContain('hunter2');
    expect(text).toContain('"example.org/kept":"yes"');
  });
});
