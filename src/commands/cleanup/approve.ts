import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { CLEANUP_FLAGS, JUDGE_FLAGS, PLAN_ARGUMENT } from '../../lib/cli/flags-of-cleanup.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class CleanupApprove extends BaseCommand {
  static override summary = 'approve a plan, or reject it';

  static override description = `Records who approved which plan, when and why: by the identity that Kubernetes knows, else by the user of this machine. An approval is for the plan as it is; one that was edited since has none. On one machine this protects against accidents, and not against its owner.

With cleanup.approvals above 1 as many people have to approve, each by an identity of their own in Kubernetes. What cleanup.auto_approve speaks for needs nobody.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.interrupted], {
  [EXIT.ok]: 'the decision is recorded',
  [EXIT.failed]: 'it is not: the plan is expired, edited, rejected or of other servers, or usage',
})}`;

  static override examples = [
    {
      description: 'Approve the plan that was made last:',
      command: '<%= config.bin %> <%= command.id %>',
    },
    {
      description: 'Approve a plan from a file:',
      command: '<%= config.bin %> <%= command.id %> plan.json --reason "agreed in OPS-1432"',
    },
    {
      description: 'Say no:',
      command:
        '<%= config.bin %> <%= command.id %> 6f0c1d2e --reject --reason "still needed for the audit"',
    },
  ];

  static override args = PLAN_ARGUMENT;
  static override flags = { ...CLEANUP_FLAGS, ...JUDGE_FLAGS };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CleanupApprove);
    const { readCleanupFlags, repeatedFlags } = await import('../../lib/cli/cleanup/asked.ts');
    const { judgeAndRender, readVerdict } = await import('../../lib/cli/cleanup/judge.ts');
    const asked = readCleanupFlags(flags);
    const verdict = readVerdict(flags);
    this.repeat(repeatedFlags(asked.connection));
    await checkWritable(asked.outputFile);
    const console = this.console(flags);
    const shown = await judgeAndRender(args.plan, verdict, asked, console, this.signal);
    await this.emit(shown.text, asked.outputFile);
    process.exitCode = shown.exitCode;
  }
}
