import { Args } from '@oclif/core';
import { BaseCommand } from '../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { CONNECTION_FLAGS, DEMO_FLAGS, EXPLANATION_OUTPUT_FLAGS } from '../lib/cli/flags.ts';
import { checkWritable } from '../lib/cli/output.ts';

export default class Explain extends BaseCommand {
  static override summary = "one object's whole chain, and why it was or was not reported";

  static override description = `Shows everything that hangs together with one object, from the pod down to the clone of a snapshot: claim, volume, handle, dataset, shares, targets, snapshots, tasks. Each with its state on its own side, how it was joined to the one above, and the holes where something is missing. Then what every rule made of it, and what stands in the way of deleting it, in the order to resolve. Neither side is changed.

The object is a finding id, as orphans shows it, or as much of it as no other begins with (at least 6 digits), or TYPE/NAME as orphans -o name prints it; TYPE NAME in two words does as well. Where several clusters or systems have the name, each is shown; @CLUSTER: or @SYSTEM: in front chooses one. Without an object, on a terminal, it lets you pick a finding.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.incomplete, EXIT.interrupted], {
  [EXIT.ok]: 'explained, from a scan that was complete',
  [EXIT.failed]: 'could not run, or there is nothing of that name',
})}`;

  static override examples = [
    {
      description: 'Pick a finding of the embedded lab and walk to its cause:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Why is this volume reported, or why is it not:',
      command: '<%= config.bin %> <%= command.id %> pvc/shop/postgres-data',
    },
    {
      description: 'What keeps a dataset from being deleted:',
      command: '<%= config.bin %> <%= command.id %> dataset tank/k8s/vols/pvc-6f1d2c9e',
    },
    {
      description: 'The same volume name in two clusters, for a script:',
      command: '<%= config.bin %> <%= command.id %> @staging:pv/pvc-6f1d2c9e -o json',
    },
  ];

  static override args = {
    object: Args.string({ description: 'finding id, TYPE/NAME, or TYPE before NAME' }),
    name: Args.string({ description: 'NAME, where the first word is a TYPE alone' }),
  };

  static override flags = { ...CONNECTION_FLAGS, ...EXPLANATION_OUTPUT_FLAGS, ...DEMO_FLAGS };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(Explain);
    const words = [args.object, args.name].filter((word) => word !== undefined);
    const { readExplainRequest, explainAndRender } = await import('../lib/cli/explain.ts');
    const asked = readExplainRequest(words, flags);
    await checkWritable(asked.outputFile);
    const { text, exitCode } = await explainAndRender(asked, this.console(flags), this.signal);
    await this.emit(text, asked.outputFile);
    process.exitCode = exitCode;
  }
}
