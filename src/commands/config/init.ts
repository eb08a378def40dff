import { Flags } from '@oclif/core';
import { BaseCommand } from '../../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../../lib/cli/exit-codes.ts';
import { DEMO_FLAGS } from '../../lib/cli/flags.ts';

export default class ConfigInit extends BaseCommand {
  static override summary = 'write a commented configuration to start from';

  static override description = `Writes a configuration that is valid as it stands, readable by you alone. The API key is not part of it: export TRUENAS_API_KEY, or name a file that holds it.

${exitCodeHelp([EXIT.ok, EXIT.failed], {
  [EXIT.ok]: 'it was written',
  [EXIT.failed]: 'usage, or the file exists already or cannot be written',
})}`;

  static override examples = [
    {
      description: 'Write it where every command looks for it:',
      command:
        '<%= config.bin %> <%= command.id %> --url https://nas1.example --username k8s-monitor',
    },
    { description: 'Print it instead:', command: '<%= config.bin %> <%= command.id %> -o -' },
  ];

  static override flags = {
    'output-file': Flags.string({
      char: 'o',
      helpValue: 'FILE',
      summary: 'file to write, or - for stdout [default: ~/.config/truenas-monitor/config.yaml]',
    }),
    force: Flags.boolean({ summary: 'replace an existing file' }),
    url: Flags.string({
      helpValue: 'URL',
      summary: 'address of TrueNAS, such as https://nas1.example',
    }),
    username: Flags.string({ helpValue: 'NAME', summary: 'user the API key belongs to' }),
    context: Flags.string({ helpValue: 'NAME', summary: 'kubeconfig context' }),
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigInit);
    const { checkCommand, newConfig, newConfigPath, writeConfig } =
      await import('../../lib/cli/config-commands.ts');
    const { url = null, username = null, context = null, force } = flags;
    const text = newConfig({ url, username, context });
    const file = flags['output-file'] ?? null;
    if (file === '-') {
      await this.emit(text);
      return;
    }
    // Here --url and --context are what to write, and name no servers to read.
    const path = await newConfigPath(file, { ...flags, url: undefined, context: undefined });
    await writeConfig(path, text, force);
    await this.emit(`wrote ${path}\ncheck it with: ${checkCommand(path)}\n`);
  }
}
