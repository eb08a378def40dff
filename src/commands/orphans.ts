import { BaseCommand } from '../lib/cli/base-command.ts';
import { EXIT, exitCodeFor, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import {
  CONNECTION_FLAGS,
  DEMO_FLAGS,
  FAIL_FLAGS,
  FILTER_FLAGS,
  OUTPUT_FLAGS,
} from '../lib/cli/flags.ts';
import { checkWritable } from '../lib/cli/output.ts';
import { readScanFlags } from '../lib/cli/scan-flags.ts';

export default class Orphans extends BaseCommand {
  static override summary = 'list storage that one side has forgotten';

  static override description = `Reads Kubernetes and TrueNAS at once, joins them, and lists what exists on one side only, what the two sides tell differently, and what nobody uses. Neither side is changed.

A finding is "certain" only where everything that could prove it wrong was read and agreed; the rest is "likely". A list that could not be read makes the scan incomplete, never an orphan. What a rule means and what to do about it is in docs/rules; explain shows one object with all that hangs on it.

${exitCodeHelp([EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.interrupted])}`;

  static override examples = [
    {
      description: 'See what it finds in an embedded lab, without any server:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Fail a pipeline on anything serious that is beyond doubt:',
      command: '<%= config.bin %> <%= command.id %> --fail-on high --fail-on-confidence certain',
    },
    {
      description: 'Datasets nobody claims, older than a month, for a script:',
      command:
        '<%= config.bin %> <%= command.id %> --rule dataset-unclaimed --older-than 30d -o name',
    },
    {
      description: 'Two clusters that make volumes on one TrueNAS:',
      command: '<%= config.bin %> <%= command.id %> --context prod --context staging -o json',
    },
  ];

  static override flags = {
    ...CONNECTION_FLAGS,
    ...FILTER_FLAGS,
    ...OUTPUT_FLAGS,
    ...FAIL_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Orphans);
    const asked = readScanFlags(flags);
    const console = this.console(flags);
    await checkWritable(asked.outputFile);
    const { scanAndRender } = await import('../lib/cli/scan-and-render.ts');
    const { report, text } = await scanAndRender(asked, ['orphan', 'drift'], console, this.signal);
    await this.emit(text, asked.outputFile);
    process.exitCode = exitCodeFor(report, asked.failOn);
  }
}
