import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { HISTORY_FLAGS, PRUNE_FLAGS } from '../../lib/cli/flags-of-history.ts';

export default class HistoryPrune extends BaseCommand {
  static override summary = 'remove what is old from the history';

  static override description = `Removes what is older than --older-than for good, and gives the space back. By itself the history forgets what is older than history.retention in the configuration, 400d by default. To keep a copy, run history export before.

${exitCodeHelp([EXIT.ok, EXIT.failed], {
  [EXIT.ok]: 'what was that old is gone',
  [EXIT.failed]: 'usage, configuration, or a history that cannot be used; nothing was removed',
})}`;

  static override examples = [
    {
      description: 'Forget what is older than half a year:',
      command: '<%= config.bin %> <%= command.id %> --older-than 180d',
    },
  ];

  static override flags = { ...HISTORY_FLAGS, ...PRUNE_FLAGS };

  override async run(): Promise<void> {
    const { flags } = await this.parse(HistoryPrune);
    const { pruneTo, readAge } = await import('../../lib/cli/history-commands.ts');
    const { historyFor } = await import('../../lib/cli/open-history.ts');
    const olderThan = readAge('older-than', flags['older-than']);
    await this.emit(await pruneTo(await historyFor(flags, this.console(flags)), olderThan));
  }
}
