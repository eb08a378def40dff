import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ended, needsBuild, PROGRAM, start } from '../support/built-cli.ts';
import { LEAVES_SCREEN, SHOWS_CURSOR } from '../support/fake-screen.ts';
import { Sandbox } from '../support/run-command.ts';
import { needsTerminal, Terminal } from '../support/terminal.ts';

const BUILT = [process.execPath, PROGRAM];
const WALK = ['cleanup', '--demo', '--rule', 'dataset-unclaimed'];
/** Keys count only when an item has stood there for a moment; then it says which there are. */
const ARMED = 's skips it';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.create();
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
});

async function said(...argv: readonly string[]): Promise<string> {
  const result = await ended(
    start(sandbox, [process.execPath, PROGRAM, 'cleanup', ...argv, '--demo']),
  );
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

/** What is left on the screen once the walk has given it back. */
function afterwards(screen: string): string {
  const left = screen.slice(screen.lastIndexOf(LEAVES_SCREEN));
  expect(left).toContain(SHOWS_CURSOR);
  // Lines are edited and echoed again, as before.
  expect(left).toMatch(/ icanon /);
  expect(left).toMatch(/ echo /);
  return stripVTControlCharacters(left).replaceAll('\r\n', '\n');
}

describe('walking through a plan on a terminal', { timeout: 120_000, ...needsTerminal() }, () => {
  it(
    'plans, asks whether that is agreed to, does one item and skips the other',
    needsBuild(),
    async () => {
      using terminal = new Terminal(sandbox, WALK, {}, BUILT);
      await terminal.see('Approve it and walk through it?');
      await terminal.press('y\r', ARMED);
      await terminal.press('y', ARMED);
      expect(terminal.screen).toContain('Item 2 of 2');
      await terminal.press('s', 'ended with 1');
      const left = afterwards(await terminal.end());
      expect(left).toContain('declined');
      expect(left.match(/^done /gm)).toHaveLength(2);
      for (const line of left.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
      expect(await said('history', '-o', 'name')).toMatch(/^\S+\n$/);
    },
  );

  it(
    'changes nothing where nobody agrees, or q is pressed at the first item',
    needsBuild(),
    async () => {
      using refused = new Terminal(sandbox, WALK, {}, BUILT);
      await refused.see('Approve it and walk through it?');
      await refused.press('\r', 'ended with 0');
      expect(await said('history', '-o', 'name')).toBe('');
      using left = new Terminal(sandbox, WALK, { NO_COLOR: '1' }, BUILT);
      await left.see('Approve it and walk through it?');
      await left.press('y\r', ARMED);
      await left.press('q', 'ended with 3');
      const screen = await left.end();
      expect(screen).not.toMatch(/\u001b\[\d+m/);
      const end = afterwards(screen);
      expect(end).toContain('STOPPED: you stopped it');
      expect(end).toContain('4 steps: 4 not begun');
    },
  );

  it('Ctrl-C stops it, and the same command goes on', needsBuild(), async () => {
    await said('plan', '--rule', 'dataset-unclaimed');
    await said('approve');
    const apply = ['cleanup', 'apply', '--demo', '--execute'];
    using terminal = new Terminal(sandbox, apply, {}, BUILT);
    await terminal.see(ARMED);
    await terminal.press('y', ARMED);
    await terminal.press('\u0003', 'ended with 130');
    expect(afterwards(await terminal.end())).toContain('STOPPED: it was interrupted');
    using again = new Terminal(sandbox, apply, {}, BUILT);
    await again.see(ARMED);
    await again.press('\r', 'ended with 0');
  });

  it('destroys only what was typed by its whole name', needsBuild(), async () => {
    await said('plan', '--rule', 'dataset-unclaimed');
    await said('approve');
    await said('apply', '--execute');
    const due = await said(
      'plan',
      '--demo-now',
      '+8d',
      '--rule',
      'dataset-quarantined',
      '-o',
      'json',
    );
    const { items } = JSON.parse(due) as { items: readonly { subject: { name: string } }[] };
    const name = items[0]?.subject.name ?? '';
    await said('approve');
    using terminal = new Terminal(sandbox, ['cleanup', 'apply', '--demo', '--execute'], {}, BUILT);
    await terminal.see(ARMED);
    await terminal.press('y', 'type its name');
    await terminal.press(name.slice(0, -1), '_');
    await terminal.press('\r', 'That is not its name');
    await terminal.press(name, '_');
    await terminal.press('\r', 'ended with 0');
    expect(afterwards(await terminal.end())).toMatch(/done .*\n/);
  });
});

const README = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');

/** The commands of each block below a heading. */
function blocksBelow(heading: string): readonly string[] {
  const [, rest = ''] = README.split(`\n## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, commands = '']) => commands);
}

describe('what the README says of clean-up', { timeout: 120_000, ...needsBuild() }, () => {
  it('works as it stands there, one block after the other', async () => {
    const blocks = blocksBelow('Clean up');
    expect(blocks).toHaveLength(2);
    const program = `truenas-monitor() { '${process.execPath}' '${PROGRAM}' "$@"; }`;
    for (const [index, block] of blocks.entries()) {
      const result = await ended(start(sandbox, ['bash', '-ec', `${program}\n${block}`]));
      // The rollback says what it leaves as it is.
      expect(result, result.stdout).toMatchObject({ code: index === 0 ? 1 : 0, stderr: '' });
      expect(result.stdout).toContain(index === 0 ? 'rolled back' : 'Destroy ');
    }
  });
});
