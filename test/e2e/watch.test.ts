import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY, needsBinary } from '../support/built-cli.ts';
import { LEAVES_SCREEN, SHOWS_CURSOR } from '../support/fake-screen.ts';
import { Sandbox } from '../support/run-command.ts';
import { needsTerminal, Terminal } from '../support/terminal.ts';

const watch = ['health', '--demo', '--watch', '--interval', '1s', '--fail-on', 'none'];

describe('health --watch on a terminal', { timeout: 60_000, ...needsTerminal() }, () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('reads both sides again and again, and gives the terminal back', async () => {
    using terminal = new Terminal(sandbox, watch);
    await terminal.see('TrueNAS 25.10.1');
    await terminal.see('reading');
    await terminal.see('next in');
    await terminal.press('r', 'reading');
    await terminal.press('q', 'ended with 0');
    const screen = await terminal.end();
    const left = screen.slice(screen.lastIndexOf(LEAVES_SCREEN));
    expect(left).toContain(SHOWS_CURSOR);
    // Lines are edited and echoed again, as before.
    expect(left).toMatch(/ icanon /);
    expect(left).toMatch(/ echo /);
  });

  it('gives it back when it is interrupted, too', async () => {
    using terminal = new Terminal(sandbox, watch);
    await terminal.see('next in');
    // Only who reads keys gets the next one as a key; before that it would end the shell as well.
    await terminal.press('r', 'reading');
    await terminal.press('\u0003', 'ended with 130');
    const screen = await terminal.end();
    expect(screen).not.toContain('Error');
    expect(screen.slice(screen.lastIndexOf(LEAVES_SCREEN))).toMatch(/ icanon /);
  });

  it('says what is wrong with its flags before it takes the screen', async () => {
    using terminal = new Terminal(sandbox, ['health', '--watch', '-o', 'json']);
    await terminal.see('ended with 2');
    expect(terminal.screen).toContain('USAGE');
    expect(terminal.screen).not.toContain(LEAVES_SCREEN);
  });

  it('opens in the executable, too', needsBinary(), async () => {
    using terminal = new Terminal(sandbox, watch, {}, [BINARY]);
    await terminal.see('next in');
    await terminal.press('q', 'ended with 0');
  });
});
