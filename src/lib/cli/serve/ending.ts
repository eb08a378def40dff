import { type Logger } from '../../ports/logger.ts';
import { EXIT } from '../exit-codes.ts';

/** Where the process is told to end, or has to. */
export interface Ending extends Disposable {
  /** Aborted by the first signal, or by an error nobody expected. */
  readonly signal: AbortSignal;
  /** What the process is to end with. */
  readonly exitCode: number;
  /** Ends it for a reason of its own. */
  fail(error: Error): void;
  /** Throws what `fail` was given. */
  rethrow(): void;
}

/** What a shell shows of a process that SIGTERM ended. */
const TERMINATED = 143;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ends what serves in good order: by SIGTERM, which is how a supervisor stops what works, by SIGINT, or by an error that nobody caught.
 * A second signal ends it at once, also as the first process of a container, where the system itself would do nothing.
 */
export function watchForEnd(logger: Logger): Ending {
  const controller = new AbortController();
  let exitCode: number = EXIT.ok;
  let failure: Error | undefined;
  const end = (code: number): void => {
    exitCode = code;
    controller.abort();
  };
  const onSignal = (name: NodeJS.Signals): void => {
    const interrupted = name === 'SIGINT';
    if (controller.signal.aborted) process.exit(interrupted ? EXIT.interrupted : TERMINATED);
    logger.log('info', 'ending', { signal: name });
    end(interrupted ? EXIT.interrupted : EXIT.ok);
  };
  const onError = (error: unknown): void => {
    const known = error instanceof Error ? error : new Error(String(error));
    logger.log('error', `an error that nobody expected: ${known.message}`, {
      stack: known.stack ?? '',
    });
    end(EXIT.findings);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    fail: (error) => {
      failure ??= error;
      controller.abort();
    },
    rethrow: () => {
      if (failure !== undefined) throw failure;
    },
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.removeListener(name, onSignal);
      process.removeListener('uncaughtException', onError);
      process.removeListener('unhandledRejection', onError);
    },
  };
}
