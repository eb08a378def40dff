import { join } from 'node:path';
import { lockForServing } from '../../adapters/store/serve-lock.ts';
import { stateDirectory } from '../../adapters/store/xdg.ts';
import { ReceivedFailure } from '../../core/serve/failure.ts';
import { type Console } from '../base-command.ts';
import { demoDirectory } from '../demo-world.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { watchForEnd } from './ending.ts';
import { type RawServeFlags } from './flags-of-serve.ts';
import { greeting } from './greeting.ts';
import { loadServeSettings } from './load-settings.ts';
import { type ServingRequest } from './open-serving.ts';
import { readOverrides, withOverrides } from './overrides.ts';
import { reloadOnHangUp } from './reload.ts';
import { serveLog } from './serve-log.ts';

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
  { connection, flags }: ServeRequest,
  console: Console,
  early: AbortSignal,
): Promise<number> {
  const log = serveLog(flags, console);
  const overrides = readOverrides(flags);
  const loaded = await loadServeSettings(connection, console.redactor);
  const settings = withOverrides(loaded.settings, overrides);
  if (log.fixedLevel === null) log.logger.setLevel(settings.server.logLevel);
  early.throwIfAborted();
  using ending = watchForEnd(log.logger);
  const lock = await lockForServing(stateOf(connection), log.logger);
  try {
    await run({ ...loaded, settings, connection, console, log, ending });
  } finally {
    await lock[Symbol.asyncDispose]();
  }
  ending.rethrow();
  return ending.exitCode;
}

function stateOf({ demo }: ConnectionRequest): string {
  return demo === null ? join(stateDirectory(process.env), 'serve') : demoDirectory(demo);
}

async function run(request: ServingRequest): Promise<void> {
  const { connection, console, log, ending } = request;
  // What answers requests is loaded once it is known that there is something to serve: what is wrong with flags is said at once.
  const { openServing } = await import('./open-serving.ts');
  const serving = await openServing(request);
  const { engine, monitor } = serving;
  const reloading = reloadOnHangUp({
    connection,
    redactor: console.redactor,
    log,
    engine,
  });
  try {
    greeting(console, log.logger, await serving.listen());
    void engine.open().then((refusal) => {
      // What is refused for good is refused at the start; whatever may pass is tried again.
      if (refusal?.class === 'configuration') ending.fail(new ReceivedFailure(refusal));
    });
    const watching = monitor.watch(ending.signal);
    await untilAborted(ending.signal);
    // A scan under way ends because the engine does, and only then the monitor has nothing to wait for.
    await Promise.all([serving.close(), watching]);
  } finally {
    reloading[Symbol.dispose]();
    await serving.close();
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
