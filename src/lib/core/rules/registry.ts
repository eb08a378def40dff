import { type Category } from '../model/finding.ts';
import { type ResourceType } from '../model/resource-ref.ts';
import { type Rule } from '../model/rule.ts';
import { capacityMismatch } from './drift/capacity-mismatch.ts';
import { classWithoutDriver } from './drift/class-without-driver.ts';
import { contextMismatch } from './drift/context-mismatch.ts';
import { datasetQuarantined } from './drift/dataset-quarantined.ts';
import { deleteBlocked } from './drift/delete-blocked.ts';
import { exportDuplicate } from './drift/export-duplicate.ts';
import { recordedIdReused } from './drift/recorded-id-reused.ts';
import { shareDisabled } from './drift/share-disabled.ts';
import { shareMissing } from './drift/share-missing.ts';
import { volumeHandleDuplicate } from './drift/volume-handle-duplicate.ts';
import { volumeOutsideParent } from './drift/volume-outside-parent.ts';
import { attachmentStale } from './orphans/attachment-stale.ts';
import { datasetHalfProvisioned } from './orphans/dataset-half-provisioned.ts';
import { datasetUnclaimed } from './orphans/dataset-unclaimed.ts';
import { datasetUnmanaged } from './orphans/dataset-unmanaged.ts';
import { detachedContainerEmpty } from './orphans/detached-container-empty.ts';
import { detachedSnapshotUnclaimed } from './orphans/detached-snapshot-unclaimed.ts';
import { iscsiExtentDangling } from './orphans/iscsi-extent-dangling.ts';
import { iscsiExtentUnmapped } from './orphans/iscsi-extent-unmapped.ts';
import { iscsiTargetEmpty } from './orphans/iscsi-target-empty.ts';
import { nfsShareDangling } from './orphans/nfs-share-dangling.ts';
import { nvmetNamespaceDangling } from './orphans/nvmet-namespace-dangling.ts';
import { nvmetSubsystemEmpty } from './orphans/nvmet-subsystem-empty.ts';
import { pvAvailable } from './orphans/pv-available.ts';
import { pvBackendMissing } from './orphans/pv-backend-missing.ts';
import { pvFailed } from './orphans/pv-failed.ts';
import { pvReleased } from './orphans/pv-released.ts';
import { pvcLost } from './orphans/pvc-lost.ts';
import { pvcPending } from './orphans/pvc-pending.ts';
import { pvcUnused } from './orphans/pvc-unused.ts';
import { shareUnclaimed } from './orphans/share-unclaimed.ts';
import { smbShareDangling } from './orphans/smb-share-dangling.ts';
import { snapshotContentBackendMissing } from './orphans/snapshot-content-backend-missing.ts';
import { snapshotContentUnclaimed } from './orphans/snapshot-content-unclaimed.ts';
import { snapshotNotReady } from './orphans/snapshot-not-ready.ts';
import { taskDangling } from './orphans/task-dangling.ts';
import { tempSnapshotLeftover } from './orphans/temp-snapshot-leftover.ts';
import { zfsSnapshotUnclaimed } from './orphans/zfs-snapshot-unclaimed.ts';
import { zvolNotExported } from './orphans/zvol-not-exported.ts';
import { namedRules, noRuleNamed } from './named-rules.ts';

/** Every rule there is. */
export const RULES: readonly Rule[] = [
  pvBackendMissing,
  pvReleased,
  pvFailed,
  pvAvailable,
  pvcLost,
  pvcPending,
  pvcUnused,
  snapshotContentBackendMissing,
  snapshotContentUnclaimed,
  snapshotNotReady,
  attachmentStale,
  datasetUnclaimed,
  datasetHalfProvisioned,
  datasetUnmanaged,
  zfsSnapshotUnclaimed,
  detachedSnapshotUnclaimed,
  detachedContainerEmpty,
  tempSnapshotLeftover,
  nfsShareDangling,
  smbShareDangling,
  shareUnclaimed,
  iscsiExtentDangling,
  iscsiExtentUnmapped,
  iscsiTargetEmpty,
  zvolNotExported,
  nvmetNamespaceDangling,
  nvmetSubsystemEmpty,
  taskDangling,
  exportDuplicate,
  deleteBlocked,
  datasetQuarantined,
  shareMissing,
  shareDisabled,
  capacityMismatch,
  volumeHandleDuplicate,
  contextMismatch,
  volumeOutsideParent,
  recordedIdReused,
  classWithoutDriver,
];

/** Which rules to evaluate; null means "all". */
export interface RuleSelection {
  readonly categories: readonly Category[] | null;
  /** Ids, former ids, or globs with `*` and `?`. */
  readonly globs: readonly string[] | null;
  /** Types of subject. */
  readonly types: readonly ResourceType[] | null;
}

/** The rules a user asked for, in the registry's order. Throws a `UsageError` for a glob that names none. */
export function selectRules({ categories, globs, types }: RuleSelection): readonly Rule[] {
  return namedRules(RULES, globs, (glob) => noRuleNamed(RULES, glob)).filter(
    (rule) =>
      (categories === null || categories.includes(rule.category)) &&
      (types === null || rule.subjects.some((subject) => types.includes(subject))),
  );
}
