import { BaseCommand } from '../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { DEMO_FLAGS, FRESH_CONNECTION_FLAGS } from '../lib/cli/flags.ts';
import { SERVE_FLAGS } from '../lib/cli/serve/flags-of-serve.ts';

export default class Serve extends BaseCommand {
  static override summary = 'scan on a schedule and on change, and serve metrics, REST and events';

  static override description = `Scans both sides on monitor.scan_interval and soon after something changes, and serves the last result: metrics for Prometheus, JSON for scripts, events for pages. It changes nothing on either side, unless clean-up through it is allowed in the configuration.

A scan that fails ends nothing: the last result is served on, marked as stale, and the scan is tried again. SIGTERM ends it within ten seconds: requests in flight are answered, connections are closed. A second signal ends it at once. SIGHUP has secrets and server.log_level read again. Messages go to stderr, as lines of JSON where that is no terminal. See docs/serve-operation.md.

${exitCodeHelp([EXIT.ok, EXIT.findings, EXIT.failed, EXIT.interrupted], {
  [EXIT.ok]: 'ended by SIGTERM: to be stopped is no failure',
  [EXIT.findings]: 'ended by an error nobody expected, which the log tells',
  [EXIT.failed]:
    'could not begin: usage, configuration, credentials, an address that cannot be had, or another server with this state directory',
})}`;

  static override examples = [
    {
      description: 'Serve the embedded lab, without any server of your own:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Scan every ten minutes, and serve at an address of your own:',
      command: '<%= config.bin %> <%= command.id %> --interval 10m --listen 127.0.0.1:9000',
    },
  ];

  static override flags = {
    ...FRESH_CONNECTION_FLAGS,
    ...SERVE_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const { readConnection } = await import('../lib/cli/scan-flags.ts');
    const connection = readConnection(flags);
    const { serve } = await import('../lib/cli/serve/serve.ts');
    const console = this.console({ ...flags, 'log-level': 'debug', 'log-format': 'text' });
    process.exitCode = await serve({ connection, flags }, console, this.signal);
  }
}
