import { assurance, condition, type Check } from '../../model/check.ts';
import { type ObjectMeta } from '../../model/kubernetes.ts';

/** Kinds that mount the claims they own, whenever they run: ephemeral volumes, disks, and what an operator keeps for itself. */
const USING_OWNERS: ReadonlySet<string> = new Set([
  'Pod',
  'StatefulSet',
  'VirtualMachine',
  'VirtualMachineInstance',
  'DataVolume',
  // A claim in the middle of being imported or cloned belongs to the one it is made for.
  'PersistentVolumeClaim',
  // Copies and caches of VolSync and Velero, mounted only while a backup runs.
  'ReplicationSource',
  'ReplicationDestination',
  'DataUpload',
  'DataDownload',
]);

/** Whoever owns a claim made it for itself, and deletes it when the time has come. */
export function ownerChecks({ owners }: Pick<ObjectMeta, 'owners'>): readonly Check[] {
  const named = owners.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const uses = owners.some(({ kind }) => USING_OWNERS.has(kind));
  return [
    condition(
      'not-owned-by-user',
      !uses,
      uses ? `it belongs to ${named}` : 'by nobody that uses it',
    ),
    assurance(
      'no-owner',
      owners.length === 0,
      owners.length === 0 ? 'nothing owns it' : `${named} owns it and may mount it again`,
    ),
  ];
}

/** Labels of Velero's data movers alone: everything it ever restored carries others of the same prefix. */
const VELERO_MOVER = [
  'velero.io/data-upload',
  'velero.io/data-download',
  'velero.io/exposer-pod-group',
];

/** Whether a pod or Job mounts a claim only to back it up, as those of Velero and VolSync do. */
export function isBackupMover({ labels }: Pick<ObjectMeta, 'labels'>): boolean {
  return (
    labels['app.kubernetes.io/created-by'] === 'volsync' ||
    VELERO_MOVER.some((label) => label in labels)
  );
}
