import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Explain from '../../src/commands/explain.ts';
import Orphans from '../../src/commands/orphans.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { startSite } from '../support/command-site.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await Sandbox.create();
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

function explain(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return sandbox.run(Explain, argv, environment);
}

interface Parsed {
  readonly kind: string;
  readonly complete: boolean;
  readonly chains: readonly {
    readonly subjects: readonly { readonly name: string }[];
    readonly rules: readonly {
      readonly rule: string;
      readonly state: string;
      readonly finding: { readonly id: string } | null;
    }[];
  }[];
}

function parsed({ stdout }: CommandResult): Parsed {
  return JSON.parse(stdout) as Parsed; // the wire form has tests of its own
}

function reportedBy({ chains }: Parsed): string[] {
  return chains.flatMap(({ rules }) =>
    rules.flatMap(({ state, finding }) => (state === 'reported' && finding ? finding.id : [])),
  );
}

describe('explain --demo', () => {
  it('has a chain for everything orphans names, and reports of it what orphans reports', async () => {
    const orphans = await sandbox.run(Orphans, ['--demo', '-o', 'json']);
    const { findings } = JSON.parse(orphans.stdout) as {
      findings: { id: string; rule: string; name: string }[];
    };
    const rules = new Map(findings.map((finding) => [finding.rule, finding]));
    expect(rules.size).toBeGreaterThan(5);
    // One of each rule: they differ in where a chain begins.
    for (const { id, name } of rules.values()) {
      const result = await explain([id, '--demo', '--max-age', '1h']);
      expect({ code: result.exitCode, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
      const explanation = parsed(result);
      expect(explanation.chains[0]?.subjects.map((subject) => subject.name)).toEqual([name]);
      expect(reportedBy(explanation)).toContain(id);
    }
  });

  it('takes what orphans -o name prints', async () => {
    const { stdout } = await sandbox.run(Orphans, ['--demo', '-o', 'name', '--max-age', '1h']);
    const names = stdout.trim().split('\n');
    const kinds = new Map(names.map((name) => [name.split('/', 1)[0], name]));
    for (const name of kinds.values()) {
      const result = await explain([name, '--demo', '--max-age', '1h']);
      expect(result, name).toMatchObject({ exitCode: 0, stderr: '' });
      expect(reportedBy(parsed(result)).length).toBeGreaterThan(0);
    }
  });

  it('is JSON in a pipe, and a tree or YAML where asked for', async () => {
    const [claim] = ['pvc/nextcloud/nextcloud-data'];
    expect(parsed(await explain([claim, '--demo'])).kind).toBe('Explanation');
    const tree = await explain(['pvc', 'nextcloud/nextcloud-data', '--demo', '-o', 'tree']);
    expect(tree.stdout).toMatch(/^pvc\/nextcloud\/nextcloud-data \(asked for\)/m);
    expect(tree.stdout).not.toContain('\u001b');
    const yaml = await explain([claim, '--demo', '-o', 'yaml']);
    expect(yaml.stdout).toMatch(/^kind: Explanation$/m);
    const colour = await explain([claim, '--demo', '-o', 'tree'], { FORCE_COLOR: '1' });
    expect(colour.stdout).toContain('\u001b[1m');
    const none = await explain([claim, '--demo', '-o', 'tree', '--no-color'], { FORCE_COLOR: '1' });
    expect(none.stdout).not.toContain('\u001b');
  });

  it('writes a file', async () => {
    const file = sandbox.path('explanation.json');
    const result = await explain(['pvc/nextcloud/nextcloud-data', '--demo', '--output-file', file]);
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ kind: 'Explanation' });
  });
});

describe('explain', () => {
  it.each([
    [[], 'nothing to explain is named', 'Name a finding id'],
    [['-o', 'tree'], 'nothing to explain is named', 'lets you pick'],
    [['pv/x', '-o', 'table'], 'unknown output format "table"', 'tree, json, yaml'],
    [['pvv', 'x'], 'there is no type "pvv"', 'Did you mean pv?'],
    [['pv/no-such-volume'], 'there is no pv/no-such-volume', 'Write a finding id'],
    [['0000000000000000'], 'no rule has anything to say', 'Its object is gone'],
    [['a', 'b', 'c'], 'unexpected argument', 'explain --help'],
  ])('refuses %j with 2 and a way out', async (argv, message, remedy) => {
    const { exitCode, stdout, stderr } = await explain([...argv, '--demo']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
    expect(stderr).toContain(remedy);
  });

  it('ends with 3 where not everything could be read: silence proves little', async () => {
    await using site = await startSite(sandbox, demo.build('25.10'));
    site.kubernetes.faults.status = { pods: { status: 403 } };
    const result = await explain(['pvc/nextcloud/nextcloud-data', '-o', 'tree'], site.environment);
    expect(result.exitCode).toBe(3);
    expect(result.stdout).toContain('INCOMPLETE');
    expect(result.stdout).toContain('UNKNOWN  Pod: cannot be told');
    for (const secret of site.secrets) expect(result.stdout + result.stderr).not.toContain(secret);
  });
});
