import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { Monitor } from '../../app/serve/monitor.ts';
import { DEFAULT_SERVE, type ServeSettings } from '../../core/serve/settings.ts';
import { type ServerContext } from '../../server/context.ts';
import { buildMetricsServer } from '../../server/metrics/metrics-server.ts';
import { buildServer } from '../../server/server.ts';
import { type Console } from '../base-command.ts';
import { loadUserConfig } from '../load-config.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { type RawAddressFlags, withAddresses } from './address-flags.ts';
import { startThread } from './start-thread.ts';
import { ThreadEngine } from './thread-engine.ts';

/** Serves until the signal is aborted, and has let go of everything by then. */
export async function serve(
  connection: ConnectionRequest,
  flags: RawAddressFlags,
  { logger, version }: Console,
  signal: AbortSignal,
): Promise<void> {
  const settings = withAddresses(await settingsFor(connection), flags);
  const { perVolume, maxVolumes } = settings.metrics;
  const volumeSeries = perVolume ? maxVolumes : 0;
  const engine = new ThreadEngine({
    logger,
    start: () => startThread({ connection, version, logLevel: 'info', volumeSeries }),
  });
  const monitor = new Monitor(
    {
      engine,
      clock: systemClock,
      pause: async (span, until) => {
        await wait(span, undefined, { signal: until });
      },
      logger,
      chance: Math.random,
      newId: randomUUID,
    },
    { interval: settings.scanning.interval, keptFor: connection.maxAge },
  );
  const context: ServerContext = {
    monitor,
    settings,
    authenticator: {
      admit: () =>
        Promise.resolve({
          state: 'admitted',
          caller: { name: null, groups: [], role: 'viewer', namespaces: null },
        }),
    },
    clock: systemClock,
    logger,
    version,
  };
  const server = await buildServer(context);
  const metricsServer = buildMetricsServer(context, server.metrics);
  const address = await server.listen(settings.server.listen);
  logger.log('info', 'listening', { address });
  const { enabled, listen } = settings.metrics;
  if (enabled && listen !== null) {
    logger.log('info', 'listening for scrapes', { address: await metricsServer.listen(listen) });
  }
  try {
    await monitor.watch(signal);
  } finally {
    await metricsServer.close();
    await server.close();
    await engine.close();
  }
}

async function settingsFor(connection: ConnectionRequest): Promise<ServeSettings> {
  if (connection.demo !== null) return DEFAULT_SERVE;
  const { kubeconfig, contexts, url } = connection;
  const { config } = await loadUserConfig({
    file: connection.config,
    overrides: { kubeconfig, contexts, url },
  });
  return config.serve;
}
