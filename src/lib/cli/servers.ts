import { type ClusterConfig } from '../adapters/config/config.ts';
import { type ReachableSystem } from '../adapters/config/connection.ts';
import {
  type ClusterOptions,
  openCluster,
  type OpenedCluster,
} from '../adapters/kubernetes/cluster-reader.ts';
import { openNasWithWriter } from '../adapters/truenas/nas-reader.ts';
import { type DriverConfig, secretsDeclaredFor } from '../core/model/driver-config.ts';
import { type Millis, millis } from '../core/model/units.ts';
import { type Console, type Member } from './base-command.ts';
import { type ConnectionRequest } from './scan-flags.ts';
import { type WritableNas } from './wiring.ts';

/** For one request to a cluster, where no flag says otherwise. */
const CLUSTER_TIMEOUT = millis(30_000);

export async function openConfiguredCluster(
  cluster: ClusterConfig,
  drivers: readonly DriverConfig[],
  request: ConnectionRequest,
  console: Surroundings,
): Promise<OpenedCluster> {
  const namespaces = [...new Set([...request.namespaces, ...cluster.namespaces])];
  const timeout = request.timeout ?? CLUSTER_TIMEOUT;
  return await openCluster({
    ...cluster,
    namespaces,
    driverNamespaces: cluster.namespaces,
    declaredSecrets: secretsDeclaredFor(cluster.name, drivers),
    timeout,
    ...surroundingsOf(console, { api: 'kubernetes', name: cluster.name }),
  });
}

export async function openReachableSystem(
  system: ReachableSystem,
  timeout: Millis | null,
  console: Surroundings,
): Promise<WritableNas> {
  const { reader, ...rest } = await openNasWithWriter({
    ...system,
    apiKey: system.apiKey?.reveal() ?? null,
    password: system.password?.reveal() ?? null,
    timeout: timeout ?? system.timeout,
    ...surroundingsOf(console, { api: 'truenas', name: system.name }),
  });
  return Object.assign(reader, rest);
}

type Surroundings = Pick<Console, 'logger' | 'onCall'>;

/** Who is told what becomes of a member. */
export function surroundingsOf(
  { logger, onCall }: Surroundings,
  member: Member,
): Pick<ClusterOptions, 'logger' | 'onCall'> {
  if (onCall === undefined) return { logger };
  return {
    logger,
    onCall: (outcome, duration) => {
      onCall(member, outcome, duration);
    },
  };
}
