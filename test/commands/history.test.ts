import { readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { type Command } from '@oclif/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import HistoryExport from '../../src/commands/history/export.ts';
import HistoryImport from '../../src/commands/history/import.ts';
import HistoryPrune from '../../src/commands/history/prune.ts';
import HistoryStatus from '../../src/commands/history/status.ts';
import Analyze from '../../src/commands/analyze.ts';
import Explain from '../../src/commands/explain.ts';
import Health from '../../src/commands/health.ts';
import Orphans from '../../src/commands/orphans.ts';
import Validate from '../../src/commands/validate.ts';
import { systemClock } from '../../src/lib/adapters/clock/system-clock.ts';
import { exportLines } from '../../src/lib/core/history/export-lines.ts';
import { type HistoryStatusWire } from '../../src/lib/core/render/wire/history-schema.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { type CommandSite, startSite, textsBelow } from '../support/command-site.ts';
import { EVERY_RECORD } from '../support/history-records.ts';
import { type CommandResult, Sandbox } from '../support/run-command.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.create();
});

afterEach(async () => {
  await sandbox[Symbol.asyncDispose]();
});

async function run(command: typeof Command, ...argv: readonly string[]): Promise<CommandResult> {
  return await sandbox.run(command, argv);
}

async function status(...argv: readonly string[]): Promise<HistoryStatusWire> {
  const { stdout } = await run(HistoryStatus, '-o', 'json', ...argv);
  return JSON.parse(stdout) as HistoryStatusWire; // the wire form has tests of its own
}

/** An export as another machine would have made it. */
async function exportFile(name = 'h.jsonl'): Promise<string> {
  // eslint-disable-next-line @typescript-eslint/require-await -- all of it is there already
  async function* records(): AsyncGenerator<(typeof EVERY_RECORD)[number]> {
    yield* EVERY_RECORD;
  }
  let text = '';
  for await (const line of exportLines(records(), systemClock.now())) text += line;
  await writeFile(sandbox.path(name), text);
  return text;
}

describe('without a history', () => {
  it('status says so, how it comes about, and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await run(HistoryStatus);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(
      `There is no history yet: ${sandbox.path('data', 'truenas-monitor', 'history.db')}`,
    );
    expect(stdout).toContain('truenas-monitor orphans');
    expect((await status()).state).toBe('absent');
  });

  it('export gives an export of nothing and says that it is one', async () => {
    const { exitCode, stdout, stderr } = await run(HistoryExport);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringContaining('"kind":"HistoryExport"'),
      '{"record":"end","records":0}',
      '',
    ]);
    expect(stderr).toContain('the history is empty, and so is the export');
  });

  it('prune removes nothing', async () => {
    const { exitCode, stdout } = await run(HistoryPrune, '--older-than', '30d');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^0 records from before .* removed/);
  });

  it('nothing is made by looking', async () => {
    for (const command of [HistoryStatus, HistoryExport]) await run(command);
    expect(await readdir(sandbox.directory)).toEqual([]);
  });
});

