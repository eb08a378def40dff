import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { EXPORT_FLAGS, HISTORY_FLAGS } from '../../lib/cli/flags-of-history.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class HistoryExport extends BaseCommand {
  static override summary = 'write the history as JSON Lines';

  static override description = `Writes everything the history holds, one record a line, between a first line that says what it is and a last one that says that nothing is missing: to keep a copy, to take it to another machine, or to look into it with other tools. history import reads it back.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.interrupted], {
  [EXIT.ok]: 'all of it was written; without a history there is nothing between the two lines',
  [EXIT.failed]: 'usage, configuration, or a history or file that cannot be used',
})}`;

  static override examples = [
    {
      description: 'Keep a copy:',
      command: '<%= config.bin %> <%= command.id %> --output-file history.jsonl',
    },
    {
      description: 'How full a pool was, day by day:',
      command: `<%= config.bin %> <%= command.id %> | jq -r 'select(.record == "pool" and .name == "tank") | [.at, .used_bytes + .snapshots_bytes] | @tsv'`,
    },
  ];

  static override flags = { ...HISTORY_FLAGS, ...EXPORT_FLAGS };

  override async run(): Promise<void> {
    const { flags } = await this.parse(HistoryExport);
    const outputFile = flags['output-file'] ?? null;
    await checkWritable(outputFile);
    const { exportOf } = await import('../../lib/cli/history-commands.ts');
    const { historyFor } = await import('../../lib/cli/open-history.ts');
    const console = this.console(flags);
    const opened = await historyFor(flags, console);
    await this.emit(exportOf(opened, console, this.signal), outputFile);
  }
}
