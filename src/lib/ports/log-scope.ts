import { type LogFields } from './logger.ts';

/** Says of everything that is logged while some work is done, however deep inside of it, what it was done for. */
export interface LogScope {
  run<T>(fields: LogFields, work: () => T): T;
}
