import { type Command } from '@oclif/core';
import { type Candidate, type Completion, NOTHING, offering, startingWith } from './candidates.ts';

/** A command as its manifest tells it. */
export type KnownCommand = Pick<
  Command.Loadable,
  'id' | 'summary' | 'description' | 'flags' | 'hidden'
>;

type KnownFlag = KnownCommand['flags'][string];

/** Where values come from. Everything is optional: a value nobody knows is completed as a file name. */
export interface ValueSources {
  /** @param typed what is there of the value already, in case only a part of it can be offered */
  flag(name: string, command: string, typed: string): Promise<Completion>;
  /** @param before arguments in front of this one */
  argument(command: string, before: readonly string[], typed: string): Promise<Completion>;
}

const HELP: readonly Candidate[] = [{ value: '--help', description: 'Show help' }];

/** First line of what a command or flag is for. What a package wrote of its own may hold templates. */
function brief(summary: string | undefined, description: string | undefined): string {
  const [line = ''] = (summary ?? description ?? '').split('\n', 1);
  return line.replaceAll('<%= config.bin %>', 'truenas-monitor');
}

/** Whether a command is reached by these words and one more at least. */
function leadsFrom(typed: readonly string[], path: readonly string[]): boolean {
  return path.length > typed.length && typed.every((word, at) => path[at] === word);
}

function words({ id }: KnownCommand): readonly string[] {
  return id.split(':');
}

/** The command these words begin with: the longest there is. */
function commandIn(
  typed: readonly string[],
  commands: readonly KnownCommand[],
): KnownCommand | undefined {
  return commands
    .filter((each) => words(each).every((word, at) => typed[at] === word))
    .toSorted((a, b) => words(b).length - words(a).length)[0];
}

/** What is known of the program. */
export interface Program {
  readonly commands: readonly KnownCommand[];
  readonly topics: readonly { readonly name: string; readonly description?: string | undefined }[];
}

/** Words that lead on to a command from here. */
function nextWords(typed: readonly string[], { commands, topics }: Program): Completion {
  const next = new Map<string, string>();
  for (const command of commands) {
    const path = words(command);
    const word = path[typed.length];
    if (command.hidden || !leadsFrom(typed, path) || word === undefined) continue;
    const isWhole = path.length === typed.length + 1;
    // Of a command that has others below it, what it is for itself says more.
    if (!isWhole && next.has(word)) continue;
    const topic = topics.find(({ name }) => name === path.slice(0, typed.length + 1).join(':'));
    next.set(
      word,
      isWhole ? brief(command.summary, command.description) : (topic?.description ?? ''),
    );
  }
  return offering([...next].map(([value, description]) => ({ value, description })));
}

/** What the words behind a command came to, up to the one with the cursor. */
interface Line {
  readonly used: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** The flag whose value is next; undefined where none is. */
  readonly awaiting: KnownFlag | undefined;
  /** `--` was typed: what follows is no flag. */
  readonly onlyArguments: boolean;
}

function isFlagWord(word: string): boolean {
  return word.startsWith('-');
}

function findFlag(word: string, { flags }: KnownCommand): KnownFlag | undefined {
  if (word.startsWith('--')) return flags[word.slice(2)];
  return Object.values(flags).find(({ char }) => char !== undefined && word === `-${char}`);
}

/** The flag of a word, whether or not a value follows it behind an equals sign. */
function flagOf(word: string, command: KnownCommand): KnownFlag | undefined {
  return findFlag(word.split('=', 1)[0] ?? '', command);
}

function readLine(typed: readonly string[], command: KnownCommand): Line {
  const end = typed.indexOf('--');
  const used = new Set<string>();
  const positionals: string[] = [];
  let awaiting: KnownFlag | undefined;
  const onlyArguments = end >= 0;
  for (const word of onlyArguments ? typed.slice(0, end) : typed) {
    if (awaiting !== undefined) {
      awaiting = undefined;
    } else if (isFlagWord(word)) {
      const flag = flagOf(word, command);
      if (flag !== undefined) used.add(flag.name);
      awaiting = flag?.type === 'option' && !word.includes('=') ? flag : undefined;
    } else {
      positionals.push(word);
    }
  }
  if (onlyArguments) positionals.push(...typed.slice(end + 1));
  return { used, positionals, awaiting, onlyArguments };
}

function offerFlags({ flags }: KnownCommand, { used }: Line): Completion {
  const own = Object.values(flags)
    .filter((flag) => flag.hidden !== true)
    .filter((flag) => !used.has(flag.name) || (flag.type === 'option' && flag.multiple === true))
    .map((flag) => ({
      value: `--${flag.name}`,
      description: brief(flag.summary, flag.description),
    }));
  return offering([...own, ...HELP]);
}

async function completeBehind(
  command: KnownCommand,
  line: Line,
  typed: string,
  sources: ValueSources,
): Promise<Completion> {
  if (line.awaiting !== undefined) {
    return startingWith(typed, await valuesOf(line.awaiting, command, typed, sources));
  }
  if (!line.onlyArguments && isFlagWord(typed)) {
    const [name = '', ...rest] = typed.split('=');
    if (rest.length === 0) return startingWith(typed, offerFlags(command, line));
    const flag = findFlag(name, command);
    const value = rest.join('=');
    if (flag?.type !== 'option') return NOTHING;
    return startingWith(value, await valuesOf(flag, command, value, sources), `${name}=`);
  }
  return startingWith(typed, await sources.argument(command.id, line.positionals, typed));
}

/** Values of a flag; several of one that takes a list are separated by commas, and the last is being typed. */
async function valuesOf(
  flag: KnownFlag,
  command: KnownCommand,
  typed: string,
  sources: ValueSources,
): Promise<Completion> {
  if (flag.type !== 'option') return NOTHING;
  if (flag.options !== undefined) return offering(flag.options.map((value) => ({ value })));
  const comma = flag.multiple === true ? typed.lastIndexOf(',') + 1 : 0;
  const { candidates, directive } = await sources.flag(flag.name, command.id, typed.slice(comma));
  const before = typed.slice(0, comma);
  return {
    candidates: candidates.map((each) => ({ ...each, value: `${before}${each.value}` })),
    directive,
  };
}

/**
 * What may stand where the cursor is.
 *
 * @param typed the words behind the program's name; the last is the one with the cursor, and may be empty
 */
export async function complete(
  typed: readonly string[],
  program: Program,
  sources: ValueSources,
): Promise<Completion> {
  const before = typed.slice(0, -1);
  const current = typed.at(-1) ?? '';
  const command = commandIn(before, program.commands);
  if (command !== undefined) {
    const typedBehind = before.slice(words(command).length);
    const line = readLine(typedBehind, command);
    const completion = await completeBehind(command, line, current, sources);
    if (typedBehind.length > 0 || isFlagWord(current)) return completion;
    const below = startingWith(current, nextWords(before, program));
    return { ...completion, candidates: [...below.candidates, ...completion.candidates] };
  }
  if (before.some(isFlagWord)) return NOTHING;
  const global =
    before.length === 0 ? [...HELP, { value: '--version', description: 'Show the version' }] : HELP;
  return startingWith(current, isFlagWord(current) ? offering(global) : nextWords(before, program));
}
