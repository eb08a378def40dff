import { type CheckRule } from '../define-check.ts';
import { configFilePermissions } from '../validation/config-file-permissions.ts';
import { configFileValid } from '../validation/config-file-valid.ts';
import { configPlainSecrets } from '../validation/config-plain-secrets.ts';
import { defaultSnapshotClass } from '../validation/default-snapshot-class.ts';
import { defaultStorageClass } from '../validation/default-storage-class.ts';
import { driverApiVersion } from '../validation/driver-api-version.ts';
import { driverFileReadable } from '../validation/driver-file-readable.ts';
import { driverHandleTemplate } from '../validation/driver-handle-template.ts';
import { driverHttpPlain } from '../validation/driver-http-plain.ts';
import { driverNameLength } from '../validation/driver-name-length.ts';
import { driverParentUnique } from '../validation/driver-parent-unique.ts';
import { driverParentsOverlap } from '../validation/driver-parents-overlap.ts';
import { driverQuotas } from '../validation/driver-quotas.ts';
import { driverTlsInsecure } from '../validation/driver-tls-insecure.ts';
import { storageClassExpansion } from '../validation/storage-class-expansion.ts';
import { storageClassFsType } from '../validation/storage-class-fs-type.ts';
import { storageClassParameters } from '../validation/storage-class-parameters.ts';
import { storageClassReclaimPolicy } from '../validation/storage-class-reclaim-policy.ts';
import { storageClassSecrets } from '../validation/storage-class-secrets.ts';

/** Checks that files alone can answer: nothing that runs has a part in them. */
export const OFFLINE_CHECKS: readonly CheckRule[] = [
  configFileValid,
  configFilePermissions,
  configPlainSecrets,
  driverFileReadable,
  driverHttpPlain,
  driverTlsInsecure,
  driverApiVersion,
  driverParentUnique,
  driverParentsOverlap,
  driverHandleTemplate,
  driverNameLength,
  driverQuotas,
  storageClassParameters,
  storageClassFsType,
  storageClassSecrets,
  storageClassExpansion,
  storageClassReclaimPolicy,
  defaultStorageClass,
  defaultSnapshotClass,
];
