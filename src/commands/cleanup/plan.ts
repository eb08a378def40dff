import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp, PLAN_MEANINGS } from '../../lib/cli/exit-codes.ts';
import { CLEANUP_FLAGS, PLAN_FLAGS, PLAN_OUTPUT_FLAGS } from '../../lib/cli/flags-of-cleanup.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class CleanupPlan extends BaseCommand {
  static override summary = 'plan what to clean up, without changing anything';

  static override description = `Reads both sides anew and plans what to do about what is certain: each finding with its evidence, the steps in their order, what each is checked for right before it, what undoes it, and what it gives back. What could be cleaned up and is left out is listed with the reason. Nothing is changed.

What is unclaimed is only put aside at first: out of reach, where it is, or below cleanup.quarantine_parent. After cleanup.quarantine_for, 7d by default, dataset-quarantined finds it, and a plan destroys it. Snapshots that no driver made keep a dataset from that, unless --include-snapshots names each of them.

The plan is kept on this machine and holds for cleanup.plan_ttl, 1h by default, for these clusters and this TrueNAS alone. cleanup approve and cleanup apply take its id, or the file that --output-file writes.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.incomplete, EXIT.interrupted], PLAN_MEANINGS)}`;

  static override examples = [
    {
      description: 'What could be cleaned up in the embedded lab:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Datasets nobody has claimed for a month, as a file for whoever approves it:',
      command:
        '<%= config.bin %> <%= command.id %> --rule dataset-unclaimed --older-than 30d --output-file plan.json',
    },
    {
      description: 'One finding, which is not safe by itself and so has to be named:',
      command: '<%= config.bin %> <%= command.id %> --finding 6f0c1d2e3a4b5c6d',
    },
  ];

  static override flags = { ...CLEANUP_FLAGS, ...PLAN_FLAGS, ...PLAN_OUTPUT_FLAGS };

  override async run(): Promise<void> {
    const { flags } = await this.parse(CleanupPlan);
    const { readPlanFlags, repeatedFlags } = await import('../../lib/cli/cleanup/asked.ts');
    const { planAndRender } = await import('../../lib/cli/cleanup/plan.ts');
    const asked = readPlanFlags(flags);
    this.repeat(repeatedFlags(asked.connection));
    await checkWritable(asked.planFile ?? asked.outputFile);
    const shown = await planAndRender(asked, this.console(flags), this.signal);
    if (asked.planFile !== null) await this.emit(shown.document, asked.planFile);
    await this.emit(shown.text, asked.outputFile);
    process.exitCode = shown.exitCode;
  }
}
