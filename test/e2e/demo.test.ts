import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, ended, needsBuild, PROGRAM, start } from '../support/built-cli.ts';
import { expectGolden } from '../support/golden.ts';
import { Sandbox } from '../support/run-command.ts';

interface Wire {
  readonly timestamp: string;
  readonly findings: readonly { readonly id: string; readonly age_seconds: number | null }[];
}

const DAY = 86_400;

describe('the built program on the demo', needsBuild(), () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  async function report(flags: readonly string[]): Promise<Wire> {
    const { code, stdout, stderr } = await cli(sandbox, [
      'orphans',
      '--demo',
      '-o',
      'json',
      ...flags,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Wire; // the wire form has tests of its own
  }

  it('finds what is written down, exits with 0, and touches nothing but its own state', async () => {
    await using own = await Sandbox.create();
    const { code, stdout, stderr } = await cli(own, ['orphans', '--demo', '-o', 'name']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expectGolden(stdout, 'e2e', 'demo-names.txt');
    expect(await readdir(own.directory)).toEqual(['state']);
    expect(await readdir(own.path('state'))).toEqual(['truenas-monitor']);
    expect(await readdir(own.path('state', 'truenas-monitor'))).toEqual(['demo']);
  });

  it('acts on one world until it is reset, and its clock can be moved', async () => {
    const first = await report([]);
    const again = await report([]);
    expect(again.timestamp).toBe(first.timestamp);
    expect(again.findings.map(({ id }) => id)).toEqual(first.findings.map(({ id }) => id));
    const later = await report(['--demo-now', '+8d']);
    const ages = new Map(first.findings.map(({ id, age_seconds }) => [id, age_seconds]));
    for (const { id, age_seconds } of later.findings) {
      const before = ages.get(id) ?? null;
      // What was too young eight days ago is in the later report only.
      if (before !== null) expect(age_seconds).toBe(before + 8 * DAY);
    }
    expect(later.findings.length).toBeGreaterThan(first.findings.length);
    expect((await report([])).timestamp).toBe(later.timestamp);
    // A new world has no past: nothing in it was seen before.
    const anew = await report(['--demo-reset', '--max-age', '30d']);
    expect(anew.timestamp).toBe(first.timestamp);
    expect(anew.findings).toEqual(first.findings);
  });

  it('fails a pipeline on what reaches --fail-on', async () => {
    const { code, stdout } = await cli(sandbox, ['orphans', '--demo', '--fail-on', 'high']);
    expect(code).toBe(1);
    expect(stdout).toContain('SEVERITY');
  });

  it('writes a file whole, and nothing to stdout', async () => {
    const file = sandbox.path('report.json');
    const result = await cli(sandbox, ['orphans', '--demo', '-o', 'json', '--output-file', file]);
    expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ kind: 'OrphanReport' });
  });

  it('colours nothing in a pipe, unless FORCE_COLOR asks for it and NO_COLOR does not forbid it', async () => {
    const escapes = async (environment: Record<string, string>): Promise<boolean> => {
      const { stdout } = await cli(sandbox, ['orphans', '--demo'], environment);
      return stdout.includes('\x1b[');
    };
    expect(await escapes({})).toBe(false);
    expect(await escapes({ FORCE_COLOR: '1' })).toBe(true);
    expect(await escapes({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });

  it('is quiet where its reader has seen enough', async () => {
    const child = start(sandbox, [process.execPath, PROGRAM, 'orphans', '--demo', '-o', 'json']);
    child.stdout?.destroy();
    const { code, signal, stderr } = await ended(child);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  });

  it('is quiet in front of head', async () => {
    const line = `{ "$0" "$1" orphans --demo -o json; echo "ended with $?" >&2; } | head -n 1`;
    const child = start(sandbox, ['sh', '-c', line, process.execPath, PROGRAM]);
    expect(await ended(child)).toMatchObject({ stdout: '{\n', stderr: 'ended with 0\n' });
  });
});
