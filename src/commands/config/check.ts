import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { CONFIG_FLAG, DEMO_FLAGS } from '../../lib/cli/flags.ts';

export default class ConfigCheck extends BaseCommand {
  static override summary = 'check the configuration, without connecting to anything';

  static override description = `Says "ok" and what the configuration comes to, or names everything that is wrong with it at once, each with its line and what to write instead.

${exitCodeHelp([EXIT.ok, EXIT.failed], {
  [EXIT.ok]: 'the configuration is valid and complete',
  [EXIT.failed]: 'it is not; every problem is listed',
})}`;

  static override examples = [
    {
      description: 'Before it is rolled out:',
      command: '<%= config.bin %> <%= command.id %> --config ./truenas-monitor.yaml',
    },
  ];

  static override flags = { ...CONFIG_FLAG, ...DEMO_FLAGS };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigCheck);
    const { configFile, checkConfig } = await import('../../lib/cli/config-commands.ts');
    await this.emit(await checkConfig(await configFile(flags), this.console(flags)));
  }
}
