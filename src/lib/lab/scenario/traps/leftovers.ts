import { certain, defineScenario, likely, SINCE_25_10 } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { unclaimed } from '../build/expect.ts';
import { uuidOf } from '../build/identity.ts';
import { addZfsSnapshot } from '../build/snapshot.ts';
import { addDataset } from '../build/stage.ts';
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
      const shared = { recursive: true, enabled: true };
      system.replicationTasks.push(
        // The far side of these is on another system, and cannot be seen from here.
        {
          id: 1,
          name: 'to the attic',
          sources: [used.dataset],
          target: 'attic/copy',
          transport: 'SSH',
          ...shared,
        },
        {
          id: 2,
          name: 'from the attic',
          direction: 'PULL',
          transport: 'SSH',
          sources: ['attic/originals'],
          target: 'tank',
          ...shared,
        },
        { id: 3, name: 'of what is gone', sources: [gone.dataset], target: 'tank', ...shared },
      );
      system.iscsiInitiators = [used, gone].map(({ dataset }, index) => ({
        id: index + 10,
        initiators: ['iqn.2004-10.com.ubuntu:01:worker-1'],
        comment: `CSI volume ${dataset}`,
      }));
      return finish(site, [
        certain('task-dangling', gone.dataset),
        certain('task-dangling', 'of what is gone'),
        // Which targets use the group is in no list.
        likely('task-dangling', `CSI volume ${gone.dataset}`),
      ]);
    },
  }),
  defineScenario({
    name: 'copy-under-way',
    description: 'a detached snapshot in the making: a job still copies, and nothing is left over',
    row: null,
    build(version) {
      const site = newSite(version);
      const [volume] = addSound(site.nfs, 3);
      if (volume === undefined) return finish(site, []);
      const name = `snapshot-${uuidOf('under way')}`;
      const container = `${site.nfs.detachedParent}/${volume.handle}`;
      addDataset(site.nas, container, { days: 2.5 });
      addZfsSnapshot(site.nas, `${volume.dataset}@volume-source-for-snapshot-${name}`, {
        days: 2.5,
      });
      // Most users are shown no jobs but their own.
      for (const key of site.nas.system.apiKeys) key.roles = ['FULL_ADMIN'];
      site.nas.system.runningJobs = [
        {
          id: 77,
          method: 'replication.run_onetime',
          arguments: [
            {
              direction: 'PUSH',
              transport: 'LOCAL',
              source_datasets: [volume.dataset],
              target_dataset: `${container}/${name}`,
            },
          ],
        },
      ];
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'forgotten-and-connected',
    description: 'forgotten disks to which somebody is connected, over iSCSI and over NVMe-oF',
    row: null,
    versions: SINCE_25_10,
    build(version) {
      const site = newSite(version);
      addSound(site.iscsi, 5);
      const nvmeof = addDeployment(site.cluster, site.nas, { protocol: 'nvmeof' });
      addSound(nvmeof, 5);
      const disk = addOne(site.iscsi, 'apps/connected', { gone: ['pv', 'claim'] });
      const fast = addOne(nvmeof, 'apps/connected-fast', { gone: ['pv', 'claim'] });
      const { system } = site.nas;
      system.iscsiSessions.push({
        initiator: 'iqn.2004-10.com.ubuntu:01:worker-9',
        initiatorAddress: '10.10.0.29',
        target: `${system.iscsiBasename}:${disk.assets}`,
      });
      const subsystem = system.nvmetSubsystems.find(({ name }) => name === fast.assets);
      system.nvmetSessions = [
        {
          hostnqn: 'nqn.2014-08.org.nvmexpress:uuid:worker-9',
          hostAddress: '10.10.0.29',
          subsystem: subsystem?.id ?? 0,
          port: 1,
        },
      ];
      return finish(site, [...unclaimed(disk, likely), ...unclaimed(fast, likely)]);
    },
  }),
  defineScenario({
    name: 'forgotten-by-kubernetes-alone',
    description: 'a forgotten disk that a virtual machine on the NAS has as its own by now',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.iscsi, 5);
      const disk = addOne(site.iscsi, 'apps/given-away', { gone: ['pv', 'claim'] });
      site.nas.system.otherAttachments = [
        { type: 'VM', name: 'windows-11', dataset: disk.dataset },
      ];
      return finish(site, unclaimed(disk, likely));
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
