import { configFileValid } from '../validation/config-file-valid.ts';
import { driverFileReadable } from '../validation/driver-file-readable.ts';
import { type CheckRule } from '../define-check.ts';
import { apiKeyExpiry } from '../validation/api-key-expiry.ts';
import { clusterReachable } from '../validation/cluster-reachable.ts';
import { configFilePermissions } from '../validation/config-file-permissions.ts';
import { configPlainSecrets } from '../validation/config-plain-secrets.ts';
import { connectionLatency } from '../validation/connection-latency.ts';
import { driversDeclared } from '../validation/drivers-declared.ts';
import { kubernetesPermissions } from '../validation/kubernetes-permissions.ts';
import { secretFilePermissions } from '../validation/secret-file-permissions.ts';
import { tlsExpiry } from '../validation/tls-expiry.ts';
import { tlsInUse } from '../validation/tls-in-use.ts';
import { tlsTrusted } from '../validation/tls-trusted.ts';
import { tlsVerified } from '../validation/tls-verified.ts';
import { tlsVersion } from '../validation/tls-version.ts';
import { truenasMethods } from '../validation/truenas-methods.ts';
import { truenasReachable } from '../validation/truenas-reachable.ts';
import { truenasRoles } from '../validation/truenas-roles.ts';

/** Checks of both connections, of permissions, and of the configuration. */
export const ACCESS_CHECKS: readonly CheckRule[] = [
  configFileValid,
  driverFileReadable,
  clusterReachable,
  truenasReachable,
  connectionLatency,
  tlsInUse,
  tlsVerified,
  tlsTrusted,
  tlsExpiry,
  tlsVersion,
  kubernetesPermissions,
  truenasRoles,
  truenasMethods,
  apiKeyExpiry,
  configFilePermissions,
  configPlainSecrets,
  secretFilePermissions,
  driversDeclared,
];
