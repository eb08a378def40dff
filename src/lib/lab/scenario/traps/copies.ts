import { also, defineScenario, likely } from '../build/define.ts';
import { addImportedSnapshot } from '../build/imported-snapshot.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addSnapshot, addZfsSnapshot } from '../build/snapshot.ts';
import { type Scenario } from '../world.ts';

/** Snapshots that outlived the objects they were made for. */
export const COPY_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'imported-snapshots',
    description: 'snapshots of volumes that are gone, imported under new names by their handle',
    row: 26,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      for (const volume of [addOne(site.nfs, 'apps/files'), addOne(site.iscsi, 'apps/disk')]) {
        const gone = ['content', 'snapshot'] as const;
        const old = addSnapshot(volume, { name: 'before', days: 60.5, gone });
        addImportedSnapshot(volume, `${volume.claimName}-imported`, old.handle);
        const copy = addSnapshot(volume, { name: 'copy', days: 60.5, detached: true, gone });
        addImportedSnapshot(volume, `${volume.claimName}-copy-imported`, copy.handle);
      }
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'clones-of-copies',
    description:
      'a volume restored from a detached snapshot hangs on that copy, whose content is gone',
    row: 10,
    build(version) {
      const site = newSite(version);
      const [source] = addSound(site.iscsi, 3);
      if (source === undefined) return finish(site, []);
      for (const days of [8.5, 15.5, 22.5, 29.5]) {
        addSnapshot(source, { name: `copy-${days}`, days, detached: true });
      }
      const gone = ['content', 'snapshot'] as const;
      const copy = addSnapshot(source, { name: 'copy', days: 70.5, detached: true, gone });
      const restored = addOne(source.deployment, 'apps/restored', {
        days: 60.5,
        source: { type: 'snapshot', id: copy.handle, origin: '' },
      });
      const origin = `${copy.id}@volume-source-for-volume-${restored.handle}`;
      addZfsSnapshot(site.nas, origin, { days: 60.5, deferDestroy: true });
      if (restored.record !== undefined) restored.record.origin = origin;
      return finish(site, [also(likely('detached-snapshot-unclaimed', copy.id), { safe: false })]);
    },
  }),
];
