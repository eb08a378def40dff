import { defineRule } from '../../model/rule.ts';
import { refToNfsShare } from '../../model/subjects.ts';
import { type NfsShare } from '../../model/truenas.ts';
import { danglingShares, type ShareKind } from '../checks/dangling-share.ts';

const NFS: ShareKind<NfsShare> = {
  source: 'nfsShares',
  action: 'delete-nfs-share',
  refTo: refToNfsShare,
  // A driver's comment names the dataset it made the share for; anybody may share a plain directory.
  isMadeFor: ({ comment }, path) => comment.includes(path),
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
