import { certain, defineScenario, likely } from '../build/define.ts';
import { isRecord } from '../build/record.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addPathDriver } from '../build/path-driver.ts';
import { addPathVolume } from '../build/path-volume.ts';
import { valueAt } from '../build/use.ts';
import { type Scenario } from '../world.ts';

/** Parts of exports and tasks that stayed when the rest went, and objects that cannot be understood. */
export const LEFTOVER_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'parts-of-exports',
    description: 'a disk without a target, a target without a disk, and a disk nothing exports',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 9);
      const unmapped = addOne(site.iscsi, 'apps/unmapped', { gone: ['pv', 'claim', 'mapping'] });
      const unexported = addOne(site.iscsi, 'apps/unexported', { gone: ['pv', 'claim', 'share'] });
      const empty = addOne(site.iscsi, 'apps/only-target', {
        gone: ['pv', 'claim', 'dataset', 'extent'],
      });
      return finish(site, [
        certain('dataset-unclaimed', unmapped.dataset),
        likely('iscsi-extent-unmapped', unmapped.assets),
        likely('iscsi-target-empty', unmapped.assets),
        certain('dataset-unclaimed', unexported.dataset),
        certain('zvol-not-exported', unexported.dataset),
        likely('iscsi-target-empty', empty.assets),
      ]);
    },
  }),
  defineScenario({
    name: 'dangling-tasks',
    description: 'tasks for datasets that are gone, and groups of initiators of a volume that is',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const official = addPathDriver(site.cluster, site.nas, {
        driver: 'csi.truenas.io',
        protocol: 'iscsi',
      });
      const used = addPathVolume(official, { claim: 'apps/used' });
      const gone = addPathVolume(official, {
        claim: 'apps/gone',
        gone: ['pv', 'claim', 'dataset', 'share'],
      });
      const { system } = site.nas;
      const schedule = { lifetimeValue: 3, lifetimeUnit: 'DAY', enabled: true } as const;
      const namingSchema = 'auto-%Y-%m-%d_%H-%M';
      for (const [id, dataset] of [used.dataset, gone.dataset].entries()) {
        system.snapshotTasks.push({
          id: id + 1,
          dataset,
          recursive: false,
          namingSchema,
          ...schedule,
        });
      }
      system.iscsiInitiators = [used, gone].map(({ dataset }, index) => ({
        id: index + 10,
        initiators: ['iqn.2004-10.com.ubuntu:01:worker-1'],
        comment: `CSI volume ${dataset}`,
      }));
      return finish(site, [
        certain('task-dangling', gone.dataset),
        // Which targets use the group is in no list.
        likely('task-dangling', `CSI volume ${gone.dataset}`),
      ]);
    },
  }),
  defineScenario({
    name: 'unreadable-volume',
    description: 'a PersistentVolume that says nothing of where its data is: set aside, not absent',
    row: 35,
    exitCode: 3,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 5);
      const { pv } = addOne(site.nfs, 'apps/odd');
      const spec = valueAt(pv, 'spec');
      if (isRecord(spec)) spec['csi'] = 'of another kind';
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'unreadable-share',
    description: 'a share that says nothing of its path: no other is called missing for it',
    row: 35,
    exitCode: 3,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      addOne(site.nfs, 'apps/odd', { gone: ['share'] });
      site.nas.system.oddRows = { 'sharing.nfs.query': [{ id: 900, path: null }] };
      return finish(site, []);
    },
  }),
];
