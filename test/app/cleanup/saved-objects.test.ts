import { describe, expect, it } from 'vitest';
import { type CleanupSite, cleanupSite } from '../../support/cleanup-site.ts';
import { crashCase } from '../../support/crash-cases.ts';
import { objectsOf } from '../../support/world-objects.ts';

/** What the journals hold of objects as they were. */
function savedIn(site: CleanupSite): readonly unknown[] {
  return [...site.disk.runs.values()]
    .flat()
    .flatMap((entry) => (entry.type === 'intent' ? entry.saved : []));
}

describe('what a journal holds of an object', () => {
  it('is no secret of TrueNAS, and suffices to make it again', async () => {
    const each = crashCase('quarantine over nfs');
    const world = each.build('25.10');
    for (const { nfsShares } of world.systems) {
      for (const share of nfsShares) Object.assign(share, { dhchap_key: 'hunter2' });
    }
    await using site = await cleanupSite(world);
    const plan = await each.plan(site);
    const before = objectsOf(site.freeze().world);
    const run = await site.apply(plan);
    expect(run.state).toBe('done');
    expect(savedIn(site).length).toBeGreaterThan(0);
    expect(JSON.stringify([...site.disk.runs])).not.toContain('hunter2');
    expect((await site.rollback(run.id)).state).toBe('rolled_back');
    expect(objectsOf(site.freeze().world)).toEqual(before);
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
