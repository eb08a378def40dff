import { type RemedyAction } from '../../model/remedy.ts';
import { destroyDataset } from './destroy.ts';
import {
  deleteIscsiExtent,
  deleteIscsiTarget,
  deleteNfsShare,
  deleteNvmetNamespace,
  deleteNvmetSubsystem,
  deleteSmbShare,
} from './exports.ts';
import { deletePersistentVolume, deleteVolumeAttachment, retainVolumes } from './kubernetes.ts';
import { type StepMaker } from './making.ts';
import { quarantineDataset } from './quarantine.ts';
import { enableShare } from './enable-share.ts';
import { restoreShare } from './restore-share.ts';
import { deleteSnapshotContent } from './snapshot-content.ts';
import { deleteZfsSnapshot } from './snapshots.ts';

/** Who makes the steps of each action; what is not here is for people to do. */
export const STEP_MAKERS: Readonly<Partial<Record<RemedyAction, StepMaker>>> = {
  'quarantine-dataset': quarantineDataset,
  'destroy-dataset': destroyDataset,
  'delete-zfs-snapshot': deleteZfsSnapshot,
  // It is empty, and even so it goes the long way: nobody can tell what comes into it meanwhile.
  'delete-detached-container': quarantineDataset,
  'delete-nfs-share': deleteNfsShare,
  'delete-smb-share': deleteSmbShare,
  'delete-iscsi-extent': deleteIscsiExtent,
  'delete-iscsi-target': deleteIscsiTarget,
  'delete-nvmet-namespace': deleteNvmetNamespace,
  'delete-nvmet-subsystem': deleteNvmetSubsystem,
  'delete-persistent-volume': deletePersistentVolume,
  'delete-snapshot-content': deleteSnapshotContent,
  'delete-volume-attachment': deleteVolumeAttachment,
  'restore-share': restoreShare,
  'enable-share': enableShare,
  'retain-volumes': retainVolumes,
};
