import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Interfaces } from '@oclif/core';

type Cached = Interfaces.Manifest['commands'];

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Commit the sources are of, with a mark where they were changed since; undefined outside a checkout. */
export function commitOf(root: string): string | undefined {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return `${git('rev-parse', '--short=12', 'HEAD').trim()}${changed ? '.changed' : ''}`;
  } catch {
    // Not a failure: a source archive has no history, and then the version says nothing of it.
    return undefined;
  }
}

/** What the executable has to know of itself. */
interface Program {
  readonly version: string;
  readonly manifest: Cached;
  readonly pjson: Interfaces.PJSON;
  /** Files of the commands, by id. */
  readonly commandFiles: Readonly<Record<string, string>>;
  readonly hookFiles: Readonly<Record<string, string>>;
}

const HOOKS = 'command_not_found';

function existsIn(root: string): (file: string) => boolean {
  return (file) => existsSync(path.join(root, file));
}

/** The source of a command: one that has others below it is the index of their folder. */
export function commandFile(id: string, exists: (file: string) => boolean): string {
  const name = `src/commands/${id.replaceAll(':', '/')}`;
  return exists(`${name}.ts`) ? `${name}.ts` : `${name}/index.ts`;
}

/** Reads the manifest of the last build: `npm run build` makes it from the commands. */
export async function readProgram(root: string): Promise<Program> {
  const pjson = (await readJson(path.join(root, 'package.json'))) as Interfaces.PJSON;
  const own = (await readJson(path.join(root, 'oclif.manifest.json'))) as Interfaces.Manifest;
  const helpFolder = path.join(root, 'node_modules/@oclif/plugin-help');
  const help = (await readJson(
    path.join(helpFolder, 'oclif.manifest.json'),
  )) as Interfaces.Manifest;
  const fileOf = (id: string): string => path.join(root, commandFile(id, existsIn(root)));
  const commit = commitOf(root);
  return {
    version: commit === undefined ? pjson.version : `${pjson.version}+${commit}`,
    manifest: { ...own.commands, ...help.commands },
    pjson: { name: pjson.name, version: pjson.version, oclif: pjson.oclif },
    commandFiles: {
      ...Object.fromEntries(Object.keys(own.commands).map((id) => [id, fileOf(id)])),
      help: path.join(helpFolder, 'lib/commands/help.js'),
    },
    hookFiles: { [HOOKS]: path.join(root, 'src/lib/cli/unknown-command.ts') },
  };
}

function loaders(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(
    ([id, file]) => `  ${JSON.stringify(id)}: () => import(${JSON.stringify(file)}),`,
  );
  return `{\n${entries.join('\n')}\n}`;
}

/** The module `virtual:program`. Objects travel as text: V8 parses JSON faster than code. */
export function programModule({ version, manifest, pjson, ...files }: Program): string {
  const literal = (value: unknown): string =>
    `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
  return [
    `export const version = ${JSON.stringify(version)};`,
    `export const pjson = ${literal(pjson)};`,
    `export const manifest = ${literal(manifest)};`,
    `export const commands = ${loaders(files.commandFiles)};`,
    `export const hooks = ${loaders(files.hookFiles)};`,
    '',
  ].join('\n');
}
