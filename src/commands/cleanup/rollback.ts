import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp, RUN_MEANINGS } from '../../lib/cli/exit-codes.ts';
import { CLEANUP_FLAGS, EXECUTE_FLAGS, RUN_ARGUMENT } from '../../lib/cli/flags-of-cleanup.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class CleanupRollback extends BaseCommand {
  static override summary = 'undo a run, up to what was destroyed';

  static override description = `Undoes the steps of a run in the opposite order, from what its journal kept: shares are enabled or made again, datasets come back to where they were and lose their mark, Kubernetes objects are made again from their manifests, and volumes get the policy they had. Each step is read back. What was destroyed is gone; those steps are named.

Without --execute nothing is changed, and what would be undone is shown. Needs no approval: it only brings back what was.

${exitCodeHelp(
  [EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.unknownOutcome, EXIT.interrupted],
  { ...RUN_MEANINGS, [EXIT.findings]: 'something could not be undone; the rest was' },
)}`;

  static override examples = [
    {
      description: 'See what can be undone of a run:',
      command: '<%= config.bin %> <%= command.id %> 6f0c1d2e',
    },
    { description: 'Undo it:', command: '<%= config.bin %> <%= command.id %> 6f0c1d2e --execute' },
  ];

  static override args = RUN_ARGUMENT;
  static override flags = { ...CLEANUP_FLAGS, ...EXECUTE_FLAGS };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CleanupRollback);
    const { readCleanupFlags, repeatedFlags } = await import('../../lib/cli/cleanup/asked.ts');
    const { rollbackAndRender } = await import('../../lib/cli/cleanup/run.ts');
    const asked = { ...readCleanupFlags(flags), named: args.run ?? null, execute: flags.execute };
    this.repeat(repeatedFlags(asked.connection));
    await checkWritable(asked.outputFile);
    const shown = await rollbackAndRender(asked, this.console(flags), this.signal);
    await this.emit(shown.text, asked.outputFile);
    process.exitCode = shown.exitCode;
  }
}