describe('an export', () => {
  it('comes back on another machine as it left', async () => {
    await exportFile();
    const { exitCode, stdout } = await run(HistoryImport, 'h.jsonl');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '7 records added, 0 records there already\n',
    });
    await run(HistoryExport, '--output-file', 'out.jsonl');
    const lines = async (file: string): Promise<string[]> =>
      (await readFile(sandbox.path(file), 'utf8')).split('\n').slice(1).toSorted();
    expect(await lines('out.jsonl')).toEqual(await lines('h.jsonl'));
    expect(await status()).toMatchObject({ state: 'usable', scans: 1, volumes: 2, points: 4 });
  });

  it('may be imported twice', async () => {
    await exportFile();
    await run(HistoryImport, 'h.jsonl');
    const again = await run(HistoryImport, 'h.jsonl');
    expect(again.stdout).toBe('0 records added, 7 records there already\n');
  });

  it('goes to a file whole or not at all', async () => {
    await writeFile(sandbox.path('data'), 'a file where the directory should be');
    await writeFile(sandbox.path('out.jsonl'), 'the last one');
    const { exitCode, stdout } = await run(HistoryExport, '--output-file', 'out.jsonl');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(await readFile(sandbox.path('out.jsonl'), 'utf8')).toBe('the last one');
    expect((await readdir(sandbox.directory)).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});

describe('a damaged history', () => {
  it('does not replace a copy of it by nothing, however often it is exported', async () => {
    await exportFile();
    await run(HistoryImport, 'h.jsonl');
    const file = sandbox.path('data', 'truenas-monitor', 'history.db');
    await truncate(file, 20_000);
    const copy = await readFile(sandbox.path('h.jsonl'), 'utf8');
    for (let round = 0; round < 2; round += 1) {
      const { exitCode, stderr } = await run(HistoryExport, '-q', '--output-file', 'h.jsonl');
      expect(exitCode).toBe(2);
      expect(stderr).toContain('cannot be used: the file is damaged');
      expect(await readFile(sandbox.path('h.jsonl'), 'utf8')).toBe(copy);
    }
    expect(await status()).toMatchObject({ state: 'unreadable', set_aside: [] });

    const { exitCode, stderr } = await run(HistoryImport, 'h.jsonl');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('the history is damaged and was put aside; a new one is begun');
    expect(await status()).toMatchObject({ state: 'usable', scans: 1 });
  });

  it('that was put aside is no history of nothing', async () => {
    await exportFile();
    await run(HistoryImport, 'h.jsonl');
    const file = sandbox.path('data', 'truenas-monitor', 'history.db');
    await rename(file, `${file}.corrupt-20261122T120000.000Z`);
    const { exitCode, stderr } = await run(HistoryExport, '-q', '--output-file', 'h.jsonl');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('.corrupt-20261122T120000.000Z');
    expect((await readFile(sandbox.path('h.jsonl'), 'utf8')).split('\n')).toHaveLength(10);
  });

  it('leaves an empty file empty that is only looked at', async () => {
    await writeFile(sandbox.path('c.yaml'), 'history: {path: h.db}\n');
    await writeFile(sandbox.path('h.db'), '', { mode: 0o600 });
    const { exitCode, stdout } = await run(HistoryStatus, '--config', 'c.yaml');
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('There is no history yet') as string,
    });
    expect((await stat(sandbox.path('h.db'))).size).toBe(0);
  });
});

