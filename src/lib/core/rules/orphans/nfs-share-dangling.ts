import { type ParentIndex } from '../../correlate/parents.ts';
import { datasetPathOf } from '../../correlate/paths.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToNfsShare } from '../../model/subjects.ts';
import { type NfsShare } from '../../model/truenas.ts';
import { absenceOf } from '../checks/absence.ts';
import { facts } from '../checks/facts.ts';
import { firstSeen } from '../checks/first-seen.ts';
import { belowDeclaredParent, severityAt } from '../checks/known-parent.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { trustInVolumes, VolumeNames } from '../checks/volume-names.ts';

/** A driver's comment names the dataset it made the share for; anybody may share a plain directory. */
function namesDataset(share: NfsShare, path: string): boolean {
  return share.comment.includes(path) || share.comment.startsWith(`CSI volume ${path}`);
}

/** Elsewhere than below a parent the path may be a directory inside a dataset, which no list can tell. */
function pathIsVolume(share: NfsShare, path: string, parents: ParentIndex): Check {
  const known = parents.parentOf(share.system, path) !== undefined;
  return condition(
    'path-is-a-volume',
    known || namesDataset(share, path) ? true : undefined,
    known ? 'right below a parent of volumes' : `its comment is "${share.comment}"`,
  );
}

export const nfsShareDangling = defineRule({
  id: 'nfs-share-dangling',
  category: 'orphan',
  severity: 'low',
  title: 'NFS share of a dataset that is gone',
  scope: 'system',
  subjects: ['NfsShare'],
  remembers: true,
  requires: ['nfsShares', 'datasets', 'parents', 'storage'],
  consults: ['persistentVolumes'],

  *evaluate({ nfsShares, datasets, parents, storage, persistentVolumes }, context) {
    const mountpoints = new Set(datasets.flatMap(({ mountpoint }) => mountpoint ?? []));
    const ids = new Set(datasets.map(({ id }) => id));
    const volumes = lazy(() => new VolumeNames(persistentVolumes.items, parents));
    for (const share of nfsShares) {
      const path = datasetPathOf(share.path);
      if (path === undefined) continue;
      const present = mountpoints.has(share.path) || ids.has(path);
      if (context.suspectsOnly && present) continue;
      const subject = refToNfsShare(share);
      yield {
        subject,
        place: { system: share.system, path },
        premise: condition('no-dataset', !present, () =>
          present ? `dataset ${path}` : `no dataset ${path}`,
        ),
        checks: () => [
          pathIsVolume(share, path, parents),
          condition(
            'not-locked',
            !share.locked,
            share.locked ? 'its dataset is locked' : 'not locked',
          ),
          storageReadable(storage, share.system, path),
          belowDeclaredParent(parents, share.system, path),
          assurance(
            'made-by-driver',
            namesDataset(share, path),
            `its comment is "${share.comment}"`,
          ),
          absenceOf(
            'no-volume-refers',
            volumes()
              .atPath(path)
              .map((name) => `PersistentVolume ${name}`),
            [trustInVolumes(persistentVolumes)],
          ),
          firstSeen(context.firstSeen(subject)),
        ],
        message: `no dataset ${path} behind this share`,
        severity: severityAt(parents, share.system, path, 'low'),
        lookups: () => [
          { kind: 'dataset', system: share.system, id: path },
          poolsAgain(share.system),
          { kind: 'system-list', system: share.system, source: 'nfsShares' },
          { kind: 'cluster-list', source: 'persistentVolumes' },
        ],
        facts: () =>
          facts({
            createdAt: context.firstSeen(subject) ?? null,
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
