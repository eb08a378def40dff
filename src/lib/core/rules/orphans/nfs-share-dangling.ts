import { datasetPathOf, leafName } from '../../correlate/paths.ts';
import { assurance, condition } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { sharePathsOf } from '../../correlate/volume-handle.ts';
import { defineRule } from '../../model/rule.ts';
import { refToNfsShare } from '../../model/subjects.ts';
import { type NfsShare } from '../../model/truenas.ts';
import { facts } from '../checks/facts.ts';
import { belowDeclaredParent, severityAt } from '../checks/known-parent.ts';
import { storageReadable } from '../checks/storage.ts';

/** A driver's comment names the dataset it made the share for; anybody may share a plain directory. */
function namesDataset(share: NfsShare, path: string): boolean {
  return share.comment.includes(path) || share.comment.startsWith(`CSI volume ${path}`);
}

function volumesByShare(volumes: readonly PersistentVolume[]): ReadonlyMap<string, string> {
  return new Map(
    volumes.flatMap((pv) =>
      sharePathsOf(pv.source).map((path) => [path.replace(/\/+$/, ''), pv.name]),
    ),
  );
}

export const nfsShareDangling = defineRule({
  id: 'nfs-share-dangling',
  category: 'orphan',
  severity: 'low',
  title: 'NFS share of a dataset that is gone',
  scope: 'system',
  subjects: ['NfsShare'],
  requires: ['nfsShares', 'datasets', 'parents', 'storage'],
  consults: ['persistentVolumes'],

  *evaluate({ nfsShares, datasets, parents, storage, persistentVolumes }, context) {
    const mountpoints = new Set(datasets.flatMap(({ mountpoint }) => mountpoint ?? []));
    const ids = new Set(datasets.map(({ id }) => id));
    const volumes = volumesByShare(persistentVolumes.items);
    for (const share of nfsShares) {
      const path = datasetPathOf(share.path);
      if (path === undefined) continue;
      const present = mountpoints.has(share.path) || ids.has(path);
      const known = parents.parentOf(share.system, path) !== undefined;
      const volume = volumes.get(share.path);
      const subject = refToNfsShare(share);
      const firstSeen = context.firstSeen(subject);
      yield {
        subject,
        checks: [
          condition('no-dataset', !present, present ? `dataset ${path}` : `no dataset ${path}`),
          // Elsewhere the path may be a directory inside a dataset, which no list can tell.
          condition(
            'path-is-a-volume',
            known || namesDataset(share, path) ? true : undefined,
            () => (known ? `right below a parent of volumes` : `its comment is "${share.comment}"`),
          ),
          condition(
            'not-locked',
            !share.locked,
            share.locked ? 'TrueNAS says its dataset is locked' : 'not locked',
          ),
          storageReadable(storage, share.system, path),
          belowDeclaredParent(parents, share.system, path),
          assurance(
            'made-by-driver',
            namesDataset(share, path) || share.comment.includes(leafName(path)),
            `its comment is "${share.comment}"`,
          ),
          assurance(
            'no-volume-refers',
            volume !== undefined
              ? false
              : persistentVolumes.coverage.state === 'complete'
                ? true
                : undefined,
            volume === undefined
              ? 'no PersistentVolume names this share'
              : `PersistentVolume ${volume} names this share`,
          ),
        ],
        message: `no dataset ${path} behind this share`,
        severity: severityAt(parents, share.system, path, 'low'),
        lookups: [
          { kind: 'dataset', system: share.system, id: path },
          { kind: 'system-list', system: share.system, source: 'nfsShares' },
          { kind: 'cluster-list', source: 'persistentVolumes' },
        ],
        facts: () =>
          facts({
            createdAt: firstSeen ?? null,
            truenasReference: share.path,
            remedy: {
              action: 'delete-nfs-share',
              safe: true,
              steps: [
                `Check that share ${share.id} still exports ${share.path}: ids are used again.`,
                'Delete the share; no data goes with it.',
              ],
              command: null,
            },
          }),
      };
    }
  },
});
