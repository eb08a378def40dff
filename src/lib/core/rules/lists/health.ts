import { type CheckRule } from '../define-check.ts';
import { apiLatency } from '../health/api-latency.ts';
import { attachmentStuck } from '../health/attachment-stuck.ts';
import { clusterAnswers } from '../health/cluster-answers.ts';
import { csiControllerHealth } from '../health/csi-controller-health.ts';
import { csiNodeHealth } from '../health/csi-node-health.ts';
import { csiNodeRegistered } from '../health/csi-node-registered.ts';
import { leaderLease } from '../health/leader-lease.ts';
import { nasAlerts } from '../health/nas-alerts.ts';
import { nasServiceHealth } from '../health/nas-service-health.ts';
import { overcommit } from '../health/overcommit.ts';
import { poolCapacity } from '../health/pool-capacity.ts';
import { poolFragmentation } from '../health/pool-fragmentation.ts';
import { poolScrub } from '../health/pool-scrub.ts';
import { poolStatus } from '../health/pool-status.ts';
import { snapshotControllerHealth } from '../health/snapshot-controller-health.ts';
import { snapshotCount } from '../health/snapshot-count.ts';
import { truenasAnswers } from '../health/truenas-answers.ts';
import { volumeCapacity } from '../health/volume-capacity.ts';
import { volumeDeleteFailed } from '../health/volume-delete-failed.ts';

/** Checks of how both sides are doing. */
export const HEALTH_CHECKS: readonly CheckRule[] = [
  clusterAnswers,
  truenasAnswers,
  apiLatency,
  poolStatus,
  poolScrub,
  poolCapacity,
  poolFragmentation,
  overcommit,
  volumeCapacity,
  nasServiceHealth,
  nasAlerts,
  csiControllerHealth,
  csiNodeHealth,
  leaderLease,
  csiNodeRegistered,
  snapshotControllerHealth,
  attachmentStuck,
  volumeDeleteFailed,
  snapshotCount,
];
