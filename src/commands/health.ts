import { BaseCommand } from '../lib/cli/base-command.ts';
import { CHECK_MEANINGS, EXIT, exitCodeForChecks, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { CONNECTION_FLAGS, DEMO_FLAGS, OUTPUT_FLAGS } from '../lib/cli/flags.ts';
import { CHECK_FILTER_FLAGS, HEALTH_FAIL_FLAGS, WATCH_FLAGS } from '../lib/cli/flags-of-checks.ts';
import { checkWritable } from '../lib/cli/output.ts';

export default class Health extends BaseCommand {
  static override summary = 'how both sides are doing, component by component';

  static override description = `A quick verdict for people and probes: connections and how fast they answer, pools, services and alerts of TrueNAS, the pods of every CSI driver and their nodes, volumes that cannot be attached or deleted, snapshot counts and overcommitted space. It reads no more than these need, and neither side is changed.

With --watch it stays on the terminal, reads again every --interval, and keeps the last answer with its age where a reading fails; r reads at once, q ends it with the code of the last answer.

${exitCodeHelp([EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.interrupted], CHECK_MEANINGS)}`;

  static override examples = [
    {
      description: 'Look at the embedded lab, without any server:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Keep an eye on both sides while something is repaired:',
      command: '<%= config.bin %> <%= command.id %> --watch --interval 10s',
    },
    {
      description: 'A probe that says nothing and only ends with a code:',
      command: '<%= config.bin %> <%= command.id %> -q --output-file /dev/null',
    },
  ];

  static override flags = {
    ...CONNECTION_FLAGS,
    ...CHECK_FILTER_FLAGS,
    ...OUTPUT_FLAGS,
    ...HEALTH_FAIL_FLAGS,
    ...WATCH_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Health);
    const { readCheckFlags, readWatch } = await import('../lib/cli/check-flags.ts');
    const asked = readCheckFlags('health', flags);
    const interval = readWatch(flags);
    const console = this.console(flags);
    if (interval !== null) {
      const { watchHealth } = await import('../lib/cli/watch/watch-health.ts');
      process.exitCode = await watchHealth(asked, interval, console, this.signal);
      return;
    }
    await checkWritable(asked.outputFile);
    const { inspectAndRender } = await import('../lib/cli/inspect-and-render.ts');
    const { summary, text } = await inspectAndRender(asked, console, this.signal);
    await this.emit(text, asked.outputFile);
    process.exitCode = exitCodeForChecks(summary, asked.failOn);
  }
}
