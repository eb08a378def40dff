import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command } from '@oclif/core';
import { expect, test } from 'vitest';

/* Whoever pastes a line of the documents should not be told that there is no such flag. */

const root = path.join(import.meta.dirname, '..');
const documents = globSync(['*.md', 'docs/**/*.md', 'docs/**/*.{yaml,yml}'], { cwd: root }).sort();

const GLOBAL = ['help', 'version'];

async function flagsByCommand(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const files = globSync('**/*.ts', { cwd: path.join(root, 'src/commands') });
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const module = (await import(path.join(root, 'src/commands', file))) as {
          default: typeof Command;
        };
        const { flags, baseFlags } = module.default;
        const all = Object.entries({ ...flags, ...baseFlags }).flatMap(([name, { char }]) =>
          char === undefined ? [`--${name}`] : [`--${name}`, `-${char}`],
        );
        const name = file
          .replace(/\.ts$/, '')
          .replace(/\/index$/, '')
          .replaceAll('/', ' ');
        return [name, new Set(all)] as const;
      }),
    ),
  );
}

/** Lines that run this tool, in blocks of a shell; a line that goes on is one. The generated reference is shown, not pasted. */
function commandLines(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8').replace(
    /<!-- commands:.*<!-- \/commands -->/s,
    '',
  );
  const shells = file.endsWith('.md')
    ? [...text.matchAll(/```(?:sh|console|bash|yaml)\n(.*?)```/gs)].map(([, block = '']) => block)
    : [text];
  return shells
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .flatMap((line) => line.replace(/\s#.*$/, '').split(/&&|\|\|?|;|\$\(/))
    .map((part) => part.trim().replace(/^[-$]\s*(?:run:\s*)?/, ''))
    .filter((part) => /^(?:kubectl )?truenas-monitor(?:\s|$)/.test(part))
    .map((part) => part.replace(/^(?:kubectl )?truenas-monitor\s*/, ''));
}

const known = await flagsByCommand();

/** The longest name of a command that the words begin with. */
function commandOf(words: readonly string[]): string | undefined {
  return [3, 2, 1]
    .map((length) => words.slice(0, length).join(' '))
    .find((name) => known.has(name));
}

function complaintsOf(line: string): string[] {
  const words = line
    .replaceAll(/"[^"]*"|'[^']*'/g, 'x')
    .split(/\s+/)
    .filter(Boolean);
  if (words.length === 0 || words[0] === 'autocomplete' || words[0] === 'help') return [];
  const flags = words
    .filter((word) => /^-{1,2}[a-z]/i.test(word))
    .map((word) => word.split('=', 1)[0] ?? '');
  const command = commandOf(words);
  if (command === undefined) {
    const isGlobal =
      flags.length === words.length && flags.every((f) => GLOBAL.includes(f.slice(2)));
    return isGlobal ? [] : [`no command: ${line}`];
  }
  const has = known.get(command) ?? new Set();
  return flags
    .filter((flag) => !has.has(flag) && !GLOBAL.includes(flag.slice(2)))
    .map((flag) => `${command} has no ${flag}: ${line}`);
}

test('the documents show commands of this tool at all', () => {
  const lines = documents.flatMap(commandLines);
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter((line) => line.startsWith('cleanup')).length).toBeGreaterThan(10);
});

test.each(documents)('%s shows commands and flags that exist', (file) => {
  expect(commandLines(file).flatMap(complaintsOf)).toEqual([]);
});
