import { CommandHelp, Config, settings } from '@oclif/core';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { replaceMarked } from './marked.ts';

const root = path.join(import.meta.dirname, '../..');

/** The commands as the sources have them, without a build; plug-ins are left to their own documentation. */
async function loadCommands(): Promise<Config> {
  settings.enableAutoTranspile = false;
  const pjson = {
    ...packageJson,
    oclif: {
      ...packageJson.oclif,
      commands: './src/commands',
      plugins: [],
      topicSeparator: ' ' as const,
    },
  };
  return Config.load({ root, pjson, ignoreManifest: true });
}

async function commandReference(): Promise<string> {
  const config = await loadCommands();
  const commands = config.commands
    .filter(({ hidden }) => !hidden)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const sections = commands.map((command) => {
    const id = command.id.replaceAll(':', ' ');
    const options = { stripAnsi: true, maxWidth: 100 };
    const help = new CommandHelp({ ...command, id }, config, options).generate();
    const lines = help.split('\n').map((line) => line.trimEnd());
    return [`### ${config.bin} ${id}`, '', '```', ...lines, '```'].join('\n');
  });
  return sections.join('\n\n');
}

/** The README with its command reference brought up to date; undefined where it has no place for one. */
export async function readmeFile(current: string): Promise<string | undefined> {
  return replaceMarked(current, 'commands', await commandReference());
}
