import { type ClusterConfig } from '../adapters/config/config.ts';
import { type ReachableSystem } from '../adapters/config/connection.ts';
import { openCluster, type OpenedCluster } from '../adapters/kubernetes/cluster-reader.ts';
import { openNasWithWriter } from '../adapters/truenas/nas-reader.ts';
import { type DriverConfig, secretsDeclaredFor } from '../core/model/driver-config.ts';
import { type Millis, millis } from '../core/model/units.ts';
import { type Logger } from '../ports/logger.ts';
import { type ConnectionRequest } from './scan-flags.ts';
import { type WritableNas } from './wiring.ts';

/** For one request to a cluster, where no flag says otherwise. */
const CLUSTER_TIMEOUT = millis(30_000);

export async function openConfiguredCluster(
  cluster: ClusterConfig,
  drivers: readonly DriverConfig[],
  request: ConnectionRequest,
  logger: Logger,
): Promise<OpenedCluster> {
  const namespaces = [...new Set([...request.namespaces, ...cluster.namespaces])];
  const timeout = request.timeout ?? CLUSTER_TIMEOUT;
  return await openCluster({
    ...cluster,
    namespaces,
    driverNamespaces: cluster.namespaces,
    declaredSecrets: secretsDeclaredFor(cluster.name, drivers),
    timeout,
    logger,
  });
}

export async function openReachableSystem(
  system: ReachableSystem,
  timeout: Millis | null,
  logger: Logger,
): Promise<WritableNas> {
  const { reader, writer } = await openNasWithWriter({
    ...system,
    apiKey: system.apiKey?.reveal() ?? null,
    password: system.password?.reveal() ?? null,
    timeout: timeout ?? system.timeout,
    logger,
  });
  return Object.assign(reader, { writer });
}
