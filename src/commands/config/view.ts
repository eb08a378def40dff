import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { CONFIG_FLAG, DEMO_FLAGS } from '../../lib/cli/flags.ts';

export default class ConfigView extends BaseCommand {
  static override summary = 'show the configuration in effect, secrets masked';

  static override description = `Shows every value in effect and where it came from: a line of the file, an environment variable, or the default.

${exitCodeHelp([EXIT.ok, EXIT.failed], {
  [EXIT.ok]: 'the configuration is valid',
  [EXIT.failed]: 'the configuration is not valid, or cannot be read',
})}`;

  static override examples = [
    { description: 'What a scan would use:', command: '<%= config.bin %> <%= command.id %>' },
  ];

  static override flags = { ...CONFIG_FLAG, ...DEMO_FLAGS };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigView);
    const { configFile, effectiveConfig } = await import('../../lib/cli/config-commands.ts');
    await this.emit(await effectiveConfig(await configFile(flags), this.console(flags)));
  }
}
