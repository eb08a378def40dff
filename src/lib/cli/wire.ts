import { join } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { type ClusterConfig } from '../adapters/config/config.ts';
import { type ReachableSystem, requireConnection } from '../adapters/config/connection.ts';
import { type LoadedConfig } from '../adapters/config/load.ts';
import { systemPlaces } from '../adapters/config/system-place.ts';
import { openCluster } from '../adapters/kubernetes/cluster-reader.ts';
import { type Redactor } from '../adapters/log/redactor.ts';
import { fileCache } from '../adapters/store/file-cache.ts';
import { firstSeenFile } from '../adapters/store/first-seen.ts';
import { cacheDirectory, stateDirectory } from '../adapters/store/xdg.ts';
import { openNas } from '../adapters/truenas/nas-reader.ts';
import { type DriverConfig, secretsDeclaredFor } from '../core/model/driver-config.ts';
import { type Millis, millis } from '../core/model/units.ts';
import { type ClusterReader } from '../ports/cluster.ts';
import { type Logger } from '../ports/logger.ts';
import { type NasReader } from '../ports/nas.ts';
import { type Console } from './base-command.ts';
import { inConfiguredWords } from './configured-words.ts';
import { scanKey, systemsKey } from './fingerprint.ts';
import { loadUserConfig } from './load-config.ts';
import { type ConnectionRequest } from './scan-flags.ts';
import { closeSides, openSides, type Wiring } from './wiring.ts';

/** For one request to a cluster, where no flag says otherwise. */
const CLUSTER_TIMEOUT = millis(30_000);

/** Opens what a scan needs: real servers by flags, environment and configuration, or the embedded lab. */
export async function wire(request: ConnectionRequest, console: Console): Promise<Wiring> {
  if (request.demo !== null) {
    const { wireDemo } = await import('./demo.ts');
    return await wireDemo(request.demo, request.timeout, console);
  }
  const environment = process.env;
  const { kubeconfig, contexts, url } = request;
  const overrides = { kubeconfig, contexts, url };
  const loaded = await loadUserConfig({ file: request.config, overrides });
  const { config } = loaded;
  const systems = requireConnection(loaded);
  const places = systemPlaces(loaded);
  registerSecrets(loaded, console.redactor);
  for (const warning of loaded.warnings) console.logger.log('warn', warning);

  const { logger, progress } = console;
  const cacheKey = await scanKey(config.clusters, systems, config.drivers, environment);
  const sides = await openSides(
    config.clusters.map(
      async (cluster) => await openConfiguredCluster(cluster, config.drivers, request, logger),
    ),
    systems.map(async (system, index) => {
      const reader = await openConfiguredSystem(system, request.timeout, logger);
      const place = places[index];
      return place === undefined ? reader : inConfiguredWords(reader, place);
    }),
  );
  return {
    ports: {
      ...sides,
      clock: systemClock,
      logger,
      progress,
      cache: fileCache({
        directory: config.cache.path ?? cacheDirectory(environment),
        ttl: config.cache.ttl,
        clock: systemClock,
        logger,
      }),
      firstSeen: firstSeenFile(
        join(stateDirectory(environment), `first-seen-${systemsKey(systems)}.json`),
        logger,
      ),
    },
    settings: {
      drivers: config.drivers,
      policy: config.policy,
      ignore: config.ignore,
      wholeEstate: kubeconfig === null && contexts.length === 0 && url === null,
      cacheKey,
    },
    [Symbol.asyncDispose]: async () => {
      await closeSides(sides);
    },
  };
}

function registerSecrets({ config }: LoadedConfig, redactor: Redactor): void {
  for (const { apiKey, password } of config.systems) {
    if (apiKey !== null) redactor.register(apiKey.reveal());
    if (password !== null) redactor.register(password.reveal());
  }
}

async function openConfiguredCluster(
  cluster: ClusterConfig,
  drivers: readonly DriverConfig[],
  request: ConnectionRequest,
  logger: Logger,
): Promise<ClusterReader> {
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

async function openConfiguredSystem(
  system: ReachableSystem,
  timeout: Millis | null,
  logger: Logger,
): Promise<NasReader> {
  return await openNas({
    ...system,
    apiKey: system.apiKey?.reveal() ?? null,
    password: system.password?.reveal() ?? null,
    timeout: timeout ?? system.timeout,
    logger,
  });
}
