import { certain, defineScenario, likely } from '../build/define.ts';
import { addFailedDelete } from '../build/events.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addSnapshot } from '../build/snapshot.ts';
import { addCronJob } from '../build/workloads.ts';
import { type Scenario, type TrueNasVersion } from '../world.ts';

/** Sound volumes with a snapshot each. */
function soundSite(version: TrueNasVersion): Site {
  const site = newSite(version);
  for (const volume of [...addSound(site.nfs, 4), ...addSound(site.iscsi, 4)]) {
    addSnapshot(volume, { name: `${volume.claimName}-weekly`, days: 7.5 });
  }
  return site;
}

/** A fault that the list of PersistentVolumes alone shows. */
function addReleased(site: Site): string {
  const options = { gone: ['claim'], policy: 'Retain', releasedDays: 30.5 } as const;
  return addOne(site.nfs, 'apps/released', options).name;
}

/** Adds what looks forgotten only because nothing can be said about it. */
function addForgotten({ nfs, iscsi }: Site): void {
  addOne(nfs, 'apps/forgotten', { gone: ['pv', 'claim'] });
  addOne(nfs, 'apps/half-made', { stopsAt: 'share', gone: ['claim'] });
  addSnapshot(addOne(iscsi, 'apps/disk'), {
    name: 'left',
    days: 30.5,
    gone: ['content', 'snapshot'],
  });
}

/** What may not be read, and what comes back empty without saying so. */
export const COVERAGE_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'forbidden-volumes',
    description: 'PersistentVolumes may not be listed: every dataset would look forgotten',
    row: 15,
    exitCode: 3,
    build(version) {
      const site = soundSite(version);
      addForgotten(site);
      site.cluster.cluster.forbidden = ['persistentvolumes'];
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'forbidden-snapshot-contents',
    description: 'snapshot contents may not be listed: what needs none of them is still found',
    row: 15,
    exitCode: 3,
    build(version) {
      const site = soundSite(version);
      const released = addReleased(site);
      const disk = addOne(site.iscsi, 'apps/disk');
      addSnapshot(disk, { name: 'left', days: 30.5, gone: ['content', 'snapshot'] });
      site.cluster.cluster.forbidden = ['volumesnapshotcontents'];
      return finish(site, [certain('pv-released', released)]);
    },
  }),
  defineScenario({
    name: 'forbidden-claims',
    description: 'claims may be listed in one namespace only: those of the others stay unseen',
    row: 15,
    exitCode: 3,
    build(version) {
      const site = soundSite(version);
      const released = addReleased(site);
      addOne(site.nfs, 'shop/lost', { gone: ['pv', 'dataset', 'share'] });
      site.cluster.cluster.forbidden = ['persistentvolumeclaims@*', 'persistentvolumeclaims@shop'];
      return finish(site, [certain('pv-released', released)]);
    },
  }),
  defineScenario({
    name: 'forbidden-pods',
    description:
      'pods may not be listed: no claim is called unused, no dataset certainly forgotten',
    row: 15,
    exitCode: 3,
    build(version) {
      const site = soundSite(version);
      addOne(site.nfs, 'apps/idle', { idle: true });
      const forgotten = addOne(site.nfs, 'apps/forgotten', { gone: ['pv', 'claim'] });
      site.cluster.cluster.forbidden = ['pods'];
      return finish(site, [
        likely('dataset-unclaimed', forgotten.dataset),
        likely('share-unclaimed', `/mnt/${forgotten.dataset}`),
      ]);
    },
  }),
  defineScenario({
    name: 'forbidden-cron-jobs',
    description: 'CronJobs may not be listed: one of them may use the claim that no pod uses',
    row: 15,
    exitCode: 3,
    build(version) {
      const site = soundSite(version);
      const released = addReleased(site);
      addOne(site.nfs, 'jobs/monthly', { idle: true });
      addCronJob(site.cluster, { name: 'jobs/report', days: 80.5, claims: ['monthly'] });
      site.cluster.cluster.forbidden = ['cronjobs'];
      return finish(site, [certain('pv-released', released)]);
    },
  }),
  defineScenario({
    name: 'forbidden-events',
    description: 'events may not be listed: why a volume is not deleted stays unknown',
    row: 15,
    exitCode: 3,
    build(version) {
      const site = soundSite(version);
      const volume = addOne(site.nfs, 'apps/busy', { gone: ['claim'], releasedDays: 6.2 });
      addFailedDelete(volume, 'dataset is busy');
      site.cluster.cluster.forbidden = ['events'];
      return finish(site, [certain('pv-released', volume.name)]);
    },
  }),
  defineScenario({
    name: 'forbidden-secrets',
    description: 'Secrets may not be read and no driver is declared: parents are inferred',
    row: 15,
    build(version) {
      const site = newSite(version, { declared: 'no' });
      addSound(site.nfs, 3);
      addSound(site.iscsi, 3);
      const released = addReleased(site);
      site.cluster.cluster.forbidden = ['secrets'];
      return finish(site, [certain('pv-released', released)]);
    },
  }),
  defineScenario({
    name: 'empty-by-surprise',
    description: 'the API key may not see datasets: the lists are empty and no error says so',
    row: 17,
    exitCode: 3,
    build(version) {
      const site = soundSite(version);
      site.nas.system.datasets = [];
      site.nas.system.snapshots = [];
      return finish(site, []);
    },
  }),
];
