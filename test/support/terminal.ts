import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { needsTool } from './missing-tool.ts';
import { type Sandbox } from './run-command.ts';

/** Runs a program on a terminal of its own. Only that of util-linux says its version, and takes these flags. */
const SCRIPT = 'script';
const hasScript = spawnSync(SCRIPT, ['--version']).status === 0;

const DEV = resolve(import.meta.dirname, '../../bin/dev.js');

export function needsTerminal(): ReturnType<typeof needsTool> {
  return needsTool(SCRIPT, hasScript);
}

/** A shell on a terminal of 80 by 24 that says how a command ended, and how it left the terminal. */
export class Terminal implements Disposable {
  readonly #child: ChildProcess;
  readonly #waiting: (() => void)[] = [];
  #screen = '';
  #seen = 0;

  constructor(
    { directory, environment }: Sandbox,
    argv: readonly string[],
    more: Readonly<Record<string, string>> = {},
    program: readonly string[] = [process.execPath, DEV],
  ) {
    const line = [...program, ...argv].map((word) => `'${word}'`).join(' ');
    const command = `stty cols 80 rows 24; ${line}; echo "ended with $?"; stty -a`;
    this.#child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
      cwd: directory,
      env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...environment, ...more },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#screen += text;
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  get screen(): string {
    return this.#screen;
  }

  /** Waits for a text after what was seen before. */
  async see(text: string): Promise<void> {
    while (!stripVTControlCharacters(this.#screen.slice(this.#seen)).includes(text)) {
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
    this.#seen = this.#screen.length;
  }

  async press(keys: string, text: string): Promise<void> {
    this.#seen = this.#screen.length;
    this.#child.stdin?.write(keys);
    await this.see(text);
  }

  [Symbol.dispose](): void {
    // Its shell goes with it, and so does the command.
    this.#child.kill('SIGTERM');
  }

  async end(): Promise<string> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    return this.#screen;
  }
}
