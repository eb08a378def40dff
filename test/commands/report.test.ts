import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Orphans from '../../src/commands/orphans.ts';
import Report from '../../src/commands/report.ts';
import { type FullReportWire } from '../../src/lib/core/render/wire/full-report-schema.ts';
import { addOne, addSound, newSite } from '../../src/lib/lab/scenario/build/site.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { type CommandSite, startSite } from '../support/command-site.ts';
import { publishedSchema } from '../support/json-schema.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';
import { needsTerminal, Terminal } from '../support/terminal.ts';

let sandbox: Sandbox;
let site: CommandSite;

/** A few volumes, and one whose claim is gone. */
function world(): World {
  const built = newSite('25.10');
  addSound(built.nfs, 4);
  addOne(built.nfs, 'apps/released', { gone: ['claim'] });
  return built.stage.world;
}

beforeAll(async () => {
  sandbox = await Sandbox.create();
  site = await startSite(sandbox, world());
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

async function run(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return await sandbox.run(Report, argv, { ...site.environment, ...environment });
}

async function directory(name: string): Promise<string> {
  const path = sandbox.path(name);
  await mkdir(path, { recursive: true });
  return path;
}

function parsed({ stdout }: CommandResult): FullReportWire {
  return JSON.parse(stdout) as FullReportWire; // the schema has a test of its own
}

describe('report', () => {
  it('writes Markdown to stdout where nothing else is asked for', async () => {
    const { stdout, exitCode } = await run([]);
    expect(stdout).toMatch(/^# Storage report\n/);
    expect(stdout).toContain('## Capacity and forecast');
    expect(stdout).toContain('pv-released');
    expect(exitCode).toBe(0);
  });

  it('says as JSON what its schema says, with every part from one scan', async () => {
    const said = parsed(await run(['-o', 'json']));
    const validate = publishedSchema('storage-report');
    validate(said);
    expect(validate.errors).toBeNull();
    const { orphans, analysis, validation, health } = said;
    for (const { timestamp } of [orphans, analysis, validation, health]) {
      expect(timestamp).toBe(said.timestamp);
    }
    expect(orphans.findings.length).toBeGreaterThan(0);
    expect(analysis.volumes).toHaveLength(5);
    expect(validation.total_checks).toBeGreaterThan(10);
    expect(health.total_checks).toBeGreaterThan(5);
  });

  it('writes every format into a directory, and nothing else', async () => {
    const path = await directory('all');
    const { stdout, exitCode } = await run([
      ...['-o', 'html,pdf,markdown', '-o', 'json,yaml,csv'],
      ...['--output-file', `${path}/`, '--paper', 'Letter'],
    ]);
    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
    const names = (await readdir(path)).sort();
    expect(names.filter((name) => !name.endsWith('.csv'))).toEqual(
      ['html', 'json', 'md', 'pdf', 'yaml'].map((ending) => `truenas-monitor-report.${ending}`),
    );
    expect(names).toContain('truenas-monitor-report-findings.csv');
    expect(names).toContain('truenas-monitor-report-volumes.csv');
    const pdf = await readFile(`${path}/truenas-monitor-report.pdf`);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('makes the directory it writes into, but none above it', async () => {
    const path = sandbox.path('made');
    expect((await run(['-o', 'html,json', '--output-file', `${path}/`])).exitCode).toBe(0);
    expect((await readdir(path)).sort()).toEqual([
      'truenas-monitor-report.html',
      'truenas-monitor-report.json',
    ]);
  });

  it('makes no directory where there is nothing to write', async () => {
    const path = sandbox.path('unmade');
    const { exitCode } = await run(['--output-file', `${path}/`], {
      TRUENAS_URL: 'http://127.0.0.1:1',
    });
    expect(exitCode).toBe(2);
    await expect(readdir(path)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['page.html', '<!doctype html>'],
    ['page.md', '# Storage report'],
    ['page.yml', 'schema_version: 1'],
    ['page.csv', 'id,rule,category'],
  ])('knows by the name of %s what to write', async (name, start) => {
    await run(['--output-file', sandbox.path(name)]);
    expect(await readFile(sandbox.path(name), 'utf8')).toMatch(new RegExp(`^${start}`));
  });

  it('tells what changed since the last report it made', async () => {
    await run(['-o', 'json']);
    const { changes, timestamp } = parsed(await run(['-o', 'json']));
    expect(changes).toMatchObject({ new: [], fixed: [], unknown: [] });
    expect(changes?.since.localeCompare(timestamp)).toBe(-1);
  });

  it('is not looked back on where it was filtered, or tells nothing of changes', async () => {
    const before = parsed(await run(['-o', 'json']));
    await run(['-o', 'json', '--min-severity', 'high']);
    await run(['--sections', 'volumes']);
    expect(parsed(await run(['-o', 'json'])).changes?.since).toBe(before.timestamp);
  });

  it('compares with what report and orphans wrote before', async () => {
    const orphans = sandbox.path('orphans.yaml');
    await sandbox.run(Orphans, ['-o', 'yaml', '--output-file', orphans], site.environment);
    const { comparison } = parsed(await run(['-o', 'json', '--compare', orphans]));
    expect(comparison).toMatchObject({ new: [], fixed: [], unknown: [], remarks: [] });
    expect(comparison?.unchanged.length).toBeGreaterThan(0);
  });

  it('shows severe findings alone, and counts them alone', async () => {
    const { orphans, validation } = parsed(await run(['-o', 'json', '--min-severity', 'critical']));
    expect(orphans.findings).toEqual([]);
    expect(orphans.summary.total_orphans).toBe(0);
    expect(validation.results.every(({ severity }) => severity === 'CRITICAL')).toBe(true);
  });

  it('ends with 1 where a finding reaches --fail-on', async () => {
    expect((await run(['--fail-on', 'low'])).exitCode).toBe(1);
  });

  it('ends with 3 where something could not be read, and says so first', async () => {
    await using own = await Sandbox.create();
    await using blind = await startSite(own, world());
    blind.kubernetes.cluster.forbidden = ['persistentvolumes'];
    const { stdout, exitCode } = await own.run(Report, ['--fail-on', 'none'], blind.environment);
    expect(exitCode).toBe(3);
    const [summary = ''] = stdout.split('## What changed');
    expect(summary).toContain('**Coverage**: INCOMPLETE');
    expect(summary).toContain('**Problem**: INCOMPLETE');
  });

  it('is the same from the same kept scan', async () => {
    const age = ['--max-age', '1h', '--sections', 'findings,capacity,volumes,coverage'];
    await run(age);
    const [first, second] = [await run(age), await run(age)];
    expect(first.stdout).toContain('nothing was read for this report');
    expect(second.stdout).toBe(first.stdout);
  });
});

describe('report, asked for what it cannot do', () => {
  it.each<[name: string, argv: readonly string[], message: string, advice: string]>([
    ['an unknown format', ['-o', 'htm'], '--output does not take "htm"', 'html?'],
    ['an unknown section', ['--sections', 'volums'], '--sections does not take', 'volumes?'],
    ['no section', ['--sections', ''], '--sections does not take ""', 'Use one of'],
    ['no number of days', ['--days', '0'], '--days does not take "0"', 'whole number'],
    ['several formats on stdout', ['-o', 'html,json'], 'do not fit into stdout', 'directory'],
    [
      'several formats in a file',
      ['-o', 'html,json', '--output-file', 'page.html'],
      'do not fit into the file',
      'directory',
    ],
    [
      'a directory in one that is not there',
      ['--output-file', 'nowhere/reports/'],
      'there is no directory',
      'mkdir',
    ],
    [
      'a file in a directory that is not there',
      ['--output-file', 'nowhere/page.html'],
      'cannot be written',
      'a directory that exists',
    ],
    [
      'a file of no known format',
      ['--output-file', 'page.doc'],
      'nothing says which format',
      'Add -o',
    ],
    [
      'several tables on stdout',
      ['-o', 'csv', '--sections', 'capacity'],
      'a CSV file holds one table',
      '--output-file DIR/',
    ],
    [
      'a table of a section without one',
      ['-o', 'csv', '--sections', 'methods'],
      'no table belongs to the sections methods',
      'another section',
    ],
    [
      'to compare with what is not there',
      ['--compare', 'nothing.json'],
      'there is no such file',
      'Name a file',
    ],
    ['paper nobody has', ['--paper', 'A3'], '--paper does not take "A3"', 'A4'],
    ['a filter of other commands', ['--type', 'pv'], 'there is no flag --type', '--help'],
  ])('refuses %s before it reads anything', async (_, argv, message, advice) => {
    const { stdout, stderr, exitCode } = await run(argv, { TRUENAS_URL: 'http://127.0.0.1:1' });
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(advice);
    expect(exitCode).toBe(2);
  });

  it('refuses a report of another estate, and writes nothing', async () => {
    const { orphans } = parsed(await run(['-o', 'json']));
    const foreign = {
      ...orphans,
      clusters: [{ ...orphans.clusters[0], uid: 'another' }],
      systems: [{ ...orphans.systems[0], host_id: 'another' }],
    };
    await writeFile(sandbox.path('foreign.json'), JSON.stringify(foreign));
    const { stdout, stderr, exitCode } = await run([
      ...['--compare', sandbox.path('foreign.json')],
      ...['--output-file', sandbox.path('foreign.html')],
    ]);
    expect(stdout).toBe('');
    expect(stderr).toContain('about other clusters and systems');
    expect(exitCode).toBe(2);
    await expect(readFile(sandbox.path('foreign.html'))).rejects.toThrow('ENOENT');
  });

  it('ends with 2 where a side cannot be had at all', async () => {
    const { stdout, exitCode } = await run([], { TRUENAS_URL: 'http://127.0.0.1:1' });
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('leaves every old file where one of the new ones cannot be written', async () => {
    const path = await directory('half');
    await writeFile(`${path}/truenas-monitor-report.html`, 'old');
    // Nothing of a directory's name can be replaced by a file.
    await mkdir(`${path}/truenas-monitor-report.json`);
    const { exitCode } = await run(['-o', 'html,json', '--output-file', path]);
    expect(exitCode).toBe(2);
    expect(await readFile(`${path}/truenas-monitor-report.html`, 'utf8')).toBe('old');
    expect((await readdir(path)).sort()).toEqual([
      'truenas-monitor-report.html',
      'truenas-monitor-report.json',
    ]);
  });
});

describe('report on a terminal', needsTerminal(), () => {
  it('refuses to show a PDF there, and says where it can go', async () => {
    using terminal = new Terminal(sandbox, ['report', '-o', 'pdf'], site.environment);
    await terminal.see('ended with 2');
    const said = stripVTControlCharacters(terminal.screen);
    expect(said).toContain('a PDF is nothing to show on a terminal');
    expect(said).toContain('--output-file report.pdf');
    expect(said).not.toContain('%PDF');
  });
});
