import { type CheckRule } from '../define-check.ts';
import { clockSkew } from '../validation/clock-skew.ts';
import { detachedParentExists } from '../validation/detached-parent-exists.ts';
import { iscsiAuthExists } from '../validation/iscsi-auth-exists.ts';
import { iscsiInitiatorGroupExists } from '../validation/iscsi-initiator-group-exists.ts';
import { iscsiPortalAddress } from '../validation/iscsi-portal-address.ts';
import { iscsiPortalExists } from '../validation/iscsi-portal-exists.ts';
import { iscsiTargetGroups } from '../validation/iscsi-target-groups.ts';
import { nasServiceAtBoot } from '../validation/nas-service-at-boot.ts';
import { nasServiceRunning } from '../validation/nas-service-running.ts';
import { nfsShareAdmitsNodes } from '../validation/nfs-share-admits-nodes.ts';
import { nfsShareWritable } from '../validation/nfs-share-writable.ts';
import { nvmetSubsystemPort } from '../validation/nvmet-subsystem-port.ts';
import { parentExists } from '../validation/parent-exists.ts';
import { parentIsFilesystem } from '../validation/parent-is-filesystem.ts';
import { parentPathPlain } from '../validation/parent-path-plain.ts';
import { parentPoolOnline } from '../validation/parent-pool-online.ts';
import { parentPoolSpace } from '../validation/parent-pool-space.ts';
import { parentUnlocked } from '../validation/parent-unlocked.ts';
import { parentWritable } from '../validation/parent-writable.ts';
import { replicationHasSnapshots } from '../validation/replication-has-snapshots.ts';
import { shareHostIsNas } from '../validation/share-host-is-nas.ts';
import { snapshotClassRetention } from '../validation/snapshot-class-retention.ts';
import { snapshotRetention } from '../validation/snapshot-retention.ts';
import { snapshotTaskRetention } from '../validation/snapshot-task-retention.ts';
import { volumeQuota } from '../validation/volume-quota.ts';
import { volumeServerCurrent } from '../validation/volume-server-current.ts';

/** Checks of a TrueNAS: parents, services, shares, portals, names. */
export const TRUENAS_CHECKS: readonly CheckRule[] = [
  parentExists,
  parentIsFilesystem,
  parentWritable,
  parentUnlocked,
  parentPathPlain,
  detachedParentExists,
  parentPoolOnline,
  parentPoolSpace,
  nasServiceRunning,
  nasServiceAtBoot,
  shareHostIsNas,
  volumeServerCurrent,
  nfsShareAdmitsNodes,
  nfsShareWritable,
  iscsiPortalExists,
  iscsiPortalAddress,
  iscsiInitiatorGroupExists,
  iscsiAuthExists,
  iscsiTargetGroups,
  nvmetSubsystemPort,
  volumeQuota,
  snapshotTaskRetention,
  snapshotClassRetention,
  snapshotRetention,
  replicationHasSnapshots,
  clockSkew,
];
