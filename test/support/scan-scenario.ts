import { openCluster } from '../../src/lib/adapters/kubernetes/cluster-reader.ts';
import { openNas } from '../../src/lib/adapters/truenas/nas-reader.ts';
import { noHistory } from '../../src/lib/app/no-history.ts';
import { nothingMoved } from '../../src/lib/app/nothing-moved.ts';
import { scan } from '../../src/lib/app/scan.ts';
import { type ScanPorts, type ScanRequest } from '../../src/lib/app/scan-request.ts';
import { secretsDeclaredFor } from '../../src/lib/core/model/driver-config.ts';
import { NO_FILTER } from '../../src/lib/core/model/filter.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type Report } from '../../src/lib/core/model/report.ts';
import { type Millis, millis } from '../../src/lib/core/model/units.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { type KubernetesLab, startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { toDriverConfig } from '../../src/lib/lab/scenario/driver-config.ts';
import { type KubernetesObject, type World } from '../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import { type ClusterReader } from '../../src/lib/ports/cluster.ts';
import { type Logger } from '../../src/lib/ports/logger.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';

/** What a scan has around it where that is not the usual. */
export interface ScanSurroundings extends Partial<
  Pick<
    ScanPorts,
    'clock' | 'logger' | 'progress' | 'cache' | 'firstSeen' | 'history' | 'memory' | 'movedDatasets'
  >
> {
  readonly transport?: 'auto' | 'jsonrpc' | 'rest';
  /** For one request or call. */
  readonly timeout?: Millis;
  /** Put around the real reader, to do something before or after what it reads. */
  readonly aroundCluster?: (reader: ClusterReader) => ClusterReader;
  readonly aroundSystem?: (reader: NasReader) => NasReader;
}

/** Both sides of a world, running. */
export interface RunningWorld extends AsyncDisposable {
  readonly world: World;
  readonly clusters: readonly KubernetesLab[];
  readonly systems: readonly TrueNasLab[];
  scan(overrides?: Partial<ScanRequest>, surroundings?: ScanSurroundings): Promise<Report>;
}

const SILENT: Logger = { log: () => undefined };

/** Starts the simulators of a world and hands out scans of it over the real protocols. */
export async function runWorld(
  world: World,
  onDriverDelete: (object: KubernetesObject) => void = () => undefined,
): Promise<RunningWorld> {
  const now = (): Date => new Date(world.now);
  const clusters = await Promise.all(
    world.clusters.map((cluster) => startKubernetesLab(cluster, { now, onDriverDelete })),
  );
  const systems = await Promise.all(
    world.systems.map((system) => startTrueNasLab(system, { now })),
  );
  return {
    world,
    clusters,
    systems,
    scan: (overrides = {}, surroundings = {}) =>
      scanOnce({ world, clusters, systems }, overrides, surroundings),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...clusters, ...systems].map((lab) => lab.close()));
    },
  };
}

async function scanOnce(
  world: Pick<RunningWorld, 'world' | 'clusters' | 'systems'>,
  overrides: Partial<ScanRequest>,
  surroundings: ScanSurroundings,
): Promise<Report> {
  return await withPorts(world, surroundings, (ports) =>
    scan(ports, {
      rules: RULES,
      drivers: world.world.drivers.map(toDriverConfig),
      policy: DEFAULT_POLICY,
      filter: NO_FILTER,
      ignore: [],
      wholeEstate: true,
      maxAge: millis(0),
      cacheKey: 'test',
      signal: AbortSignal.timeout(60_000),
      ...overrides,
    }),
  );
}

/** Opens both sides of a running world as a command does, and closes them again. */
export async function withPorts<T>(
  { world, clusters, systems }: Pick<RunningWorld, 'world' | 'clusters' | 'systems'>,
  surroundings: ScanSurroundings,
  use: (ports: ScanPorts) => Promise<T>,
): Promise<T> {
  const {
    transport = 'auto',
    timeout = millis(10_000),
    aroundCluster = (reader: ClusterReader) => reader,
    aroundSystem = (reader: NasReader) => reader,
    ...ports
  } = surroundings;
  const clusterReaders = await Promise.all(
    clusters.map((lab) =>
      openCluster(
        {
          name: lab.cluster.name,
          kubeconfig: null,
          kubeconfigText: lab.kubeconfig(),
          context: null,
          inCluster: false,
          namespaces: [],
          declaredSecrets: secretsDeclaredFor(lab.cluster.name, world.drivers.map(toDriverConfig)),
          timeout,
          logger: ports.logger ?? SILENT,
        },
        // Nothing is gained by waiting for a server that a test has broken.
        { timing: { random: () => 0, sleep: () => Promise.resolve() }, rootDirectory: '' },
      ),
    ),
  );
  const nasReaders = await Promise.all(
    systems.map((lab) => {
      const [key] = lab.system.apiKeys;
      return openNas({
        name: lab.system.name,
        url: lab.url,
        username: key?.username ?? null,
        apiKey: key === undefined ? null : `${key.id}-${key.secret}`,
        password: null,
        timeout,
        tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
        transport,
        logger: ports.logger ?? SILENT,
      });
    }),
  );
  try {
    return await use({
      clusters: clusterReaders.map(aroundCluster),
      systems: nasReaders.map(aroundSystem),
      clock: { now: () => new Date(world.now) },
      logger: SILENT,
      progress: { step: () => undefined, finish: () => undefined },
      cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      history: noHistory,
      memory: { release: () => undefined, rest: () => undefined },
      movedDatasets: nothingMoved,
      firstSeen: { load: () => Promise.resolve(new Map()), save: () => Promise.resolve() },
      ...ports,
    });
  } finally {
    await Promise.all([...clusterReaders, ...nasReaders].map((reader) => reader.close()));
  }
}
