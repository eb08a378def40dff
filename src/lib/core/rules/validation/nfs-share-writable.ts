import { mountPathOf } from '../../correlate/snapshot-use.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { boundVolumesOn } from '../checks/bound-volumes.ts';
import { tallied, TallyByParent } from '../checks/by-parent.ts';
import { defineCheck } from '../define-check.ts';

export const nfsShareWritable = defineCheck({
  id: 'nfs-share-writable',
  category: 'validation',
  severity: 'medium',
  component: 'sharing',
  title: 'NFS shares of volumes that may be written are not read-only',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['nfsShares', 'persistentVolumes', 'volumeLinks'],
  consults: [],
  steps: [
    'Find out who made the shares read-only, and why: perhaps while data was moved or restored.',
    'Switch Read-Only off on them (Shares, NFS, Advanced Options); pods that have the volume mounted may have to be restarted.',
  ],

  *inspect({ nfsShares, persistentVolumes, volumeLinks }, { home }) {
    const byPath = Map.groupBy(
      nfsShares.filter(({ enabled }) => enabled),
      ({ path }) => path,
    );
    const tallies = new TallyByParent();
    for (const { volume, dataset, protocol } of boundVolumesOn(
      home,
      persistentVolumes,
      volumeLinks,
    )) {
      if (protocol !== 'nfs' || volume.writable !== true) continue;
      const shares = byPath.get(mountPathOf(dataset)) ?? [];
      if (shares.length === 0) continue;
      tallies.add(
        dataset,
        shares.some((share) => !share.readonly),
        volume.name,
      );
    }
    for (const tally of tallies.all()) {
      yield {
        subject: refOnSystem('Dataset', home, tally.path),
        sound: tally.faulty.length === 0,
        seen: tallied(
          tally,
          'writable volume',
          'exported by a read-only share',
          'can be written through their shares',
        ),
      };
    }
  },
});
