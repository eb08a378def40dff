import { leafName } from '../../correlate/paths.ts';
import { defineRule } from '../../model/rule.ts';
import { refToNfsShare } from '../../model/subjects.ts';
import { type NfsShare } from '../../model/truenas.ts';
import { endsInUid } from '../checks/asset-names.ts';
import { danglingShares, type ShareKind } from '../checks/dangling-share.ts';

/** Words with which drivers begin their comments, and end them with the dataset. */
const BY_DRIVER = /^(?:democratic-csi \([^)]+\): |CSI volume (?:clone )?)/;

/**
 * A driver's comment names the dataset it made the share for. People share plain directories, and may well note where they are:
 * where the words are not a driver's, the leaf has to end like a volume's.
 */
function isMadeFor(comment: string, path: string): boolean {
  if (!comment.includes(path)) return false;
  return BY_DRIVER.test(comment) || endsInUid(leafName(path));
}

const NFS: ShareKind<NfsShare> = {
  source: 'nfsShares',
  action: 'delete-nfs-share',
  refTo: refToNfsShare,
  isMadeFor: ({ comment }, path) => isMadeFor(comment, path),
  signOf: ({ comment }) => `its comment is "${comment}"`,
  volumesOf: (volumes, _share, path) => volumes.atPath(path),
};

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

  evaluate: (evidence, context) => danglingShares(evidence.nfsShares, NFS, evidence, context),
});
