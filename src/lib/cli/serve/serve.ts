import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { Monitor } from '../../app/serve/monitor.ts';
import {
  DEFAULT_SERVE,
  type ListenAddress,
  type ServeSettings,
} from '../../core/serve/settings.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { buildServer } from '../../server/server.ts';
import { type Console } from '../base-command.ts';
import { loadUserConfig } from '../load-config.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { startThread } from './start-thread.ts';
import { ThreadEngine } from './thread-engine.ts';

/** What the command line says in place of the configuration. */
export interface ServeOverrides {
  readonly interval: Millis | null;
  readonly listen: ListenAddress | null;
}

/** As long as the lab keeps a scan, whose settings nobody writes. */
const DEMO_KEPT = millis(3_600_000);

/** Serves until the signal is aborted, and has let go of everything by then. */
export async function serve(
  connection: ConnectionRequest,
  overrides: ServeOverrides,
  { logger, version }: Console,
  signal: AbortSignal,
): Promise<void> {
  const { settings, keptFor } = await settingsFor(connection, overrides);
  const { maxConcurrent } = settings.scanning;
  const engine = new ThreadEngine({
    logger,
    start: () => startThread({ connection, version, logLevel: 'info', maxConcurrent }),
  });
  const monitor = new Monitor(
    {
      engine,
      clock: systemClock,
      steady: () => performance.now(),
      pause: async (span, until) => {
        await wait(span, undefined, { signal: until });
      },
      logger,
      chance: Math.random,
      newId: randomUUID,
    },
    { interval: settings.scanning.interval, keptFor },
  );
  const server = await buildServer({
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
  });
  const address = await server.listen(settings.server.listen);
  logger.log('info', 'listening', { address });
  try {
    await monitor.watch(signal);
  } finally {
    await server.close();
    await engine.close();
  }
}

interface Loaded {
  readonly settings: ServeSettings;
  /** Up to this age a kept scan is shown after a restart. */
  readonly keptFor: Millis;
}

async function settingsFor(
  connection: ConnectionRequest,
  overrides: ServeOverrides,
): Promise<Loaded> {
  if (connection.demo !== null) {
    return { settings: withOverrides(DEFAULT_SERVE, overrides), keptFor: DEMO_KEPT };
  }
  const { kubeconfig, contexts, url } = connection;
  const { config } = await loadUserConfig({
    file: connection.config,
    overrides: { kubeconfig, contexts, url },
  });
  return { settings: withOverrides(config.serve, overrides), keptFor: config.cache.ttl };
}

function withOverrides(
  settings: ServeSettings,
  { interval, listen }: ServeOverrides,
): ServeSettings {
  return {
    ...settings,
    scanning: { ...settings.scanning, interval: interval ?? settings.scanning.interval },
    server: { ...settings.server, listen: listen ?? settings.server.listen },
  };
}
