import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY, needsBinary, needsBuild, PROGRAM } from '../support/built-cli.ts';
import { needsTool } from '../support/missing-tool.ts';
import { Sandbox } from '../support/run-command.ts';

/** Runs a program on a terminal of its own. Only that of util-linux says its version, and takes these flags. */
const SCRIPT = 'script';
const hasScript = spawnSync(SCRIPT, ['--version']).status === 0;

const DEV = resolve(import.meta.dirname, '../../bin/dev.js');
const LEAVES_SCREEN = '\u001b[?1049l';
const SHOWS_CURSOR = '\u001b[?25h';

/** A shell on a terminal of 80 by 24 that says how the picker ended, and how it left the terminal. */
class Terminal implements Disposable {
  readonly #child: ChildProcess;
  readonly #waiting: (() => void)[] = [];
  #screen = '';
  #seen = 0;

  constructor(
    { directory, environment }: Sandbox,
    more: Readonly<Record<string, string>>,
    program: readonly string[] = [process.execPath, DEV],
  ) {
    const picker = `${program.map((word) => `'${word}'`).join(' ')} explain --demo`;
    const command = `stty cols 80 rows 24; ${picker}; echo "ended with $?"; stty -a`;
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
    // Its shell goes with it, and so does the picker.
    this.#child.kill('SIGTERM');
  }

  async end(): Promise<string> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    return this.#screen;
  }
}

describe('the picker on a terminal', { timeout: 60_000, ...needsTool(SCRIPT, hasScript) }, () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('walks from the worst finding to its cause, and gives the terminal back', async () => {
    using terminal = new Terminal(sandbox, {});
    await terminal.see('worst first');
    await terminal.press('\u001b[B', '> ');
    await terminal.press('\r', 'As seen in');
    await terminal.press('\u001b', 'letters filter');
    await terminal.press('q', 'ended with 0');
    const screen = await terminal.end();
    expect(screen).toContain('\u001b[31m');
    const left = screen.slice(screen.lastIndexOf(LEAVES_SCREEN));
    expect(left).toContain(LEAVES_SCREEN);
    expect(screen.slice(screen.lastIndexOf('worst first'))).toContain(SHOWS_CURSOR);
    // Lines are edited and echoed again, as before.
    expect(left).toMatch(/ icanon /);
    expect(left).toMatch(/ echo /);
  });

  it('opens in the built program, too', needsBuild(), async () => {
    using terminal = new Terminal(sandbox, {}, [process.execPath, PROGRAM]);
    await terminal.see('worst first');
    await terminal.press('\u001b[B', '> ');
    await terminal.press('\r', 'As seen in');
    await terminal.press('q', 'ended with 0');
  });

  it('opens in the executable, too', needsBinary(), async () => {
    using terminal = new Terminal(sandbox, {}, [BINARY]);
    await terminal.see('worst first');
    await terminal.press('\u001b[B', '> ');
    await terminal.press('\r', 'As seen in');
    await terminal.press('q', 'ended with 0');
  });

  it('gives it back when it is interrupted, too, and colours nothing with NO_COLOR', async () => {
    using terminal = new Terminal(sandbox, { NO_COLOR: '1' });
    await terminal.see('worst first');
    // Only who reads keys gets this one as a key; before that it would end the shell as well.
    await terminal.press('\u001b[B', '> ');
    await terminal.press('\u0003', 'ended with 130');
    const screen = await terminal.end();
    expect(screen).not.toMatch(/\u001b\[\d+m/);
    // Whoever pressed it knows.
    expect(screen).not.toContain('Error');
    const left = screen.slice(screen.lastIndexOf(LEAVES_SCREEN));
    expect(left).toMatch(/ icanon /);
  });
});
