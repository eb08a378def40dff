import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import Orphans from '../../src/commands/orphans.ts';
import { junitFaults } from '../support/junit-schema.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';
import { runOf, sarifSchema } from '../support/sarif-schema.ts';
import { allElements, parseXml } from '../support/xml.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await Sandbox.create();
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

const run = (format: string): Promise<CommandResult> =>
  sandbox.run(Orphans, ['--demo', '-o', format]);

describe('orphans --demo for CI', () => {
  it('is a SARIF log of this version, with every finding', async () => {
    const { stdout, stderr } = await run('sarif');
    const isValid = sarifSchema();
    expect(isValid(JSON.parse(stdout)), JSON.stringify(isValid.errors)).toBe(true);
    const { tool, results } = runOf(stdout);
    expect(tool.driver.version).toBe(packageJson.version);
    const { findings } = JSON.parse((await run('json')).stdout) as { findings: { id: string }[] };
    const ids = results.map(
      ({ partialFingerprints }) => partialFingerprints['truenasMonitorFindingId/v1'],
    );
    expect(ids).toEqual(findings.map(({ id }) => id));
    expect(stderr).toBe('');
  });

  it('is a JUnit report that names no two tests alike', async () => {
    const document = parseXml((await run('junit')).stdout);
    expect(junitFaults(document)).toEqual([]);
    const names = allElements(document)
      .filter(({ name }) => name === 'testcase')
      .map(({ attributes }) => `${attributes['classname'] ?? ''} ${attributes['name'] ?? ''}`);
    expect(names.length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is Markdown with a row for every finding', async () => {
    const { stdout } = await run('markdown');
    const { stdout: names } = await run('csv');
    const rows = stdout.split('\n').filter((line) => line.startsWith('| ')).length - 2;
    expect(rows).toBe(names.trimEnd().split('\r\n').length - 1);
  });
});
