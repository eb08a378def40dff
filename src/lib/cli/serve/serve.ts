import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { layeredAnswers } from '../../adapters/cache/layered-answers.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { lockForServing } from '../../adapters/store/serve-lock.ts';
import { stateDirectory } from '../../adapters/store/xdg.ts';
import { Monitor } from '../../app/serve/monitor.ts';
import { followProcess } from '../../app/serve/process-state.ts';
import { ReceivedFailure } from '../../core/serve/failure.ts';
import { type ServeSettings } from '../../core/serve/settings.ts';
import { buildServer } from '../../server/server.ts';
import { type Console } from '../base-command.ts';
import { demoDirectory } from '../demo-world.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { closable } from './close-server.ts';
import { type Ending, watchForEnd } from './ending.ts';
import { type RawServeFlags } from './flags-of-serve.ts';
import { listen } from './listen.ts';
import { loadServeSettings, readListen } from './load-settings.ts';
import { programFacts } from './program-facts.ts';
import { reloadOnHangUp } from './reload.ts';
import { type ServeLog, serveLog } from './serve-log.ts';
import { startThread } from './start-thread.ts';
import { greeting } from './greeting.ts';
import { ThreadEngine } from './thread-engine.ts';

export interface ServeRequest {
  readonly connection: ConnectionRequest;
  readonly flags: RawServeFlags;
}

/**
 * Serves until it is told to end, and has let go of everything by then. Whatever is wrong with flags, configuration or addresses is
 * thrown before anything is contacted. Returns what the process is to end with.
 *
 * @param early what came before this could listen for signals
 */
export async function serve(
  request: ServeRequest,
  console: Console,
  early: AbortSignal,
): Promise<number> {
  const log = serveLog(request.flags, console);
  const settings = await settingsFor(request, console, log);
  early.throwIfAborted();
  using ending = watchForEnd(log.logger);
  const lock = await lockForServing(stateOf(request.connection), log.logger);
  try {
    await run(request, { console, log, settings, ending });
  } finally {
    await lock[Symbol.asyncDispose]();
  }
  ending.rethrow();
  return ending.exitCode;
}

async function settingsFor(
  { connection, flags }: ServeRequest,
  { redactor }: Console,
  { logger, fixedLevel }: ServeLog,
): Promise<ServeSettings> {
  const address = flags.listen === undefined ? null : readListen(flags.listen);
  const settings = await loadServeSettings(connection, redactor);
  if (fixedLevel === null) logger.setLevel(settings.server.logLevel);
  if (address === null) return settings;
  return { ...settings, server: { ...settings.server, listen: address } };
}

function stateOf({ demo }: ConnectionRequest): string {
  return demo === null ? join(stateDirectory(process.env), 'serve') : demoDirectory(demo);
}

interface Running {
  readonly console: Console;
  readonly log: ServeLog;
  readonly settings: ServeSettings;
  readonly ending: Ending;
}

async function run(
  { connection }: ServeRequest,
  { console, log, settings, ending }: Running,
): Promise<void> {
  const { logger, scope } = log;
  const { version, redactor } = console;
  const engine = new ThreadEngine({
    logger,
    start: () => startThread({ connection, version, logLevel: logger.level }),
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
  const server = await buildServer({
    monitor,
    engine,
    answers: layeredAnswers({
      lifetime: settings.caching.memoryTtl,
      clock: systemClock,
      logger,
      shared: null,
    }),
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
    scope,
    process: followProcess(monitor, ending.signal),
    program: programFacts(version, systemClock.now()),
  });
  const close = closable(server);
  const reloading = reloadOnHangUp({ connection, redactor, log, engine });
  try {
    const address = await listen(server, settings.server.listen);
    greeting(console, logger, { address, metrics: settings.metrics });
    void engine.open().then((refusal) => {
      // What is refused for good is refused at the start; whatever may pass is tried again.
      if (refusal?.class === 'configuration') ending.fail(new ReceivedFailure(refusal));
    });
    const watching = monitor.watch(ending.signal);
    await untilAborted(ending.signal);
    // A scan under way ends because the engine does, and only then the monitor has nothing to wait for.
    await Promise.all([close(), engine.close(), watching]);
  } finally {
    reloading[Symbol.dispose]();
    await Promise.all([close(), engine.close()]);
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
