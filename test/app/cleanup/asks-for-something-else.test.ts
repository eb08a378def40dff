import { expect, test } from 'vitest';
import { addPod } from '../../../src/lib/lab/scenario/build/pods.ts';
import { addOne, addSound, finish, newSite } from '../../../src/lib/lab/scenario/build/site.ts';
import { addStaticVolume } from '../../../src/lib/lab/scenario/build/static-volume.ts';
import { ago, GIB, type Cluster } from '../../../src/lib/lab/scenario/build/stage.ts';
import { cleanupSite } from '../../support/cleanup-site.ts';
import { journalsOf } from '../../support/journalled.ts';

const HOST = '10.10.0.5';

/** Who comes for a dataset that was put aside, after it was decided to destroy it. */
const COMERS: Readonly<Record<string, (cluster: Cluster, path: string) => void>> = {
  'a pod mounts': (cluster, path) => {
    addPod(cluster, {
      pod: 'media/reader',
      days: 0.01,
      volumes: [{ name: 'data', nfs: { server: HOST, path } }],
    });
  },
  'a volume names': (cluster, path) => {
    addStaticVolume(cluster, {
      name: 'found-again',
      claim: 'media/found-again',
      size: GIB,
      days: 0.01,
      source: { nfs: { server: HOST, path } },
    });
  },
};

// The finding is as certain as ever: what it says is that somebody uses what lies in quarantine.
test.each(Object.entries(COMERS))(
  'what %s by now is not destroyed, though it is in quarantine still',
  async (_, come) => {
    const site = newSite('25.10');
    addSound(site.nfs, 6);
    const { dataset, record } = addOne(site.nfs, 'apps/lost', { gone: ['pv', 'claim'] });
    if (record === undefined) throw new Error('it exists');
    record.userProperties['truenas-monitor:quarantined'] =
      `${dataset};${ago(site.stage, 10.5)};plan-7`;
    for (const share of site.nas.system.nfsShares) {
      if (share.path === `/mnt/${dataset}`) share.enabled = false;
    }
    const { world } = finish(site, []);
    await using running = await cleanupSite(world, { moved: journalsOf(world) });
    const plan = await running.plan();
    expect(plan.items.map(({ intent }) => intent)).toEqual(['destroy']);
    await running.approve(plan);
    come(site.cluster, `/mnt/${dataset}`);
    const before = running.state();
    const run = await running.apply(plan);
    expect(run.steps.map(({ state }) => state)).toEqual(plan.steps.map(() => 'skipped'));
    expect(run.steps[0]?.detail).toContain('in use by');
    expect(running.state()).toBe(before);
  },
);
