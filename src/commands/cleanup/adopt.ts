import { Args } from '@oclif/core';
import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { ADOPTION_FLAGS, ADOPTION_OUTPUT_FLAGS } from '../../lib/cli/flags-of-adoption.ts';
import { DEMO_FLAGS, FRESH_CONNECTION_FLAGS } from '../../lib/cli/flags.ts';
import { checkWritable } from '../../lib/cli/output.ts';

export default class CleanupAdopt extends BaseCommand {
  static override summary =
    'write the manifests that bring an unclaimed dataset back into the cluster';

  static override description = `Writes a PersistentVolume and its claim for a dataset that no PersistentVolume refers to, as the CSI driver's provisioner would have written them, with reclaim policy Retain: for a cluster that was rebuilt, or a volume whose objects were deleted by mistake. Nothing is applied, and neither side is changed; comments say which field was derived from what.

It is refused for a dataset that a PersistentVolume of any registered cluster uses, that belongs to another deployment, that is in quarantine, or of which too little is known.

${exitCodeHelp([EXIT.ok, EXIT.failed, EXIT.interrupted], {
  [EXIT.ok]: 'the manifests are written',
  [EXIT.failed]: 'refused, or could not run; nothing is written',
})}`;

  static override examples = [
    {
      description: 'Look at what would bring a dataset back:',
      command: '<%= config.bin %> <%= command.id %> tank/k8s/vols/pvc-6f1d2c9e',
    },
    {
      description: 'Bring it back, for a claim that nothing remembers:',
      command:
        '<%= config.bin %> <%= command.id %> tank/k8s/vols/pvc-6f1d2c9e --claim shop/postgres-data | kubectl apply -f -',
    },
  ];

  static override strict = false;

  static override args = {
    dataset: Args.string({
      description: 'path of a dataset or zvol; may be repeated',
    }),
  };

  static override flags = {
    ...FRESH_CONNECTION_FLAGS,
    ...ADOPTION_FLAGS,
    ...ADOPTION_OUTPUT_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(CleanupAdopt);
    const { repeatedFlags } = await import('../../lib/cli/cleanup/asked.ts');
    const { readAdoptRequest, adoptAndRender } = await import('../../lib/cli/adopt.ts');
    const asked = readAdoptRequest(argv.map(String), flags);
    this.repeat(repeatedFlags(asked.connection));
    await checkWritable(asked.outputFile);
    const text = await adoptAndRender(asked, this.console(flags), this.signal);
    await this.emit(text, asked.outputFile);
  }
}
