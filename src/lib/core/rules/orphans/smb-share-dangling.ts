import { leafName } from '../../correlate/paths.ts';
import { defineRule } from '../../model/rule.ts';
import { refToSmbShare } from '../../model/subjects.ts';
import { type SmbShare } from '../../model/truenas.ts';
import { endsInUid } from '../checks/asset-names.ts';
import { danglingShares, type ShareKind } from '../checks/dangling-share.ts';

/**
 * Drivers write nothing of the dataset on an SMB share; they name it after the leaf, with a prefix and a suffix of their own.
 * People do so too, of plain directories: only a leaf that ends like a volume's tells the one from the other.
 */
function isMadeFor({ name, comment }: SmbShare, path: string): boolean {
  const leaf = leafName(path);
  // A path in a comment is no driver's sign of itself: people note where their directories are.
  return (
    endsInUid(leaf) && (comment.includes(path) || name.toLowerCase().includes(leaf.toLowerCase()))
  );
}

const SMB: ShareKind<SmbShare> = {
  source: 'smbShares',
  action: 'delete-smb-share',
  refTo: refToSmbShare,
  isMadeFor,
  signOf: ({ name }) => `its name is ${name}`,
  volumesOf: (volumes, { name }, path) => [
    ...new Set([...volumes.atPath(path), ...volumes.ofSmbShare(name)]),
  ],
};

export const smbShareDangling = defineRule({
  id: 'smb-share-dangling',
  category: 'orphan',
  severity: 'low',
  title: 'SMB share of a dataset that is gone',
  scope: 'system',
  subjects: ['SmbShare'],
  remembers: true,
  requires: ['smbShares', 'datasets', 'parents', 'storage'],
  consults: ['persistentVolumes'],

  evaluate: (evidence, context) => danglingShares(evidence.smbShares, SMB, evidence, context),
});
