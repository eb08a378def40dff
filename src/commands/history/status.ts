import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { HISTORY_FLAGS, HISTORY_OUTPUT_FLAGS } from '../../lib/cli/flags-of-history.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class HistoryStatus extends BaseCommand {
  static override summary = 'what the history holds, and since when';

  static override description = `Each complete scan of orphans without a filter, of analyze or of report adds to the history: what pools, storage classes and volumes take, and which findings came and went. This shows where it is kept, how large it is, and what is in it. Nothing is connected to.

${exitCodeHelp([EXIT.ok, EXIT.failed], {
  [EXIT.ok]: 'there is a history, or none yet',
  [EXIT.failed]: 'there is one that cannot be used, or usage or configuration is wrong',
})}`;

  static override examples = [
    { description: 'What is kept so far:', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'The same of the demo, for a script:',
      command: '<%= config.bin %> <%= command.id %> --demo -o json',
    },
  ];

  static override flags = { ...HISTORY_FLAGS, ...HISTORY_OUTPUT_FLAGS };

  override async run(): Promise<void> {
    const { flags } = await this.parse(HistoryStatus);
    const { readHistoryFormat, statusOf } = await import('../../lib/cli/history-commands.ts');
    const { historyFor } = await import('../../lib/cli/open-history.ts');
    const format = readHistoryFormat(flags.output);
    const outputFile = flags['output-file'] ?? null;
    await checkWritable(outputFile);
    const opened = await historyFor(flags, this.console(flags));
    const asked = { format, outputFile, plain: flags['no-color'] };
    const { text, exitCode } = await statusOf(opened, asked);
    await this.emit(text, outputFile);
    process.exitCode = exitCode;
  }
}
