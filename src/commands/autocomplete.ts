import { Args } from '@oclif/core';
import { BaseCommand } from '../lib/cli/base-command.ts';
import { SHELLS } from '../lib/cli/completion/shells.ts';

export default class Autocomplete extends BaseCommand {
  static override summary = 'the completion script of a shell';

  static override description = `Prints the script that completes commands, flags and values: rules, types, formats, contexts of the kubeconfig, and namespaces and names of objects from the last scan that was kept. Completing never connects to anything.

Load it in every new shell:
  ~/.bashrc                   source <(truenas-monitor autocomplete bash)
  ~/.zshrc, behind compinit   source <(truenas-monitor autocomplete zsh)
  ~/.config/fish/config.fish  truenas-monitor autocomplete fish | source
  $PROFILE of PowerShell      truenas-monitor autocomplete powershell | Out-String | iex`;

  static override examples = [
    {
      description: 'Complete in this bash:',
      command: 'source <(<%= config.bin %> <%= command.id %> bash)',
    },
  ];

  static override args = {
    shell: Args.string({ description: 'your shell', options: [...SHELLS], required: true }),
  };

  override async run(): Promise<void> {
    const { args } = await this.parse(Autocomplete);
    const { completionScript } = await import('../lib/cli/completion/scripts.ts');
    const shell = SHELLS.find((each) => each === args.shell);
    if (shell !== undefined) await this.emit(completionScript(shell));
  }
}
