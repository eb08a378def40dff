import { join } from 'node:path';
import { openCluster } from '../adapters/kubernetes/cluster-reader.ts';
import { fileCache } from '../adapters/store/file-cache.ts';
import { heap } from '../adapters/memory/heap.ts';
import { firstSeenFile } from '../adapters/store/first-seen.ts';
import { openNasWithWriter } from '../adapters/truenas/nas-reader.ts';
import { DEFAULT_CLEANUP } from '../core/cleanup/settings.ts';
import { type DriverConfig, secretsDeclaredFor } from '../core/model/driver-config.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { NO_SETTINGS } from '../core/model/settings.ts';
import { type Millis, millis } from '../core/model/units.ts';
import { type KubernetesLab, startKubernetesLab } from '../lab/kubernetes/server.ts';
import { toDriverConfig } from '../lab/scenario/driver-config.ts';
import { type LabSystem, type World } from '../lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../lab/truenas/server.ts';
import { type Clock } from '../ports/clock.ts';
import { type Console } from './base-command.ts';
import { demoHistory } from './demo-history.ts';
import {
  DEMO_FIRST_SEEN,
  demoCleanupDirectory,
  demoDirectory,
  keptWorld,
  worldKeeper,
} from './demo-world.ts';
import { keepingCluster, keepingNas } from './demo-writers.ts';
import { demoKey } from './fingerprint.ts';
import { movedBelow } from './moved-datasets.ts';
import { type DemoRequest } from './scan-flags.ts';
import { surroundingsOf } from './servers.ts';
import { closeSides, type Estate, openSides, standingOf, type WritableSides } from './wiring.ts';

const DEMO_TIMEOUT = millis(30_000);
const DEMO_CACHE_TTL = millis(3_600_000);
/** As far as the clock moves where it has to. */
const TICK = millis(1_000);

/** Starts the lab in this process and opens it as if it were real; all its files live in its own directory. */
export async function wireDemo(
  request: DemoRequest,
  timeout: Millis | null,
  console: Console,
): Promise<Estate> {
  const directory = demoDirectory(request);
  const kept = await keptWorld(request);
  const { scenario, world } = kept;
  const keeper = await worldKeeper(request, kept);
  const clock: Clock = { now: () => new Date(world.now) };
  const { logger, progress } = console;
  logger.log('debug', 'the demo world', { directory, scenario, now: world.now });

  const lab = await startLab(world, clock);
  const drivers = world.drivers.map(toDriverConfig);
  const sides = await openLab(lab, drivers, timeout ?? DEMO_TIMEOUT, console).catch(
    async (error: unknown) => {
      await closeLab(lab);
      throw error;
    },
  );
  return {
    ports: {
      ...sides,
      clock,
      logger,
      progress,
      cache: fileCache({ directory, ttl: DEMO_CACHE_TTL, clock, logger }),
      firstSeen: firstSeenFile(join(directory, DEMO_FIRST_SEEN), logger),
      history: demoHistory(kept, directory, clock, logger),
      memory: heap,
      movedDatasets: movedBelow(demoCleanupDirectory(directory), logger),
    },
    settings: {
      drivers,
      policy: DEFAULT_POLICY,
      ignore: [],
      wholeEstate: true,
      cacheKey: demoKey(scenario),
    },
    configuration: NO_SETTINGS,
    ownClusters: lab.clusters.map((server) => ({
      name: server.cluster.name,
      kubeconfig: server.kubeconfig(),
    })),
    changes: {
      settings: DEFAULT_CLEANUP,
      directory: demoCleanupDirectory(directory),
      writers: {
        clusters: sides.clusters.map(({ writer }) => keepingCluster(writer, keeper)),
        systems: sides.systems.map(({ writer }) => keepingNas(writer, keeper)),
      },
      clusters: sides.clusters,
      borrowedKeys: [],
      tick: async () => {
        world.now = new Date(clock.now().getTime() + TICK).toISOString();
        // Kept, or the next process would make a plan of the same instant. What another command has changed is not overwritten.
        if ((await keeper.whyNot()) === undefined) await keeper.keep();
      },
    },
    standing: standingOf(sides),
    [Symbol.asyncDispose]: async () => {
      await closeSides(sides);
      await closeLab(lab);
    },
  };
}

interface Lab {
  readonly clusters: readonly KubernetesLab[];
  readonly systems: readonly TrueNasLab[];
}

async function startLab(world: World, clock: Clock): Promise<Lab> {
  const now = (): Date => clock.now();
  const [clusters, systems] = await Promise.all([
    Promise.all(world.clusters.map(async (cluster) => await startKubernetesLab(cluster, { now }))),
    Promise.all(world.systems.map(async (system) => await startTrueNasLab(system, { now }))),
  ]);
  return { clusters, systems };
}

async function closeLab({ clusters, systems }: Lab): Promise<void> {
  await Promise.all(
    [...clusters, ...systems].map(async (server) => {
      await server.close();
    }),
  );
}

async function openLab(
  lab: Lab,
  drivers: readonly DriverConfig[],
  timeout: Millis,
  console: Console,
): Promise<WritableSides> {
  return await openSides(
    lab.clusters.map(
      async (server) =>
        await openCluster({
          name: server.cluster.name,
          kubeconfig: null,
          kubeconfigText: server.kubeconfig(),
          context: server.cluster.name,
          inCluster: false,
          namespaces: [],
          declaredSecrets: secretsDeclaredFor(server.cluster.name, drivers),
          timeout,
          ...surroundingsOf(console, { api: 'kubernetes', name: server.cluster.name }),
        }),
    ),
    lab.systems.map(async (server) => {
      const { reader, ...rest } = await openNasWithWriter({
        name: server.system.name,
        url: server.url,
        ...loginOf(server.system),
        password: null,
        timeout,
        tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
        transport: 'auto',
        ...surroundingsOf(console, { api: 'truenas', name: server.system.name }),
      });
      return Object.assign(reader, rest);
    }),
  );
}

/** The first key that works; a world of the lab always has one. */
function loginOf(system: LabSystem): { username: string | null; apiKey: string | null } {
  const key = system.apiKeys.find(
    ({ revoked, expiresAt }) => revoked !== true && expiresAt === undefined,
  );
  return {
    username: key?.username ?? null,
    apiKey: key === undefined ? null : `${key.id}-${key.secret}`,
  };
}
