import { type CheckRule } from '../define-check.ts';
import { attachRequiredWithoutAttacher } from '../validation/attach-required-without-attacher.ts';
import { csiControllerPresent } from '../validation/csi-controller-present.ts';
import { csiDriverRegistered } from '../validation/csi-driver-registered.ts';
import { csiNodeCoverage } from '../validation/csi-node-coverage.ts';
import { csiNodeDaemonsetPresent } from '../validation/csi-node-daemonset-present.ts';
import { defaultSnapshotClass } from '../validation/default-snapshot-class.ts';
import { defaultStorageClass } from '../validation/default-storage-class.ts';
import { driverApiVersion } from '../validation/driver-api-version.ts';
import { driverHandleTemplate } from '../validation/driver-handle-template.ts';
import { driverHttpPlain } from '../validation/driver-http-plain.ts';
import { driverImagePinned } from '../validation/driver-image-pinned.ts';
import { driverNameLength } from '../validation/driver-name-length.ts';
import { driverParentUnique } from '../validation/driver-parent-unique.ts';
import { driverParentsOverlap } from '../validation/driver-parents-overlap.ts';
import { driverQuotas } from '../validation/driver-quotas.ts';
import { driverSupportsTruenas } from '../validation/driver-supports-truenas.ts';
import { driverTlsInsecure } from '../validation/driver-tls-insecure.ts';
import { nodePodSecurity } from '../validation/node-pod-security.ts';
import { sidecarVersions } from '../validation/sidecar-versions.ts';
import { snapshotClassDriver } from '../validation/snapshot-class-driver.ts';
import { snapshotControllerRunning } from '../validation/snapshot-controller-running.ts';
import { snapshotCrdsInstalled } from '../validation/snapshot-crds-installed.ts';
import { storageClassExpansion } from '../validation/storage-class-expansion.ts';
import { storageClassFsType } from '../validation/storage-class-fs-type.ts';
import { storageClassParameters } from '../validation/storage-class-parameters.ts';
import { storageClassReclaimPolicy } from '../validation/storage-class-reclaim-policy.ts';
import { storageClassSecrets } from '../validation/storage-class-secrets.ts';
import { truenasVersionSupported } from '../validation/truenas-version-supported.ts';

/** Checks of a cluster: drivers, classes, nodes, snapshots. */
export const KUBERNETES_CHECKS: readonly CheckRule[] = [
  driverSupportsTruenas,
  truenasVersionSupported,
  sidecarVersions,
  csiDriverRegistered,
  csiControllerPresent,
  csiNodeDaemonsetPresent,
  attachRequiredWithoutAttacher,
  driverImagePinned,
  driverHttpPlain,
  driverTlsInsecure,
  driverApiVersion,
  driverParentUnique,
  driverParentsOverlap,
  driverHandleTemplate,
  driverNameLength,
  driverQuotas,
  csiNodeCoverage,
  nodePodSecurity,
  defaultStorageClass,
  storageClassParameters,
  storageClassFsType,
  storageClassSecrets,
  storageClassExpansion,
  storageClassReclaimPolicy,
  snapshotCrdsInstalled,
  snapshotControllerRunning,
  snapshotClassDriver,
  defaultSnapshotClass,
];