describe('an import', () => {
  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a line that is no JSON',
      (text) => text.replace('"record":"pool"', 'record pool'),
      /h\.jsonl: line 3 is no JSON/,
    ],
    [
      'a size that is none',
      (text) => text.replace(/("used_bytes":)600/, '$1-6'),
      /line 3 is not understood: used_bytes:/,
    ],
    ['a file that was cut short', (text) => text.slice(0, -20), /line 9 is no JSON/],
    ['a file without its last line', (text) => text.replace(/.*\n$/, ''), /h\.jsonl was cut short/],
    ['another file', () => '{"kind":"OrphanReport"}\n', /is no export of a history/],
    ['an empty file', () => '', /h\.jsonl is empty/],
    [
      'bytes that are no lines',
      () => '0'.repeat(2_000_000),
      /h\.jsonl cannot be read: it is no text of lines/,
    ],
  ])('takes nothing of %s', async (_, spoil, message) => {
    const text = await exportFile();
    await run(HistoryImport, 'h.jsonl');
    await run(HistoryPrune, '--older-than', '0s');
    const before = await status();
    await writeFile(sandbox.path('h.jsonl'), spoil(text));
    const { exitCode, stdout, stderr } = await run(HistoryImport, 'h.jsonl');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toContain('Nothing was imported.');
    const after = await status();
    const { timestamp, size_bytes } = before;
    expect({ ...after, timestamp, size_bytes }).toEqual(before);
  });

  it('may speak of a system by any name', async () => {
    const text = await exportFile();
    const odd = text.replaceAll('"host-id"', '"__proto__"').replace('"nas1"', '"constructor"');
    await writeFile(sandbox.path('h.jsonl'), odd);
    expect((await run(HistoryImport, 'h.jsonl')).exitCode).toBe(0);
    expect(await status()).toMatchObject({ systems: [{ id: '__proto__', name: 'constructor' }] });
    expect(Object.keys(Object.prototype)).toEqual([]);
    await run(HistoryExport, '--output-file', 'out.jsonl');
    const lines = async (file: string): Promise<string[]> =>
      (await readFile(sandbox.path(file), 'utf8')).split('\n').slice(1).toSorted();
    expect(await lines('out.jsonl')).toEqual(await lines('h.jsonl'));
  });

  it.each([
    [['nowhere.jsonl'], /^Error: nowhere\.jsonl cannot be read: /],
    [['.'], /^Error: \. cannot be read: it is a directory/],
    [[], /missing 1 required arg/i],
  ])('of %j is refused', async (argv, message) => {
    const { exitCode, stderr } = await run(HistoryImport, ...argv);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('the commands refuse', () => {
  it.each<[typeof Command, readonly string[], RegExp]>([
    [HistoryPrune, [], /older-than/],
    [HistoryPrune, ['--older-than', '180'], /--older-than does not take "180"/],
    [HistoryPrune, ['--older-than', '99999999999d'], /--older-than does not take "99999999999d"/],
    [HistoryPrune, ['--older-than', '36501d'], /at most 36500d/],
    [HistoryStatus, ['-o', 'csv'], /--output does not take "csv"/],
    [HistoryStatus, ['--demo-size', '3'], /--demo-size is only for the demo/],
    [HistoryStatus, ['--config', 'nowhere.yaml'], /nowhere\.yaml/],
    [HistoryExport, ['--output-file', 'no/where'], /--output-file no\/where cannot be written/],
  ])('%o with %j', async (command, argv, message) => {
    const { exitCode, stdout, stderr } = await run(command, ...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('a history that is none, and leave it as it is', async () => {
    await writeFile(sandbox.path('c.yaml'), 'history: {path: other/h.db}\n');
    await writeFile(sandbox.path('other'), 'no directory');
    const shown = await run(HistoryStatus, '--config', 'c.yaml');
    expect(shown.exitCode).toBe(2);
    expect(shown.stdout).toContain('cannot be used, and is left as it is');
    await exportFile();
    const imported = await run(HistoryImport, 'h.jsonl', '--config', 'c.yaml');
    expect(imported.exitCode).toBe(2);
    expect(await readFile(sandbox.path('other'), 'utf8')).toBe('no directory');
  });
});

describe('a scan of the user', () => {
  let site: CommandSite;
  let siteSandbox: Sandbox;

  beforeAll(async () => {
    siteSandbox = await Sandbox.create();
    site = await startSite(siteSandbox, demo.build('25.10'));
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await siteSandbox[Symbol.asyncDispose]();
  });

  async function onSite(command: typeof Command, ...argv: string[]): Promise<CommandResult> {
    return await sandbox.run(command, argv, site.environment);
  }

  it('is added to the history of the user, for the owner alone and without a secret', async () => {
    const { stderr } = await onSite(Orphans);
    expect(stderr).toBe('');
    expect(await status()).toMatchObject({ scans: 1, pools: 3, systems: [{ name: '127.0.0.1' }] });
    const path = sandbox.path('data', 'truenas-monitor', 'history.db');
    expect((await stat(path)).mode & 0o077).toBe(0);
    const texts = await textsBelow(sandbox.path('data'), []);
    for (const secret of site.secrets) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  it('is not added where it says less than everything, nor is anything but a scan', async () => {
    for (const argv of [
      ['--rule', 'pv-*'],
      ['-n', 'shop'],
      ['--min-severity', 'high'],
    ]) {
      await onSite(Orphans, ...argv);
    }
    await onSite(Validate);
    await onSite(Health);
    await onSite(Explain, 'pv/nowhere');
    expect((await status()).state).toBe('absent');
    await onSite(Orphans);
    await onSite(Orphans, '--max-age', '10m');
    expect((await status()).scans).toBe(1);
  });

  it('is a scan like any other where the history cannot be written', async () => {
    const before = await onSite(Orphans, '-o', 'name', '--fail-on', 'high');
    await writeFile(sandbox.path('file'), '');
    await writeFile(sandbox.path('truenas-monitor.yaml'), 'history: {path: file/h.db}\n');
    const after = await onSite(Orphans, '-o', 'name', '--fail-on', 'high');
    expect(after.stdout).toBe(before.stdout);
    expect(after.exitCode).toBe(before.exitCode);
    expect(after.stderr.match(/the scan was not added to the history: /g)).toHaveLength(1);
  });

  it('goes where the configuration says', async () => {
    await writeFile(sandbox.path('truenas-monitor.yaml'), 'history: {path: past/h.db}\n');
    await onSite(Orphans);
    expect(await readdir(sandbox.path('past'))).toContain('h.db');
    expect((await status()).path).toBe(sandbox.path('past', 'h.db'));
  });
});

describe('a cluster that does not say who it is', () => {
  it('is left out of the history, and the log says which right is missing', async () => {
    const world = demo.build('25.10');
    const [cluster] = world.clusters;
    if (cluster === undefined) throw new Error('the demo has a cluster');
    cluster.forbidden = ['namespaces'];
    await using siteSandbox = await Sandbox.create();
    await using site = await startSite(siteSandbox, world);
    const { stderr } = await sandbox.run(Orphans, ['--log-level', 'info'], site.environment);
    expect(stderr).toContain('this scan is not one for the history');
    expect(stderr).toContain('the right to get the namespace kube-system is missing there');
    const analyzed = await sandbox.run(Analyze, ['-o', 'json'], site.environment);
    expect(analyzed.stdout).toContain('takes the right to `get` the namespace kube-system');
    expect((await status()).state).toBe('absent');
  });
});

describe('a damaged history of the demo', () => {
  it('is one warning, and the new one has the scan that came upon it', async () => {
    const world = ['--demo', '--demo-state', 'demo'];
    await status(...world);
    await truncate(sandbox.path('demo', 'history.db'), 100_000);
    const { exitCode, stderr } = await run(Analyze, ...world);
    expect(exitCode).toBe(0);
    expect(stderr.match(/Warning: /g)).toHaveLength(1);
    expect(stderr).toContain('the history is damaged and was put aside; a new one is begun');
    expect(await status(...world)).toMatchObject({ state: 'usable', scans: 1 });
  });

  it('is one warning and the present where the scan is none to keep', async () => {
    const world = ['--demo', '--demo-state', 'demo'];
    await run(Analyze, ...world, '--max-age', '1h');
    const file = sandbox.path('demo', 'history.db');
    await truncate(file, 100_000);
    const { exitCode, stdout, stderr } = await run(Analyze, ...world, '--max-age', '1h');
    expect(exitCode).toBe(0);
    expect(stderr.match(/Warning: /g)).toHaveLength(1);
    expect(stderr).toContain('the history cannot be read');
    expect(stdout).toContain('No history yet: this is the present alone.');
    expect((await stat(file)).size).toBe(100_000);
    expect((await status(...world)).set_aside).toEqual([]);
  });
});

describe('the demo', () => {
  it('keeps a history of its own, and forgets it with its world', async () => {
    const begun = await status('--demo', '--demo-state', 'demo');
    await run(Orphans, '--demo', '--demo-state', 'demo', '--demo-now', '+1h');
    const scanned = await status('--demo', '--demo-state', 'demo');
    expect(scanned.scans).toBe(begun.scans + 1);
    expect(scanned.path).toBe(sandbox.path('demo', 'history.db'));
    expect(await readdir(sandbox.directory)).toEqual(['demo']);
    const reset = await status('--demo', '--demo-state', 'demo', '--demo-reset');
    expect(reset.scans).toBe(begun.scans);
  });

  it('begins with a past that is of its world, and goes on with what a scan finds there', async () => {
    const fleet = ['--demo', '--demo-size', '3', '--demo-state', 'fleet'];
    for (const world of [['--demo', '--demo-state', 'demo'], fleet]) {
      const begun = await status(...world);
      expect(begun.scans).toBeGreaterThan(25);
      await run(Orphans, ...world);
      const { pools, storage_classes, volumes, clusters, systems } = begun;
      expect(await status(...world)).toMatchObject({
        ...{ pools, storage_classes, volumes, clusters, systems },
        scans: begun.scans + 1,
      });
    }
  });

  it('is not filled again by whoever emptied it', async () => {
    const world = ['--demo', '--demo-state', 'demo'];
    await status(...world);
    await run(HistoryPrune, '--older-than', '0s', ...world);
    expect((await status(...world)).scans).toBeLessThan(3);
  });
});
