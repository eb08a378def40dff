import { MonitorError } from '../../core/model/errors.ts';
import { failureOf, INTERNAL_FAILURE, type Failure } from '../../core/serve/failure.ts';
import { type Logger } from '../../ports/logger.ts';

/** A failure as it is told to the other thread. What nobody expected stands in the log alone. */
export function explain(error: unknown, logger: Logger): Failure {
  if (error instanceof MonitorError) return failureOf(error);
  logger.log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  return INTERNAL_FAILURE;
}
