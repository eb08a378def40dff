import { type Monitor } from '../app/serve/monitor.ts';
import { type ProcessState } from '../core/serve/readiness.ts';
import { type ServeSettings } from '../core/serve/settings.ts';
import { type AnswerCache } from '../ports/answer-cache.ts';
import { type CleanupDesk } from '../ports/cleanup-desk.ts';
import { type Clock } from '../ports/clock.ts';
import { type LogScope } from '../ports/log-scope.ts';
import { type Logger } from '../ports/logger.ts';
import { type ScanEngine } from '../ports/scan-engine.ts';
import { type Authenticator } from './auth/access.ts';

/** What every route is made with. */
export interface ServerContext {
  readonly monitor: Monitor;
  /** Works out what is asked for seldom. */
  readonly engine: Pick<ScanEngine, 'answer'>;
  readonly cleanup: CleanupDesk;
  /** What was worked out. */
  readonly answers: AnswerCache;
  readonly settings: ServeSettings;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names the request on whatever is logged while it is answered. */
  readonly scope: LogScope;
  readonly process: ProcessState;
  readonly program: ProgramFacts;
}

/** What this program is, as it is told. */
export interface ProgramFacts {
  readonly version: string;
  readonly commit: string | null;
  readonly node: string;
  readonly platform: string;
  readonly started_at: string;
}
