import { Args } from '@oclif/core';
import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { HISTORY_FLAGS } from '../../lib/cli/flags-of-history.ts';

export default class HistoryImport extends BaseCommand {
  static override summary = 'add to the history what history export wrote';

  static override description = `Adds every record that is not there yet, and changes none that is: the same file twice is no harm. It is all or nothing. A line that is not understood, or a file that was cut short, is named, and the history stays as it was.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.interrupted], {
  [EXIT.ok]: 'every record is in the history now',
  [EXIT.failed]: 'nothing was imported; the message says why',
})}`;

  static override examples = [
    {
      description: 'Bring a copy back:',
      command: '<%= config.bin %> <%= command.id %> history.jsonl',
    },
    {
      description: 'Take over what another machine saw:',
      command:
        'ssh backup <%= config.bin %> history export | <%= config.bin %> <%= command.id %> -',
    },
  ];

  static override args = {
    file: Args.string({
      description: 'what history export wrote, or - for stdin',
      required: true,
    }),
  };

  static override flags = HISTORY_FLAGS;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(HistoryImport);
    const { importInto } = await import('../../lib/cli/history-commands.ts');
    const { historyFor } = await import('../../lib/cli/open-history.ts');
    const opened = await historyFor(flags, this.console(flags));
    await this.emit(await importInto(opened, args.file, this.signal));
  }
}
