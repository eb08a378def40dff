import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CertificateFiles } from '../../adapters/certificate/certificate-files.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { type Config } from '../../adapters/config/config.ts';
import { Monitor } from '../../app/serve/monitor.ts';
import { DEFAULT_SERVE } from '../../core/serve/settings.ts';
import { seenNamespaces } from '../../server/seen-namespaces.ts';
import { buildServer } from '../../server/server.ts';
import { type Console } from '../base-command.ts';
import { loadUserConfig } from '../load-config.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { openAuthenticator } from './open-authenticator.ts';
import { startThread } from './start-thread.ts';
import { ThreadEngine } from './thread-engine.ts';

/** Serves until the signal is aborted, and has let go of everything by then. */
export async function serve(
  connection: ConnectionRequest,
  { logger, version }: Console,
  signal: AbortSignal,
): Promise<void> {
  const { serve: settings, clusters } = await settingsFor(connection);
  const engine = new ThreadEngine({
    logger,
    start: () => startThread({ connection, version, logLevel: 'info' }),
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
  const callers = openAuthenticator({
    settings: settings.server,
    clusters,
    demo: connection.demo === null ? null : () => engine.demoClusters,
    namespaces: () => seenNamespaces(monitor.state.current),
    clock: systemClock,
    logger,
  });
  const { tls } = settings.server;
  const certificate =
    tls === null ? null : await CertificateFiles.open({ files: tls, clock: systemClock, logger });
  const server = await buildServer(
    {
      monitor,
      settings,
      authenticator: callers.authenticator,
      clock: systemClock,
      logger,
      version,
    },
    { certificate },
  );
  const address = await server.listen(settings.server.listen);
  logger.log('info', 'listening', { address });
  try {
    await monitor.watch(signal);
  } finally {
    await server.close();
    certificate?.close();
    await callers.close();
    await engine.close();
  }
}

async function settingsFor(
  connection: ConnectionRequest,
): Promise<Pick<Config, 'serve' | 'clusters'>> {
  if (connection.demo !== null) return { serve: DEFAULT_SERVE, clusters: [] };
  const { kubeconfig, contexts, url } = connection;
  const { config } = await loadUserConfig({
    file: connection.config,
    overrides: { kubeconfig, contexts, url },
  });
  return config;
}
