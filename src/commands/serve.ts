import { BaseCommand } from '../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { DEMO_FLAGS, FRESH_CONNECTION_FLAGS } from '../lib/cli/flags.ts';
import { SERVE_FLAGS } from '../lib/cli/flags-of-serve.ts';

export default class Serve extends BaseCommand {
  static override summary = 'scan on a schedule and on change, and serve metrics, REST and events';

  static override description = `Scans both sides on monitor.scan_interval and soon after something changes, and serves the last result: metrics for Prometheus, JSON for scripts, events for pages. It changes nothing on either side, unless clean-up through it is allowed in the configuration.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.interrupted])}`;

  static override examples = [
    {
      description: 'Serve the embedded lab, without any server of your own:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Scan every ten minutes, and answer on a port of your own:',
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
    const { readServeOverrides } = await import('../lib/cli/serve/serve-flags.ts');
    const { serve } = await import('../lib/cli/serve/serve.ts');
    await serve(readConnection(flags), readServeOverrides(flags), this.console(flags), this.signal);
  }
}
