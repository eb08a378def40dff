import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp, RUN_MEANINGS } from '../../lib/cli/exit-codes.ts';
import { CLEANUP_FLAGS, EXECUTE_FLAGS, PLAN_ARGUMENT } from '../../lib/cli/flags-of-cleanup.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class CleanupApply extends BaseCommand {
  static override summary = 'carry out a plan; without --execute, try it out';

  static override description = `Proves each step again right before it, by a fresh reading of both sides and by what every object it touches must be; then changes one object at a time, and reads back what became of it. What is not as it was when the plan was made is skipped. Each step is in a journal on this machine before and after it.

Without --execute nothing is changed: everything is read and proved, Kubernetes is asked whether it would, and what would be done is shown. With --execute the plan has to be approved. On a terminal it walks through the plan item by item; elsewhere it carries out what was approved.

A run that was interrupted goes on with the same command. Where no answer came to a change, it looks before anything else, and sends nothing again that had an effect. An API key that was only found in the Secret of a CSI driver is never used to change anything.

${exitCodeHelp(
  [EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.unknownOutcome, EXIT.interrupted],
  RUN_MEANINGS,
)}`;

  static override examples = [
    {
      description: 'See what the plan that was made last would do now:',
      command: '<%= config.bin %> <%= command.id %>',
    },
    {
      description: 'Do it:',
      command: '<%= config.bin %> <%= command.id %> 6f0c1d2e --execute',
    },
    {
      description: 'From a pipeline, with the outcome for a machine:',
      command: '<%= config.bin %> <%= command.id %> plan.json --execute -o json',
    },
  ];

  static override args = PLAN_ARGUMENT;
  static override flags = { ...CLEANUP_FLAGS, ...EXECUTE_FLAGS };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CleanupApply);
    const { readCleanupFlags, repeatedFlags } = await import('../../lib/cli/cleanup/asked.ts');
    const { applyAndRender } = await import('../../lib/cli/cleanup/run.ts');
    const asked = { ...readCleanupFlags(flags), named: args.plan ?? null, execute: flags.execute };
    this.repeat(repeatedFlags(asked.connection));
    await checkWritable(asked.outputFile);
    const shown = await applyAndRender(asked, this.console(flags), this.signal);
    await this.emit(shown.text, asked.outputFile);
    process.exitCode = shown.exitCode;
  }
}
