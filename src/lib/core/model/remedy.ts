/** What may be done about a finding, as data. Clean-up knows these actions and no others. */
export type RemedyAction =
  | 'quarantine-dataset'
  | 'adopt-dataset'
  | 'delete-zfs-snapshot'
  | 'delete-nfs-share'
  | 'delete-iscsi-extent'
  | 'delete-persistent-volume'
  | 'delete-snapshot-content'
  | 'restore-share'
  | 'restore-volume'
  | 'investigate'
  | 'none';

export interface Remedy {
  readonly action: RemedyAction;
  /** Whether following the steps can lose data that somebody may still want: false where it can. */
  readonly safe: boolean;
  /** What to do, in order, each an imperative sentence. */
  readonly steps: readonly string[];
  /** A command of this tool that does it; null where there is none. */
  readonly command: string | null;
}
