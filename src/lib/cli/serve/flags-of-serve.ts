import { Flags } from '@oclif/core';
import { LOG_FORMATS, LOG_LEVELS } from '../../adapters/log/stderr-logger.ts';

const SERVING = 'SERVING';
const MESSAGES = 'MESSAGE';

/** Where and how `serve` serves, beside what its configuration says. */
export const SERVE_FLAGS = {
  interval: Flags.string({
    helpGroup: SERVING,
    helpValue: 'DURATION',
    summary:
      'how often to scan where nothing changes, 30s at least [default: monitor.scan_interval]',
  }),
  listen: Flags.string({
    helpGroup: SERVING,
    helpValue: 'HOST:PORT',
    summary:
      'serve there in place of server.listen; port 0 lets the system choose [default: 127.0.0.1:8080]',
  }),
  'metrics-listen': Flags.string({
    helpGroup: SERVING,
    helpValue: 'HOST:PORT|off',
    summary:
      'serve metrics there, too, in place of metrics.listen and metrics.port [default: 127.0.0.1:9105]',
  }),
  // Those of every command, with what is usual for a server.
  'log-level': Flags.string({
    helpGroup: MESSAGES,
    options: [...LOG_LEVELS],
    env: 'TRUENAS_MONITOR_LOG_LEVEL',
    summary:
      'show messages on stderr from this importance up, whatever server.log_level says [default: info]',
  }),
  'log-format': Flags.string({
    helpGroup: MESSAGES,
    options: [...LOG_FORMATS],
    env: 'TRUENAS_MONITOR_LOG_FORMAT',
    summary: 'messages as lines of text, or of JSON [default: text on a terminal, json otherwise]',
  }),
};

/** As they come from oclif. */
export interface RawServeFlags {
  readonly quiet: boolean;
  readonly interval?: string | undefined;
  readonly listen?: string | undefined;
  readonly 'metrics-listen'?: string | undefined;
  readonly 'log-level'?: string | undefined;
  readonly 'log-format'?: string | undefined;
}
