import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const DEV = resolve(import.meta.dirname, '../../bin/dev.js');

async function run(...argv: string[]): Promise<{ code: unknown; stderr: string }> {
  const child = spawn(process.execPath, [DEV, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  const stderr = await text(child.stderr);
  await closed;
  return { code: child.exitCode, stderr };
}

describe('a command that does not exist', () => {
  it('is answered with the one that was meant', async () => {
    const { code, stderr } = await run('orfans');
    expect(code).toBe(2);
    expect(stderr).toBe(`Error: there is no command "orfans"
What to do:
  1. Did you mean truenas-monitor orphans?
  2. Use one of analyze, autocomplete, cleanup, cleanup adopt, cleanup apply, cleanup approve, cleanup history, cleanup plan, cleanup rollback, config check, config init, config view, explain, health, help, history export, history import, history prune, history status, orphans, report, serve, validate; see truenas-monitor --help.
`);
  });

  it('is told from an argument that a command does not take', async () => {
    const { code, stderr } = await run('orphans', 'tank');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'Error: orphans takes no argument "tank"\nWhat to do: See every option: truenas-monitor orphans --help.\n',
    );
  });
});
