import { type Redactor } from '../../adapters/log/redactor.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { loadServeSettings } from './load-settings.ts';
import { type ServeLog } from './serve-log.ts';
import { type ThreadEngine } from './thread-engine.ts';

interface Reloading {
  readonly connection: ConnectionRequest;
  readonly redactor: Redactor;
  readonly log: ServeLog;
  readonly engine: Pick<ThreadEngine, 'reload' | 'setLogLevel'>;
}

/** On SIGHUP reads the configuration again, for the level of the log and for secrets. What is wrong with it changes nothing. */
export function reloadOnHangUp({ connection, redactor, log, engine }: Reloading): Disposable {
  const { logger, fixedLevel } = log;
  const reload = async (): Promise<void> => {
    try {
      const { settings } = await loadServeSettings(connection, redactor);
      const { server } = settings;
      if (fixedLevel === null && server.logLevel !== logger.level) {
        logger.setLevel(server.logLevel);
        engine.setLogLevel(server.logLevel);
      }
      logger.log('info', 'reading configuration and secrets again', { log_level: logger.level });
      engine.reload();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.log('error', 'the configuration stays as it was', { reason });
    }
  };
  const onSignal = (): void => void reload();
  process.on('SIGHUP', onSignal);
  return {
    [Symbol.dispose]: () => {
      process.removeListener('SIGHUP', onSignal);
    },
  };
}
