import { join, resolve } from 'node:path';
import { openCluster } from '../adapters/kubernetes/cluster-reader.ts';
import { fileCache } from '../adapters/store/file-cache.ts';
import { firstSeenFile } from '../adapters/store/first-seen.ts';
import { readPrivateFile, writePrivateFile } from '../adapters/store/private-file.ts';
import { stateDirectory } from '../adapters/store/xdg.ts';
import { openNas } from '../adapters/truenas/nas-reader.ts';
import { type DriverConfig } from '../core/model/driver-config.ts';
import { UsageError } from '../core/model/errors.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { type Millis, millis } from '../core/model/units.ts';
import { type KubernetesLab, startKubernetesLab } from '../lab/kubernetes/server.ts';
import { demo } from '../lab/scenario/demo.ts';
import { fleet } from '../lab/scenario/fleet.ts';
import { type DriverEntry, type LabSystem, type World } from '../lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../lab/truenas/server.ts';
import { type Clock } from '../ports/clock.ts';
import { type Console } from './base-command.ts';
import { demoKey } from './fingerprint.ts';
import { type ClockChange } from './flag-values.ts';
import { type DemoRequest } from './scan-flags.ts';
import { closeSides, openSides, type OpenSides, type Wiring } from './wiring.ts';

/** The newest release that most people run. */
const DEMO_VERSION = '25.10';
const DEMO_TIMEOUT = millis(30_000);
const DEMO_CACHE_TTL = millis(3_600_000);
const WORLD_FORMAT = 1;

/** A world as it is kept between commands. */
interface KeptWorld {
  readonly scenario: string;
  readonly world: World;
}

/** Starts the lab in this process and opens it as if it were real; all its files live in its own directory. */
export async function wireDemo(
  request: DemoRequest,
  timeout: Millis | null,
  console: Console,
): Promise<Wiring> {
  const directory =
    request.stateDirectory === null
      ? join(stateDirectory(process.env), 'demo')
      : resolve(request.stateDirectory);
  const { scenario, world } = await worldFor(request, directory);
  const clock: Clock = { now: () => new Date(world.now) };
  const { logger, progress } = console;
  logger.log('debug', 'the demo world', { directory, scenario, now: world.now });

  const lab = await startLab(world, clock);
  const sides = await openLab(lab, timeout ?? DEMO_TIMEOUT, console).catch(
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
      firstSeen: firstSeenFile(join(directory, 'first-seen.json'), logger),
    },
    settings: {
      drivers: world.drivers.map(toDriverConfig),
      policy: DEFAULT_POLICY,
      ignore: [],
      cacheKey: demoKey(scenario),
    },
    [Symbol.asyncDispose]: async () => {
      await closeSides(sides);
      await closeLab(lab);
    },
  };
}

/** The kept world, or a new one where there is none or it is unwanted; its clock put where the user wants it. */
async function worldFor(request: DemoRequest, directory: string): Promise<KeptWorld> {
  const path = join(directory, 'world.json');
  const kept = request.reset ? undefined : await readWorld(path);
  const wanted = request.size === null ? undefined : `fleet-${request.size}`;
  if (kept !== undefined && wanted !== undefined && kept.scenario !== wanted) {
    throw new UsageError(`the demo world that is kept in ${directory} is another one`, {
      remediation: ['Add --demo-reset to replace it, or --demo-state DIR to keep both.'],
      details: { kept: kept.scenario, wanted },
    });
  }
  if (kept !== undefined && request.clock === null) return kept;
  const current = kept ?? newWorld(request.size);
  if (request.clock !== null) {
    current.world.now = changed(current.world.now, request.clock).toISOString();
  }
  await writeWorld(path, current);
  return current;
}

function newWorld(size: number | null): KeptWorld {
  const scenario = size === null ? demo : fleet(size);
  return { scenario: scenario.name, world: scenario.build(DEMO_VERSION) };
}

function changed(now: string, change: ClockChange): Date {
  return change.kind === 'at' ? change.instant : new Date(Date.parse(now) + change.by);
}

async function readWorld(path: string): Promise<KeptWorld | undefined> {
  let value: unknown;
  try {
    const text = await readPrivateFile(path);
    if (text === undefined) return undefined;
    value = JSON.parse(text);
  } catch (cause) {
    throw unusable(path, cause);
  }
  if (!isKeptWorld(value)) throw unusable(path, undefined);
  return value;
}

function isKeptWorld(value: unknown): value is KeptWorld {
  if (typeof value !== 'object' || value === null) return false;
  return 'format' in value && value.format === WORLD_FORMAT && 'world' in value;
}

function unusable(path: string, cause: unknown): UsageError {
  return new UsageError(`the demo world in ${path} cannot be used`, {
    cause,
    remediation: ['Make it anew with --demo-reset.'],
  });
}

async function writeWorld(path: string, kept: KeptWorld): Promise<void> {
  try {
    await writePrivateFile(path, [JSON.stringify({ format: WORLD_FORMAT, ...kept })]);
  } catch (cause) {
    throw new UsageError(`the demo world cannot be kept in ${path}`, {
      cause,
      remediation: ['Name a directory of yours: --demo-state DIR.'],
    });
  }
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

async function openLab(lab: Lab, timeout: Millis, { logger }: Console): Promise<OpenSides> {
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
          timeout,
          logger,
        }),
    ),
    lab.systems.map(
      async (server) =>
        await openNas({
          name: server.system.name,
          url: server.url,
          ...loginOf(server.system),
          password: null,
          timeout,
          tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
          transport: 'auto',
          logger,
        }),
    ),
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

function toDriverConfig(entry: DriverEntry): DriverConfig {
  return {
    driver: entry.driver,
    cluster: entry.cluster ?? null,
    system: entry.system ?? null,
    parent: entry.parent,
    detachedSnapshotsParent: entry.detached_snapshots_parent ?? null,
    instanceId: entry.instance_id ?? null,
    exclusive: entry.exclusive ?? false,
  };
}
