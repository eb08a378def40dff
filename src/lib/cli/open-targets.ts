import {
  isLeftToDrivers,
  noSystemAnywhere,
  type ReachableSystem,
  requireConnection,
} from '../adapters/config/connection.ts';
import { type LoadedConfig } from '../adapters/config/load.ts';
import { systemPlaces } from '../adapters/config/system-place.ts';
import { type OpenedCluster } from '../adapters/kubernetes/cluster-reader.ts';
import { KubeconfigError } from '../core/model/errors.ts';
import { type Console } from './base-command.ts';
import { inConfiguredWords } from './configured-words.ts';
import { systemsOfDrivers } from './driver-systems.ts';
import { type ConnectionRequest } from './scan-flags.ts';
import { openConfiguredCluster, openReachableSystem } from './servers.ts';
import { closeSides, openSides, type WritableNas, type WritableSides } from './wiring.ts';

/** Both sides opened, and which systems those are. */
export interface Targets {
  readonly sides: WritableSides;
  readonly systems: readonly ReachableSystem[];
}

/** Opens the clusters and systems of the configuration; where it names no system, those that CSI drivers work with. */
export async function openTargets(
  loaded: LoadedConfig,
  request: ConnectionRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Targets> {
  return isLeftToDrivers(loaded)
    ? await openByDrivers(loaded, request, console, signal)
    : await openAsConfigured(loaded, request, console);
}

async function openAsConfigured(
  loaded: LoadedConfig,
  request: ConnectionRequest,
  console: Console,
): Promise<Targets> {
  const systems = requireConnection(loaded);
  const places = systemPlaces(loaded);
  const { clusters, drivers } = loaded.config;
  const sides = await openSides(
    clusters.map(async (each) => await openConfiguredCluster(each, drivers, request, console)),
    systems.map(async (each, index) => {
      const reader = await openReachableSystem(each, request.timeout, console);
      const place = places[index];
      if (place === undefined) return reader;
      const { writer, watcher, renew } = reader;
      return Object.assign(inConfiguredWords(reader, place), { writer, watcher, renew });
    }),
  );
  return { sides, systems };
}

async function openByDrivers(
  loaded: LoadedConfig,
  request: ConnectionRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Targets> {
  const clusters = await openClusters(loaded, request, console);
  try {
    const systems = await findSystems(loaded, clusters, request, console, signal);
    const opened = await openSides(
      [],
      systems.map(async (each) => await openReachableSystem(each, request.timeout, console)),
    );
    const kept = await withoutRepeats(opened.systems, console, signal);
    const names = new Set(kept.map(({ name }) => name));
    return {
      sides: { clusters, systems: kept },
      systems: systems.filter(({ name }) => names.has(name)),
    };
  } catch (error) {
    await closeSides({ clusters, systems: [] });
    throw error;
  }
}

async function openClusters(
  { config, file }: LoadedConfig,
  request: ConnectionRequest,
  console: Console,
): Promise<readonly OpenedCluster[]> {
  const opening = config.clusters.map(
    async (each) => await openConfiguredCluster(each, config.drivers, request, console),
  );
  try {
    return (await openSides(opening, [])).clusters;
  } catch (error) {
    const isAsked = request.kubeconfig !== null || request.contexts.length > 0;
    if (!(error instanceof KubeconfigError) || isAsked) throw error;
    // Whoever has set up nothing yet is to learn of both at once.
    const { message: reason, remediation } = error;
    throw noSystemAnywhere(file, [{ reason, remediation }]);
  }
}

async function findSystems(
  { config, effective, file }: LoadedConfig,
  clusters: readonly OpenedCluster[],
  { timeout }: ConnectionRequest,
  console: Console,
  signal: AbortSignal,
): Promise<readonly ReachableSystem[]> {
  const { logger } = console;
  const [template] = config.systems;
  if (template === undefined) throw noSystemAnywhere(file, []);
  const asked = { template, name: effective.truenas.name, timeout };
  const { systems, deadEnds } = await systemsOfDrivers(clusters, asked, console, signal);
  if (systems.length === 0) throw noSystemAnywhere(file, deadEnds);
  const used = systems.map(({ url, keptIn, apiKey }) => {
    return `${url} with the ${apiKey === null ? 'password' : 'key'} in ${keptIn ?? ''}`;
  });
  logger.log('warn', `no TrueNAS is configured, so a CSI driver's is read: ${used.join(', ')}`);
  for (const { reason } of deadEnds.filter(({ mayHide }) => mayHide)) {
    logger.log('warn', `${reason}, so the TrueNAS of that driver may not be read`);
  }
  const names = new Set(systems.map(({ name }) => name));
  for (const { driver, system } of config.drivers) {
    if (system === null || names.has(system)) continue;
    logger.log(
      'warn',
      `drivers: puts ${driver} on ${system}, but what is read is ${[...names].join(', ')}`,
    );
  }
  return systems;
}

/**
 * One driver may know a system by name and the next by address. Whoever configured nothing could not mend what is said
 * of systems that are named twice, so that the first is kept. A system that cannot be asked stays: the scan says why.
 */
async function withoutRepeats(
  systems: readonly WritableNas[],
  { logger }: Console,
  signal: AbortSignal,
): Promise<readonly WritableNas[]> {
  if (systems.length < 2) return systems;
  const identities = await Promise.allSettled(
    systems.map(async (system) => await system.identify(signal)),
  );
  const first = new Map<string, string>();
  const kept: WritableNas[] = [];
  for (const [at, system] of systems.entries()) {
    const identity = identities[at];
    const id = identity?.status === 'fulfilled' ? identity.value.hostId : null;
    const known = id === null ? undefined : first.get(id);
    if (known === undefined) {
      kept.push(system);
      if (id !== null) first.set(id, system.name);
    } else {
      logger.log('warn', `${system.name} is ${known} by another name, and is read as that`);
      await system.close();
    }
  }
  return kept;
}
