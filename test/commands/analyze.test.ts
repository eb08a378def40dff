import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Analyze from '../../src/commands/analyze.ts';
import { ANALYSIS_FORMATS } from '../../src/lib/core/render/formats.ts';
import { type AnalysisWire } from '../../src/lib/core/render/wire/analysis-schema.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type CommandSite, startSite } from '../support/command-site.ts';
import { publishedSchema } from '../support/json-schema.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';

let sandbox: Sandbox;
let site: CommandSite;

beforeAll(async () => {
  sandbox = await Sandbox.create();
  site = await startSite(sandbox, demo.build('25.10'));
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

const run = (
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> => sandbox.run(Analyze, argv, environment);

const onSite = (...argv: string[]): Promise<CommandResult> => run(argv, site.environment);

function parsed({ stdout }: CommandResult): AnalysisWire {
  return JSON.parse(stdout) as AnalysisWire; // the wire form has tests of its own
}

describe('analyze', () => {
  it('says of the demo where the space is, in the published form', async () => {
    const result = await run(['--demo', '-o', 'json']);
    expect(result).toMatchObject({ stderr: '', exitCode: 0 });
    const said = parsed(result);
    const isValid = publishedSchema('storage-analysis');
    expect(isValid(said), JSON.stringify(isValid.errors)).toBe(true);
    expect(said).toMatchObject({ kind: 'StorageAnalysis', complete: true });
    expect(said.pools.map(({ name }) => name)).toEqual(expect.arrayContaining(['tank', 'flash']));
    expect(said.volumes.length).toBeGreaterThan(30);
  });

  it.each(ANALYSIS_FORMATS.map(({ name }) => (name === 'jsonpath' ? 'jsonpath={.kind}' : name)))(
    'has an answer in %s',
    async (format) => {
      const { stdout, stderr, exitCode } = await onSite('-o', format);
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      if (format !== 'name') expect(stdout).not.toBe('');
    },
  );

  it('speaks of the present where there is no history, and says what it takes', async () => {
    await using own = await Sandbox.create();
    const result = await own.run(Analyze, ['-o', 'json'], site.environment);
    expect(result.exitCode).toBe(0);
    const said = parsed(result);
    expect(said.history).toMatchObject({ first_at: null, days: 0, asked_days: 90 });
    expect(said.capacity_forecast).toMatchObject({ state: 'not_enough_data' });
    expect(said.total_used_bytes).toBeGreaterThan(0);
    expect(said.notes.join('\n')).toContain('no history yet');
  });

  it('tells a cluster that does not say who it is what right that takes, and promises no history', async () => {
    await using own = await Sandbox.create();
    const { cluster } = site.kubernetes;
    const before = cluster.forbidden;
    cluster.forbidden = [...(before ?? []), 'namespaces', 'namespaces@kube-system'];
    try {
      const { stdout, exitCode } = await own.run(Analyze, [], site.environment);
      expect(exitCode).toBe(0);
      const text = stdout.replaceAll(/\s+/g, ' ');
      expect(text).toContain('the right to `get` the namespace kube-system');
      expect(text).not.toMatch(/no history yet|Every complete scan adds/i);
    } finally {
      if (before === undefined) Reflect.deleteProperty(cluster, 'forbidden');
      else cluster.forbidden = before;
    }
  });

  it('makes up no zeros where datasets come back empty', async () => {
    await using own = await Sandbox.create();
    site.truenas.faults.emptyLists = ['pool.dataset.query', 'zfs.resource.query'];
    try {
      const result = await own.run(Analyze, ['-o', 'json'], site.environment);
      expect(result.exitCode).toBe(3);
      const said = parsed(result);
      const isValid = publishedSchema('storage-analysis');
      expect(isValid(said), JSON.stringify(isValid.errors)).toBe(true);
      expect(said).toMatchObject({
        total_capacity_bytes: null,
        total_allocated_bytes: null,
        total_used_bytes: null,
        total_snapshot_bytes: null,
        pool_overcommitment_ratio: null,
        snapshots: { bytes: null },
      });
      const { stdout } = await own.run(Analyze, [], site.environment);
      expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
        /is unknown: .*datasets of \S+ were not read whole/,
      );
      expect(stdout).not.toMatch(/ 0 B|0×/);
    } finally {
      Reflect.deleteProperty(site.truenas.faults, 'emptyLists');
    }
  });

  it('answers from a kept scan with --max-age, and says its age', async () => {
    await using own = await Sandbox.create();
    await own.run(Analyze, ['-o', 'name'], site.environment);
    const again = await own.run(Analyze, ['-o', 'json', '--max-age', '1h'], site.environment);
    expect(again.exitCode).toBe(0);
    expect(parsed(again)).toHaveProperty('cached', true);
    const people = await own.run(Analyze, ['--max-age', '1h'], site.environment);
    expect(people.stdout).toMatch(/^CACHED: /);
  });

  it('shows the volumes of a namespace, a pool or a class, and no less of the pools it rests on', async () => {
    const ofNamespace = parsed(await onSite('-n', 'media', '-o', 'json'));
    expect(new Set(ofNamespace.volumes.map(({ namespace }) => namespace))).toEqual(
      new Set(['media']),
    );
    const ofPool = parsed(await onSite('--pool', 'flash', '-o', 'json'));
    expect(new Set(ofPool.volumes.map(({ pool }) => pool))).toEqual(new Set(['flash']));
    const ofClass = parsed(await onSite('--storage-class', 'nas-nfs', '-o', 'json'));
    expect(new Set(ofClass.volumes.map((each) => each.storage_class))).toEqual(
      new Set(['nas-nfs']),
    );
  });

  it('says that a pool nobody has matches nothing, beside what it shows', async () => {
    const result = await onSite('--pool', 'nope', '-o', 'name');
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain('nope');
    expect(parsed(await onSite('--pool', 'nope', '-o', 'json')).warnings).toHaveLength(1);
  });

  it('lists as many volumes as --top says', async () => {
    const { stdout } = await onSite('--top', '3');
    expect(stdout).toMatch(/\n {2}and \d+ more/);
  });

  it('draws without blocks where the terminal has none', async () => {
    const { stdout } = await run([], { ...site.environment, LC_ALL: 'C' });
    expect(stdout).not.toMatch(/[▁▂▃▄▅▆▇█░]/);
    expect(stdout).toContain('POOLS');
  });

  it('writes to a file whole, and touches nothing of the user with --demo', async () => {
    await using own = await Sandbox.create();
    const file = own.path('analysis.csv');
    const argv = ['--demo', '--demo-state', own.path('demo'), '-o', 'csv', '--output-file', file];
    expect(await own.run(Analyze, argv)).toMatchObject({ stdout: '', exitCode: 0 });
    expect(await readFile(file, 'utf8')).toMatch(/^cluster,namespace,claim,volume,/);
    expect((await readdir(own.directory)).toSorted()).toEqual(['analysis.csv', 'demo']);
  });

  it('ends with 2 where a side is wholly out of reach', async () => {
    const nobody = { ...site.environment, TRUENAS_URL: 'http://127.0.0.1:1' };
    const result = await run(['-o', 'json', '--timeout', '5s'], nobody);
    expect(result).toMatchObject({ stdout: '', exitCode: 2 });
    expect(JSON.parse(result.stderr)).toHaveProperty('error.code');
  });

  it.each([
    [['-o', 'sarif'], 'an analysis has no results to write as sarif', 'health -o sarif'],
    [['-o', 'jsn'], 'unknown output format "jsn"', 'Did you mean -o json?'],
    [['-o', 'jsonpath={nope}'], 'invalid jsonpath template', '.pools'],
    [['--days', '0'], '--days does not take "0"', 'from 1 to 1000'],
    [['--days', '1001'], '--days does not take "1001"', 'from 1 to 1000'],
    [['--top', 'all'], '--top does not take "all"', 'whole number'],
    [['--pool', ''], '--pool does not take ""', 'leave out --pool'],
    [['--fail-on', 'hihg'], '--fail-on does not take "hihg"', 'Did you mean --fail-on high?'],
    [['-n', 'a', '-A'], '--namespace and --all-namespaces exclude each other', 'Leave out one'],
  ])('refuses %j before it connects to anything', async (argv, message, advice) => {
    const result = await run(argv, { ...site.environment, TRUENAS_URL: 'http://127.0.0.1:1' });
    expect(result).toMatchObject({ stdout: '', exitCode: 2 });
    expect(result.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(result.stderr.replaceAll(/\s+/g, ' ')).toContain(advice);
  });
});
