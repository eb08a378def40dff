import { BaseCommand } from '../lib/cli/base-command.ts';
import { CHECK_MEANINGS, EXIT, exitCodeForChecks, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { CONNECTION_FLAGS, DEMO_FLAGS, OUTPUT_FLAGS } from '../lib/cli/flags.ts';
import {
  CHECK_FILTER_FLAGS,
  OFFLINE_FLAGS,
  VALIDATE_FAIL_FLAGS,
} from '../lib/cli/flags-of-checks.ts';
import { checkWritable } from '../lib/cli/output.ts';

export default class Validate extends BaseCommand {
  static override summary =
    'check how both sides are set up, and say how to mend what is not right';

  static override description = `Reads Kubernetes and TrueNAS at once and checks what volumes need to be made, mounted, snapshotted and deleted: connections and their certificates, permissions on both sides, versions, drivers, classes, parents, services, shares, portals, and the configuration of this tool. Each check says what it saw, passes included; one that fails says how to mend it, step by step. Neither side is changed.

What could not be read makes single checks SKIPPED, with the reason, and never failed or passed. A side that cannot be reached, or does not accept the credentials, is a check that failed. What a check means is in docs/rules.

${exitCodeHelp([EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.interrupted], CHECK_MEANINGS)}`;

  static override examples = [
    {
      description: 'See what it checks in an embedded lab, without any server:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'Stop a pipeline on anything that is not right, however small:',
      command: '<%= config.bin %> <%= command.id %> --fail-on low -o json',
    },
    {
      description: 'Before a merge, without a cluster:',
      command:
        '<%= config.bin %> <%= command.id %> --offline --config truenas-monitor.yaml --driver-file values.yaml',
    },
    {
      description: 'What is wrong with classes and drivers alone:',
      command: '<%= config.bin %> <%= command.id %> --component storage-class,driver',
    },
  ];

  static override flags = {
    ...CONNECTION_FLAGS,
    ...OFFLINE_FLAGS,
    ...CHECK_FILTER_FLAGS,
    ...OUTPUT_FLAGS,
    ...VALIDATE_FAIL_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Validate);
    const { readCheckFlags } = await import('../lib/cli/check-flags.ts');
    const { readOffline, inspectOffline } = await import('../lib/cli/offline.ts');
    const offline = readOffline(flags);
    const asked = readCheckFlags('validate', flags, offline !== null);
    const console = this.console(flags);
    await checkWritable(asked.outputFile);
    const { inspectAndRender, rendered } = await import('../lib/cli/inspect-and-render.ts');
    const { summary, text } =
      offline === null
        ? await inspectAndRender(asked, console, this.signal)
        : await rendered(await inspectOffline(offline, asked), asked, console);
    await this.emit(text, asked.outputFile);
    process.exitCode = exitCodeForChecks(summary, asked.failOn);
  }
}
