/** What may be done about a finding, as data. Clean-up knows these actions and no others. */
export type RemedyAction =
  | 'quarantine-dataset'
  | 'adopt-dataset'
  | 'destroy-dataset'
  | 'delete-zfs-snapshot'
  | 'delete-detached-snapshot'
  | 'delete-detached-container'
  | 'delete-nfs-share'
  | 'delete-smb-share'
  | 'delete-iscsi-extent'
  | 'delete-iscsi-target'
  | 'delete-nvmet-namespace'
  | 'delete-nvmet-subsystem'
  | 'delete-persistent-volume'
  | 'delete-snapshot-content'
  | 'delete-volume-attachment'
  | 'restore-share'
  | 'enable-share'
  | 'retain-volumes'
  | 'repair-properties'
  | 'restore-volume'
  | 'investigate'
  | 'none';

/** Those that `cleanup` carries out, from a finding that is certain. */
export const CLEANUP_ACTIONS: ReadonlySet<RemedyAction> = new Set([
  'quarantine-dataset',
  'destroy-dataset',
  'delete-zfs-snapshot',
  'delete-detached-container',
  'delete-nfs-share',
  'delete-smb-share',
  'delete-iscsi-extent',
  'delete-iscsi-target',
  'delete-nvmet-namespace',
  'delete-nvmet-subsystem',
  'delete-persistent-volume',
  'delete-snapshot-content',
  'delete-volume-attachment',
  'restore-share',
  'enable-share',
  'retain-volumes',
]);

export interface Remedy {
  readonly action: RemedyAction;
  /** Whether following the steps can lose data that somebody may still want: false where it can. */
  readonly safe: boolean;
  /** What to do, in order, each an imperative sentence. */
  readonly steps: readonly string[];
  /** A command of this tool that does it; null where there is none. */
  readonly command: string | null;
}
