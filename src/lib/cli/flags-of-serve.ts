import { Flags } from '@oclif/core';

const SERVING = 'SERVING';

/** What `serve` is told on the command line in place of the configuration. */
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
    summary: 'where to answer; port 0 lets the system choose one [default: server.listen]',
  }),
};
