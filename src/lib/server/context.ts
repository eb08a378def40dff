import { type Monitor } from '../app/serve/monitor.ts';
import { type ServeSettings } from '../core/serve/settings.ts';
import { type Clock } from '../ports/clock.ts';
import { type Logger } from '../ports/logger.ts';
import { type Authenticator } from './auth/access.ts';

/** What every route is made with. */
export interface ServerContext {
  readonly monitor: Monitor;
  readonly settings: ServeSettings;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of this program. */
  readonly version: string;
}
