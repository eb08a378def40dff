import { Args } from '@oclif/core';
import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { CLEANUP_HISTORY_FLAGS } from '../../lib/cli/flags-of-cleanup.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class CleanupHistory extends BaseCommand {
  static override summary = 'what was cleaned up: who, what, when, why, and what came of it';

  static override description = `Reads the journals of this machine, which are only ever added to. Nothing is connected to. With the id of a run or of a plan it shows all of it; -o jsonl is everything, for an audit.

${exitCodeHelp([EXIT.ok, EXIT.failed], {
  [EXIT.ok]: 'every journal is as it was written; or there is none yet',
  [EXIT.failed]: 'a journal is damaged, usage or configuration is wrong, or nothing has that id',
})}`;

  static override examples = [
    { description: 'Everything so far:', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'One run, step by step:',
      command: '<%= config.bin %> <%= command.id %> 6f0c1d2e -o wide',
    },
    {
      description: 'Everything, for an audit:',
      command: '<%= config.bin %> <%= command.id %> -o jsonl --output-file audit.jsonl',
    },
  ];

  static override args = {
    id: Args.string({ description: 'run or plan to show, or the beginning of its id' }),
  };

  static override flags = CLEANUP_HISTORY_FLAGS;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CleanupHistory);
    const { historyAndRender, readHistoryFlags } = await import('../../lib/cli/cleanup/history.ts');
    const asked = readHistoryFlags(args.id, flags);
    this.repeat(asked.repeated);
    await checkWritable(asked.outputFile);
    const shown = await historyAndRender(asked, this.console(flags));
    await this.emit(shown.text, asked.outputFile);
    process.exitCode = shown.exitCode;
  }
}
