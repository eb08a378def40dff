import { join } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { heap } from '../adapters/memory/heap.ts';
import { fileCache } from '../adapters/store/file-cache.ts';
import { firstSeenFile } from '../adapters/store/first-seen.ts';
import { cacheDirectory, stateDirectory } from '../adapters/store/xdg.ts';
import { type Console } from './base-command.ts';
import { scanKey, systemsKey } from './fingerprint.ts';
import { loadUserConfig } from './load-config.ts';
import { movedBelow } from './moved-datasets.ts';
import { userHistory } from './open-history.ts';
import { openTargets } from './open-targets.ts';
import { registerSecrets } from './register-secrets.ts';
import { type ConnectionRequest } from './scan-flags.ts';
import { closeSides, type Estate, standingOf, type Wiring, writersOf } from './wiring.ts';

/** Opens what a scan needs: real servers by flags, environment and configuration, or the embedded lab. */
export async function wire(
  request: ConnectionRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Wiring> {
  return await openEstate(request, console, signal);
}

/** The same, with what it takes to change it. */
export async function openEstate(
  request: ConnectionRequest,
  console: Console,
  signal: AbortSignal,
): Promise<Estate> {
  if (request.demo !== null) {
    const { wireDemo } = await import('./demo.ts');
    return await wireDemo(request.demo, request.timeout, console);
  }
  const environment = process.env;
  const { kubeconfig, contexts, url } = request;
  const overrides = { kubeconfig, contexts, url };
  const loaded = await loadUserConfig({ file: request.config, overrides });
  const { config } = loaded;
  registerSecrets(loaded, console.redactor);
  for (const warning of loaded.warnings) console.logger.log('warn', warning);

  const { logger, progress } = console;
  const { sides, systems } = await openTargets(loaded, request, console, signal);
  const cleanupDirectory = join(stateDirectory(environment), 'cleanup');
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
      history: userHistory(config.history, logger),
      memory: heap,
      movedDatasets: movedBelow(cleanupDirectory, logger),
    },
    settings: {
      drivers: config.drivers,
      policy: config.policy,
      ignore: config.ignore,
      wholeEstate: kubeconfig === null && contexts.length === 0 && url === null,
      cacheKey: await scanKey(config.clusters, systems, config.drivers, environment),
    },
    configuration: loaded.settings,
    ownClusters: [],
    changes: {
      settings: config.cleanup,
      directory: cleanupDirectory,
      writers: writersOf(sides),
      clusters: sides.clusters,
      borrowedKeys: systems.flatMap(({ name, keptIn }) =>
        keptIn === null ? [] : [{ system: name, keptIn }],
      ),
      tick: () => Promise.resolve(),
    },
    standing: standingOf(sides),
    [Symbol.asyncDispose]: async () => {
      await closeSides(sides);
    },
  };
}
