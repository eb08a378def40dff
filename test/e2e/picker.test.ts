import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY, needsBinary, needsBuild, PROGRAM } from '../support/built-cli.ts';
import { LEAVES_SCREEN, SHOWS_CURSOR } from '../support/fake-screen.ts';
import { Sandbox } from '../support/run-command.ts';
import { needsTerminal, Terminal } from '../support/terminal.ts';

const picker = ['explain', '--demo'];

describe('the picker on a terminal', { timeout: 60_000, ...needsTerminal() }, () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('walks from the worst finding to its cause, and gives the terminal back', async () => {
    using terminal = new Terminal(sandbox, picker);
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
    using terminal = new Terminal(sandbox, picker, {}, [process.execPath, PROGRAM]);
    await terminal.see('worst first');
    await terminal.press('\u001b[B', '> ');
    await terminal.press('\r', 'As seen in');
    await terminal.press('q', 'ended with 0');
  });

  it('opens in the executable, too', needsBinary(), async () => {
    using terminal = new Terminal(sandbox, picker, {}, [BINARY]);
    await terminal.see('worst first');
    await terminal.press('\u001b[B', '> ');
    await terminal.press('\r', 'As seen in');
    await terminal.press('q', 'ended with 0');
  });

  it('gives it back when it is interrupted, too, and colours nothing with NO_COLOR', async () => {
    using terminal = new Terminal(sandbox, picker, { NO_COLOR: '1' });
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
