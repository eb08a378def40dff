import { layeredAnswers } from '../../src/lib/adapters/cache/layered-answers.ts';
import { type Correlation } from '../../src/lib/adapters/log/correlation.ts';
import { type Monitor } from '../../src/lib/app/serve/monitor.ts';
import { followProcess } from '../../src/lib/app/serve/process-state.ts';
import { DEFAULT_SERVE } from '../../src/lib/core/serve/settings.ts';
import { type CleanupDesk } from '../../src/lib/ports/cleanup-desk.ts';
import { type Clock } from '../../src/lib/ports/clock.ts';
import { type Logger } from '../../src/lib/ports/logger.ts';
import { type EngineAnswer, type ScanEngine } from '../../src/lib/ports/scan-engine.ts';
import { type ServerContext } from '../../src/lib/server/context.ts';

/** Whatever is asked of an engine that works nothing out. */
export const NO_ANSWER = {
  state: 'failed',
  error: {
    code: 'NOTHING_KEPT',
    class: 'transient',
    message: 'no scan was kept that this could be made of',
    details: {},
    remediation: [],
  },
} as const satisfies EngineAnswer;

/** A desk at which nobody works. */
export const NO_CLEANUP: CleanupDesk = {
  history: () => Promise.resolve(NO_ANSWER),
  plan: () => Promise.resolve(NO_ANSWER),
  judge: () => Promise.resolve(NO_ANSWER),
  apply: () => Promise.resolve(NO_ANSWER),
};

interface Given {
  readonly monitor: Monitor;
  readonly engine: Pick<ScanEngine, 'answer'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly scope: Correlation;
  readonly ending: AbortSignal;
}

/** What routes are made with, where a test has nothing to say about it: nobody who asks is turned away. */
export function aServerContext(given: Given): ServerContext {
  const { monitor, engine, clock, logger, scope, ending } = given;
  return {
    monitor,
    engine,
    cleanup: NO_CLEANUP,
    answers: layeredAnswers({
      lifetime: DEFAULT_SERVE.caching.memoryTtl,
      clock,
      logger,
      shared: null,
    }),
    settings: DEFAULT_SERVE,
    authenticator: {
      admit: () =>
        Promise.resolve({
          state: 'admitted',
          caller: { name: null, groups: [], role: 'viewer', namespaces: null },
        }),
    },
    clock,
    logger,
    scope,
    process: followProcess(monitor, ending),
    program: {
      version: '0.0.0-test',
      commit: null,
      node: '26.10.0',
      platform: 'linux-x64',
      started_at: '2026-11-30T12:00:00.000Z',
    },
  };
}
