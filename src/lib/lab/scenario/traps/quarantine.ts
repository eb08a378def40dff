import { defineScenario, likely, SINCE_25_10 } from '../build/define.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addPeriodicSnapshots } from '../build/snapshot.ts';
import { addDataset, ago, GIB } from '../build/stage.ts';
import { type Volume } from '../build/volume.ts';
import { type Scenario } from '../world.ts';

/** Marks a dataset as put aside some days ago, under the path it had then. */
function quarantine(site: Site, volume: Volume, days: number): void {
  const { record } = volume;
  if (record === undefined) throw new Error('only what exists');
  record.userProperties['truenas-monitor:quarantined'] =
    `${volume.dataset};${ago(site.stage, days)};plan-7f3a`;
  for (const share of site.nas.system.nfsShares) {
    if (share.path === `/mnt/${volume.dataset}`) share.enabled = false;
  }
  for (const extent of site.nas.system.iscsiExtents) {
    if (extent.name === volume.assets) extent.enabled = false;
  }
}

/** Gives a dataset another place, together with what lies below it; its exports stay as they were. */
function move(site: Site, from: string, to: string): void {
  const { system, datasets } = site.nas;
  const target = to.slice(0, to.lastIndexOf('/'));
  if (!datasets.has(target)) addDataset(site.nas, target, { days: 400.5 });
  for (const each of [...system.datasets, ...system.snapshots]) {
    const rest = each.id.slice(from.length);
    if (each.id.startsWith(from) && /^(?:$|[/@])/.test(rest)) each.id = `${to}${rest}`;
  }
}

const RELEASED = { gone: ['claim'], policy: 'Retain', releasedDays: 60.5 } as const;

/** Datasets that this tool put aside, to see whether anybody misses them. */
export const QUARANTINE_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'quarantined-in-place',
    description: 'forgotten and released volumes in quarantine: their exports are disabled',
    row: 42,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 6);
      addSound(site.iscsi, 5);
      const forgotten = addOne(site.nfs, 'apps/forgotten', { gone: ['pv', 'claim'] });
      // Children and snapshots show the mark too, and were not put aside by themselves.
      addDataset(site.nas, `${forgotten.dataset}/cache`, { days: 40.5, used: GIB });
      addPeriodicSnapshots(site.nas, forgotten.dataset, [1, 2]);
      const disk = addOne(site.iscsi, 'apps/released-disk', RELEASED);
      quarantine(site, forgotten, 9.5);
      quarantine(site, disk, 2.5);
      // Marks in the world alone: no journal of this machine tells who wrote them.
      return finish(site, [
        likely('dataset-quarantined', forgotten.dataset),
        likely('dataset-quarantined', disk.dataset),
      ]);
    },
  }),
  defineScenario({
    name: 'quarantined-elsewhere',
    description: 'volumes in quarantine that were moved out of the way of their driver',
    row: 42,
    versions: SINCE_25_10,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 6);
      addSound(site.iscsi, 5);
      const forgotten = addOne(site.nfs, 'apps/forgotten', { gone: ['pv', 'claim'] });
      addDataset(site.nas, `${forgotten.dataset}/cache`, { days: 40.5, used: GIB });
      const disk = addOne(site.iscsi, 'apps/released-disk', RELEASED);
      const expected = [forgotten, disk].map((volume) => {
        quarantine(site, volume, 9.5);
        const target = `tank/quarantine/${volume.handle}`;
        move(site, volume.dataset, target);
        // Only the journal of the clean-up would tell it from a copy.
        return likely('dataset-quarantined', target);
      });
      return finish(site, expected);
    },
  }),
  defineScenario({
    name: 'quarantine-inherited',
    description: 'a whole parent shows the mark of a quarantine that is over or of its replica',
    row: 42,
    build(version) {
      const site = newSite(version, { pools: ['tank', 'backup'] });
      addSound(site.iscsi, 3);
      const [volume] = addSound(site.nfs, 6);
      if (volume?.record === undefined) return finish(site, []);
      // A replica carries the mark of the original, which is in use again.
      addDataset(site.nas, `backup/replica/${volume.handle}`, {
        days: 200.5,
        used: GIB,
        userProperties: {
          ...volume.record.userProperties,
          'truenas-monitor:quarantined': `${volume.dataset};${ago(site.stage, 20.5)};plan-7f3a`,
        },
      });
      return finish(site, []);
    },
  }),
];
