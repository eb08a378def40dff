import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp, RUN_MEANINGS } from '../../lib/cli/exit-codes.ts';
import { CLEANUP_FLAGS, PLAN_FLAGS, PLAN_OUTPUT_FLAGS } from '../../lib/cli/flags-of-cleanup.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class Cleanup extends BaseCommand {
  static override summary = 'plan what to clean up, and walk through it on a terminal';

  static override description = `Makes a plan, as cleanup plan does, and shows it. On a terminal it then offers to walk through it: each item with its evidence and its steps, one after the other. What you say yes to is done before the next one comes; what would be destroyed asks for its name first. Without a terminal, or with -o or --output-file, nothing is changed.

What is unclaimed is only put aside at first, and cleanup rollback brings it back. Scripts take the same way in steps: cleanup plan, approve, apply.

${exitCodeHelp(
  [EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.unknownOutcome, EXIT.interrupted],
  {
    ...RUN_MEANINGS,
    [EXIT.ok]: 'everything in the plan was done; or the plan was shown',
    [EXIT.incomplete]:
      'not everything could be read, for the plan or to prove a step of it; or you stopped it',
  },
)}`;

  static override examples = [
    {
      description: 'Try it on the embedded lab:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Only what lies in quarantine for long enough:',
      command: '<%= config.bin %> <%= command.id %> --rule dataset-quarantined',
    },
  ];

  static override flags = { ...CLEANUP_FLAGS, ...PLAN_FLAGS, ...PLAN_OUTPUT_FLAGS };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Cleanup);
    const { readPlanFlags, repeatedFlags } = await import('../../lib/cli/cleanup/asked.ts');
    const asked = readPlanFlags(flags);
    this.repeat(repeatedFlags(asked.connection));
    await checkWritable(asked.planFile ?? asked.outputFile);
    const console = this.console(flags);
    if (asked.isForPeople) {
      const { planAndWalk } = await import('../../lib/cli/cleanup/walk.ts');
      const show = async (text: string): Promise<void> => {
        await this.emit(text);
      };
      const shown = await planAndWalk(asked, console, this.signal, show);
      await this.emit(shown.text);
      process.exitCode = shown.exitCode;
    } else {
      const { planAndRender } = await import('../../lib/cli/cleanup/plan.ts');
      const shown = await planAndRender(asked, console, this.signal);
      if (asked.planFile !== null) await this.emit(shown.document, asked.planFile);
      await this.emit(shown.text, asked.outputFile);
      process.exitCode = shown.exitCode;
    }
  }
}
