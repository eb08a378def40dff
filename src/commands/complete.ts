import { BaseCommand } from '../lib/cli/base-command.ts';

export default class Complete extends BaseCommand {
  static override summary = 'what may stand where the cursor is, for the scripts of autocomplete';

  static override description = `Completion scripts call it with the words behind the program's name; the last one is the one with the cursor. One candidate a line, its description behind a tab; the last line is a colon and a number that says what else the shell does, as programs made with cobra say it. Nothing but files of this machine is read.`;

  static override hidden = true;
  static override strict = false;

  override async run(): Promise<void> {
    const { complete } = await import('../lib/cli/completion/complete.ts');
    const { serialise } = await import('../lib/cli/completion/candidates.ts');
    const { valueSources } = await import('../lib/cli/completion/values.ts');
    const { localKnowledge } = await import('../lib/cli/completion/local-knowledge.ts');
    const words = this.argv.slice(this.argv.indexOf('--') + 1);
    const { commands, topics } = this.config;
    const sources = valueSources(commands, localKnowledge(words));
    await this.emit(serialise(await complete(words, { commands, topics }, sources)));
  }
}
