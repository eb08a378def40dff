import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { Sandbox } from '../../../support/run-command.ts';
import { aHistory, aSample, before, DAY, exported, NOW, recordAll } from './samples.ts';

const CHILD = path.join(import.meta.dirname, 'child.ts');
const PROCESSES = 4;

function start(
  ...argv: readonly string[]
): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  return spawn(process.execPath, [CHILD, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('several processes', () => {
  it('lose nothing where they begin the store and record at once', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('data', 'history.db');
    const children = Array.from({ length: PROCESSES }, (_, which) =>
      start('record', file, String(which)),
    );
    const said = await Promise.all(children.map(({ stdout }) => text(stdout)));
    expect(said).toEqual(Array.from({ length: PROCESSES }, () => 'kept\n'.repeat(12)));
    const history = aHistory(file);
    const records = await exported(history);
    const count = (kind: string): number => records.filter((record) => record.kind === kind).length;
    const all = PROCESSES * 12;
    expect(['scan', 'pool', 'class', 'volume'].map(count)).toEqual([all, all, all, all]);
    expect((await history.status()).setAside).toEqual([]);
  }, 60_000);

  it('leave a sound store where one is killed in the middle of its work', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = aHistory(file);
    await recordAll(history, [aSample({ at: before(2 * DAY) })]);
    const there = await exported(history);

    const child = start('import', file);
    try {
      await once(child.stdout, 'data');
      // It has written to the file already, not only to its memory.
      expect(statSync(`${file}-wal`).size).toBeGreaterThan(500_000);
      expect(await exported(history)).toEqual(there);
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'close');

    expect(await exported(history)).toEqual(there);
    history.now = NOW;
    expect(await history.record(aSample())).toEqual({ state: 'kept' });
    expect(await history.status()).toMatchObject({ scans: 2, points: 6, setAside: [] });
    expect(history.lines).toEqual([]);
  }, 60_000);

  it('say so where one of them takes too long', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = aHistory(file, { tuning: { busyTimeout: 50 } });
    await recordAll(history, [aSample({ at: before(2 * DAY) })]);
    const child = start('import', file);
    try {
      await once(child.stdout, 'data');
      history.now = NOW;
      expect(await history.record(aSample())).toEqual({
        state: 'not-kept',
        reason: `${file}: another process keeps it locked`,
      });
      expect(await history.recordReport({ clusters: [], systems: [] }, NOW)).toMatchObject({
        state: 'not-kept',
      });
      await expect(history.prune(NOW)).rejects.toMatchObject({
        code: 'HISTORY_UNUSABLE',
        message: `the history at ${file} cannot be used: another process keeps it locked`,
      });
      expect(await history.status()).toMatchObject({ state: { kind: 'usable' }, scans: 1 });
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'close');
    expect(await history.record(aSample())).toEqual({ state: 'kept' });
  }, 60_000);
});
