import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, ended, needsBuild, PROGRAM, start } from '../support/built-cli.ts';
import { Sandbox } from '../support/run-command.ts';

describe('the history of the built program', needsBuild(), () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  /** Runs a line of a shell in which `tm` is the program. */
  async function shell(line: string): Promise<CliResult> {
    const script = `tm() { "$0" "${PROGRAM}" "$@"; }; ${line}`;
    return await ended(start(sandbox, ['sh', '-c', script, process.execPath]));
  }

  it('goes from one machine to another through a pipe', async () => {
    const { code, stdout, stderr } = await shell(
      'tm history export --demo --demo-state a | tm history import -',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\d,]{4,} records added, 0 records there already\n$/);
  });

  it('is not half there where the pipe breaks', async () => {
    const { code, stderr } = await shell(
      'tm history export --demo --demo-state a | head -n 20 | XDG_DATA_HOME=$PWD/c tm history import -',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('Error: stdin was cut short: its last line is missing');
    expect(stderr).not.toContain('EPIPE');
    const { stdout } = await shell('XDG_DATA_HOME=$PWD/c tm history status -o json');
    expect(JSON.parse(stdout)).toMatchObject({ scans: 0, pools: 0, points: 0 });
  });

  it('needs nobody to read the export to its end', async () => {
    const { code, stdout, stderr } = await shell(
      'tm history export --demo --demo-state a | head -n 1',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('"kind":"HistoryExport"');
  });
});
