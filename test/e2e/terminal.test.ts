import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, needsBuild, PROGRAM, start } from '../support/built-cli.ts';
import { needsTool } from '../support/missing-tool.ts';
import { Sandbox } from '../support/run-command.ts';

/** Runs a program on a terminal of its own. Only that of util-linux says its version, and takes these flags. */
const SCRIPT = 'script';
const hasScript = spawnSync(SCRIPT, ['--version']).status === 0;

describe('the built program on a terminal', needsBuild(), () => {
  describe.each([80, 200])('of %i columns', needsTool(SCRIPT, hasScript), (columns) => {
    let sandbox: Sandbox;
    let screen: string;

    beforeAll(async () => {
      sandbox = await Sandbox.create();
      const command = `stty cols ${columns} rows 50; '${process.execPath}' '${PROGRAM}' orphans --demo`;
      const child = start(sandbox, [SCRIPT, '-qefc', command, '/dev/null'], { TERM: 'xterm' });
      const { code, stdout } = await ended(child);
      expect(code).toBe(0);
      screen = stdout.replaceAll('\r\n', '\n');
    });

    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
    });

    it('is never wider than it', () => {
      // A line is rewritten from its start; what is left of it is what comes last.
      const lines = stripVTControlCharacters(screen)
        .split('\n')
        .map((line) => line.slice(line.lastIndexOf('\r') + 1));
      expect(lines.some((line) => line.startsWith('SEVERITY'))).toBe(true);
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
    });

    it('colours severities, shows how far it is, and leaves no trace of that', () => {
      expect(screen).toMatch(/\x1b\[\d+m(?:critical|high)/);
      const progress = screen.lastIndexOf('\x1b[2K');
      expect(progress).toBeGreaterThan(0);
      expect(screen.slice(0, progress)).toMatch(/read \w+ \d+\/\d+/);
      expect(screen.slice(progress)).not.toMatch(/read \w+ \d+\/\d+/);
    });
  });

  it('breaks errors between words', needsTool(SCRIPT, hasScript), async () => {
    await using sandbox = await Sandbox.create();
    const command = `stty cols 60 rows 20; '${process.execPath}' '${PROGRAM}' explain --demo pv/no-such-volume`;
    const child = start(sandbox, [SCRIPT, '-qefc', command, '/dev/null'], { TERM: 'xterm' });
    const { code, stdout } = await ended(child);
    expect(code).toBe(2);
    const said = stripVTControlCharacters(stdout).replaceAll('\r\n', '\n');
    const lines = said
      .slice(said.indexOf('Error: '))
      .split('\n')
      .map((line) => line.trimEnd());
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(60);
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain('an object as -o name prints it');
  });
});
