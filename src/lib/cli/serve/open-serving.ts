import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type FastifyInstance } from 'fastify';
import { layeredAnswers } from '../../adapters/cache/layered-answers.ts';
import { CertificateFiles } from '../../adapters/certificate/certificate-files.ts';
import { collectGarbage } from '../../adapters/memory/heap.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { Monitor } from '../../app/serve/monitor.ts';
import { followProcess } from '../../app/serve/process-state.ts';
import { type ServeSettings } from '../../core/serve/settings.ts';
import { type ServerContext } from '../../server/context.ts';
import { buildMetricsServer } from '../../server/metrics/metrics-server.ts';
import { buildServer } from '../../server/server.ts';
import { type Console } from '../base-command.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { closable } from './close-server.ts';
import { type Ending } from './ending.ts';
import { type Served } from './greeting.ts';
import { listen } from './listen.ts';
import { type LoadedServe } from './load-settings.ts';
import { openAuthenticator, type OpenedAuthenticator } from './open-authenticator.ts';
import { programFacts } from './program-facts.ts';
import { type ServeLog } from './serve-log.ts';
import { startThread } from './start-thread.ts';
import { ThreadEngine } from './thread-engine.ts';

export interface ServingRequest extends LoadedServe {
  readonly connection: ConnectionRequest;
  readonly console: Console;
  readonly log: ServeLog;
  readonly ending: Ending;
}

/** Everything that serves, and listens to nobody yet. */
export interface Serving {
  readonly engine: ThreadEngine;
  readonly monitor: Monitor;
  /** Throws a `ListenError` where an address cannot be had. Returns where it is served. */
  listen(): Promise<Served>;
  /** Ends what is under way and lets go of everything; may be called again. */
  close(): Promise<void>;
}

/** Opens it. What is wrong with the files of a certificate is thrown. */
export async function openServing(request: ServingRequest): Promise<Serving> {
  const { settings, log } = request;
  const { logger } = log;
  const { tls } = settings.server;
  const certificate =
    tls === null ? null : await CertificateFiles.open({ files: tls, clock: systemClock, logger });
  const engine = engineOf(request);
  const monitor = monitorOf(engine, request);
  const callers = await callersOf(engine, monitor, request);
  const context = contextOf({ engine, monitor, callers }, request);
  const server = await buildServer(context, { certificate });
  const metrics = await metricsServerOf(server, context, { certificate });
  const closes = [server, ...(metrics === null ? [] : [metrics.server])].map((each) =>
    closable(each),
  );
  return {
    engine,
    monitor,
    listen: async () => {
      const address = await listen(server, settings.server.listen);
      const { enabled, path } = settings.metrics;
      const other = metrics === null ? address : await listen(metrics.server, metrics.at);
      return { address, metrics: enabled ? `${other}${path}` : null };
    },
    close: async () => {
      await Promise.all([...closes.map(async (close) => close()), engine.close()]);
      certificate?.close();
      await callers.close();
    },
  };
}

function engineOf({ settings, connection, console, log }: ServingRequest): ThreadEngine {
  const { logger } = log;
  const { perVolume, maxVolumes } = settings.metrics;
  return new ThreadEngine({
    logger,
    start: () =>
      startThread({
        connection,
        version: console.version,
        logLevel: logger.level,
        maxConcurrent: settings.scanning.maxConcurrent,
        volumeSeries: perVolume ? maxVolumes : 0,
      }),
  });
}

function monitorOf(engine: ThreadEngine, { settings, keptFor, log }: ServingRequest): Monitor {
  const monitor = new Monitor(
    {
      engine,
      clock: systemClock,
      steady: () => performance.now(),
      pause: async (span, until) => {
        await wait(span, undefined, { signal: until });
      },
      logger: log.logger,
      chance: Math.random,
      newId: randomUUID,
    },
    { interval: settings.scanning.interval, keptFor },
  );
  monitor.listen(({ kind }) => {
    // Once everybody has heard of it, nothing but requests under way holds on to the scan before.
    if (kind === 'scan-finished') setImmediate(collectGarbage);
  });
  return monitor;
}

async function callersOf(
  engine: ThreadEngine,
  monitor: Monitor,
  { settings, clusters, connection, log }: ServingRequest,
): Promise<OpenedAuthenticator> {
  return await openAuthenticator({
    settings: settings.server,
    clusters,
    demo: connection.demo === null ? null : () => engine.demoClusters,
    namespaces: () => {
      const scan = monitor.state.current;
      return scan && new Set(scan.namespaces);
    },
    clock: systemClock,
    logger: log.logger,
  });
}

interface Parts {
  readonly engine: ThreadEngine;
  readonly monitor: Monitor;
  readonly callers: OpenedAuthenticator;
}

function contextOf(
  { engine, monitor, callers }: Parts,
  { settings, console, log, ending }: ServingRequest,
): ServerContext {
  const { logger, scope } = log;
  return {
    monitor,
    engine,
    cleanup: engine.desk,
    answers: layeredAnswers({
      lifetime: settings.caching.memoryTtl,
      clock: systemClock,
      logger,
      shared: null,
    }),
    settings,
    authenticator: callers.authenticator,
    clock: systemClock,
    logger,
    scope,
    process: followProcess(monitor, ending.signal),
    program: programFacts(console.version, systemClock.now()),
  };
}

interface MetricsServer {
  readonly server: FastifyInstance;
  readonly at: NonNullable<ServeSettings['metrics']['listen']>;
}

async function metricsServerOf(
  { metrics }: FastifyInstance,
  context: ServerContext,
  listening: { readonly certificate: CertificateFiles | null },
): Promise<MetricsServer | null> {
  const { enabled, listen: at } = context.settings.metrics;
  if (!enabled || at === null) return null;
  return { server: await buildMetricsServer(context, metrics, listening), at };
}
