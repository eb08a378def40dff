import { BaseCommand } from '../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { ADDRESS_FLAGS } from '../lib/cli/serve/address-flags.ts';
import { CONNECTION_FLAGS, DEMO_FLAGS } from '../lib/cli/flags.ts';

export default class Serve extends BaseCommand {
  static override summary = 'scan on a schedule and on change, and serve metrics, REST and events';

  static override description = `Scans both sides on monitor.scan_interval and soon after something changes, and serves the last result: metrics for Prometheus, JSON for scripts, events for pages. It changes nothing on either side, unless clean-up through it is allowed in the configuration.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.interrupted])}`;

  static override examples = [
    {
      description: 'Serve the embedded lab, without any server of your own:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
  ];

  static override flags = {
    ...CONNECTION_FLAGS,
    ...ADDRESS_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const { readConnection } = await import('../lib/cli/scan-flags.ts');
    const { serve } = await import('../lib/cli/serve/serve.ts');
    await serve(readConnection(flags), flags, this.console(flags), this.signal);
  }
}
