import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestOptions } from 'vitest';
import { needsTool } from './missing-tool.ts';
import { type Sandbox } from './run-command.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The program as it is installed; it runs what was built last. */
export const PROGRAM = resolve(ROOT, 'bin/run.js');

/** Options of a test that runs the built program: `npm run check` builds before it tests. */
export function needsBuild(): TestOptions {
  return needsTool('npm run build', existsSync(resolve(ROOT, 'dist/commands/orphans.js')));
}

/** The executable that needs nothing beside it. */
export const BINARY = resolve(ROOT, 'dist/truenas-monitor');

/** Options of a test that runs the executable: `npm run check` makes it before it tests. */
export function needsBinary(): TestOptions {
  return needsTool('npm run build:binary', existsSync(BINARY));
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of its own, with nothing of this one's surroundings but the way to its programs. */
export function start(
  { directory, environment }: Sandbox,
  command: readonly [program: string, ...argv: string[]],
  more: Readonly<Record<string, string>> = {},
): ChildProcess {
  const [program, ...argv] = command;
  return spawn(program, argv, {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', ...environment, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for a process to end, and returns what it said. */
export async function ended(child: ChildProcess): Promise<CliResult> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { ...said, code, signal };
}

/** Runs the built program to its end. */
export async function cli(
  sandbox: Sandbox,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return await ended(start(sandbox, [process.execPath, PROGRAM, ...argv], environment));
}
