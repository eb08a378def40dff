import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../../src/lib/adapters/store/history/schema.ts';
import { loadSqlite } from '../../../../src/lib/adapters/store/sqlite.ts';
import { Sandbox } from '../../../support/run-command.ts';
import {
  aHistory,
  aSample,
  aVolume,
  before,
  DAY,
  ESTATE,
  EVER,
  exported,
  NOW,
  recordAll,
  streamed,
  type TestHistory,
  volumesIn,
} from './samples.ts';

/** A file of SQLite, as somebody else has it. */
function database(file: string, ...statements: readonly string[]): void {
  const Sqlite = loadSqlite();
  if (Sqlite === undefined) throw new Error('no SQLite');
  const opened = new Sqlite(file);
  for (const statement of statements) opened.exec(statement);
  opened.close();
}

/** Many volumes, so that there are pages to damage. */
async function filled(file: string): Promise<TestHistory> {
  const history = aHistory(file);
  const volumes = Array.from({ length: 2_000 }, (_, index) =>
    aVolume({ dataset: `tank/k8s/${index}` }),
  );
  await recordAll(history, [aSample({ at: before(DAY), volumes })]);
  history.now = NOW;
  return history;
}

function overwrite(file: string, from: number, to: number): void {
  const content = readFileSync(file);
  content.fill('garbage ', from, Math.min(to, content.length));
  writeFileSync(file, content);
}

const SET_ASIDE = 'history.db.corrupt-20261122T120000.000Z';
const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  'of something else': (file) => {
    writeFileSync(file, 'not a database, but long enough to be taken for one\n'.repeat(100));
  },
  'of a few bytes': (file) => {
    writeFileSync(file, 'SQL');
  },
  'with a wrong header': (file) => {
    overwrite(file, 0, 16);
  },
  'cut short': (file) => {
    truncateSync(file, 3 * 4096);
  },
  'cut in the middle of a page': (file) => {
    truncateSync(file, 3 * 4096 + 17);
  },
  'with pages of garbage': (file) => {
    overwrite(file, 2 * 4096, Number.MAX_SAFE_INTEGER);
  },
};

describe('a damaged store', () => {
  it.each(Object.entries(DAMAGES))(
    '%s is put aside and named, and a new one begun',
    async (_what, damage) => {
      await using sandbox = await Sandbox.create();
      const file = sandbox.path('history.db');
      const history = await filled(file);
      damage(file);
      const damaged = readFileSync(file);
      expect(await history.status()).toMatchObject({ state: { kind: 'unreadable' } });
      expect(await history.record(aSample())).toEqual({ state: 'kept' });
      expect(history.lines).toMatchObject([
        {
          level: 'warn',
          message: 'the history is damaged and was put aside; a new one is begun',
          fields: { file: sandbox.path(SET_ASIDE) },
        },
      ]);
      expect(readFileSync(sandbox.path(SET_ASIDE)).equals(damaged)).toBe(true);
      expect(await history.status()).toMatchObject({
        state: { kind: 'usable' },
        scans: 1,
        setAside: [sandbox.path(SET_ASIDE)],
      });
    },
  );

  it('takes its companions with it, and overwrites none that lies there already', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = aHistory(file);
    for (let round = 0; round < 2; round += 1) {
      writeFileSync(file, `round ${round} of garbage `.repeat(100), { mode: 0o600 });
      writeFileSync(`${file}-wal`, `wal ${round}`);
      await history.record(aSample());
    }
    expect(history.lines).toHaveLength(2);
    expect((await history.status()).setAside).toEqual([
      sandbox.path(SET_ASIDE),
      sandbox.path(`${SET_ASIDE}-2`),
    ]);
    expect(readFileSync(sandbox.path(`${SET_ASIDE}-2-wal`), 'utf8')).toBe('wal 1');
  });

  it('is told where it gave way and no new one could be begun', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    writeFileSync(file, 'garbage '.repeat(1_000), { mode: 0o600 });
    const history = aHistory(file, { tuning: { migrations: ['SELECT * FROM nowhere'] } });
    expect(await history.record(aSample())).toMatchObject({ state: 'not-kept' });
    expect(history.lines).toMatchObject([
      {
        level: 'warn',
        message: 'the history is damaged and was put aside',
        fields: { file: sandbox.path(SET_ASIDE) },
      },
    ]);
  });

  it('ends what is read of it with one warning, and stays where it is', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = await filled(file);
    overwrite(file, 8 * 4096, Number.MAX_SAFE_INTEGER);
    {
      using reader = await history.open();
      expect([...(reader?.volumes(ESTATE, EVER) ?? [])].length).toBeLessThan(2_000);
      reader?.pools(ESTATE, EVER);
      reader?.classes(ESTATE, EVER);
      reader?.findings(ESTATE, EVER);
      reader?.lastReport(ESTATE, NOW);
    }
    expect(history.lines).toMatchObject([
      {
        level: 'warn',
        message: 'the history cannot be read',
        fields: { path: file, reason: 'the file is damaged' },
      },
    ]);
    expect(readdirSync(sandbox.directory)).toEqual(['history.db']);
  });

  it.each(Object.entries(DAMAGES))(
    '%s is read, exported and pruned by nobody',
    async (_, damage) => {
      await using sandbox = await Sandbox.create();
      const file = sandbox.path('history.db');
      const history = await filled(file);
      damage(file);
      const there = readFileSync(file);
      const refused = {
        code: 'HISTORY_UNUSABLE',
        message: `the history at ${file} cannot be used: the file is damaged`,
      };
      for (let round = 0; round < 2; round += 1) {
        {
          using reader = await history.open();
          expect([...(reader?.volumes(ESTATE, EVER) ?? [])].length).toBeLessThan(2_000);
        }
        await expect(exported(history)).rejects.toMatchObject(refused);
        await expect(history.prune(NOW)).rejects.toMatchObject(refused);
        expect(await history.status()).toMatchObject({ state: { kind: 'unreadable' } });
      }
      expect(history.lines).toHaveLength(2);
      expect(readFileSync(file).equals(there)).toBe(true);
      expect(readdirSync(sandbox.directory)).toEqual(['history.db']);
    },
  );

  it('that makes way for an import which fails leaves no empty export behind', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = await filled(file);
    DAMAGES['cut short']?.(file);
    // eslint-disable-next-line @typescript-eslint/require-await -- it fails before
    async function* failing(): AsyncGenerator<never> {
      throw new Error('a line is not understood');
    }
    await expect(history.import(failing())).rejects.toThrow('a line is not understood');
    const refused = {
      code: 'HISTORY_UNUSABLE',
      message: `there is nothing in the history at ${file}, and what was there is damaged: ${sandbox.path(SET_ASIDE)}`,
    };
    await expect(exported(history)).rejects.toMatchObject(refused);
    rmSync(file);
    await expect(exported(history)).rejects.toMatchObject(refused);
  });

  it('is missed in the export of the one that was begun', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = await filled(file);
    DAMAGES['cut short']?.(file);
    const outcome = await history.import(streamed([{ kind: 'report', at: NOW, estate: ESTATE }]));
    expect(outcome).toEqual({ added: 1, known: 0 });
    expect(await exported(history)).toHaveLength(1);
    expect(history.lines).toMatchObject([
      { message: 'the history is damaged and was put aside; a new one is begun' },
      {
        level: 'warn',
        message: 'a damaged history lies beside this one, and the export has nothing of it',
        fields: { file: sandbox.path(SET_ASIDE) },
      },
    ]);
  });

  it('may have rows that are none of ours', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = aHistory(file);
    await recordAll(history, [aSample()]);
    database(file, 'UPDATE pool_point SET used = -5');
    using reader = await history.open();
    expect(reader?.pools(ESTATE, EVER)).toEqual([]);
    expect(history.lines).toHaveLength(1);
    expect((await history.status()).setAside).toEqual([]);
  });

  it('may be a log whose file was emptied', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    writeFileSync(file, '', { mode: 0o600 });
    writeFileSync(`${file}-wal`, 'all there is');
    const history = aHistory(file);
    expect(await history.status()).toMatchObject({ state: { kind: 'unreadable' } });
    expect(await history.record(aSample())).toEqual({ state: 'kept' });
    expect(readFileSync(sandbox.path(`${SET_ASIDE}-wal`), 'utf8')).toBe('all there is');
  });
});

describe('what is no damage', () => {
  it('a store of a newer version is left as it is, and said to be', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = await filled(file);
    database(file, 'PRAGMA user_version = 99');
    const there = readFileSync(file);
    expect(await history.record(aSample())).toEqual({
      state: 'not-kept',
      reason: `${file}: a newer version of this program wrote it (format 99)`,
    });
    expect(await history.open()).toBeUndefined();
    expect(history.lines).toMatchObject([
      { level: 'warn', message: 'the history cannot be read', fields: { path: file } },
    ]);
    expect(await history.status()).toMatchObject({ state: { kind: 'too-new', format: 99 } });
    await expect(history.prune(NOW)).rejects.toMatchObject({ code: 'HISTORY_UNUSABLE' });
    expect(readFileSync(file).equals(there)).toBe(true);
    expect(readdirSync(sandbox.directory)).toEqual(['history.db']);
  });

  it('a full disk loses the new scan and nothing of the old', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const roomy = await filled(file);
    const there = await exported(roomy);
    const maxPages = statSync(file).size / 4096;
    const history = aHistory(file, { tuning: { maxPages } });
    const volumes = Array.from({ length: 2_000 }, (_, index) =>
      aVolume({ dataset: `tank/k8s/${index}` }),
    );
    expect(await history.record(aSample({ volumes }))).toEqual({
      state: 'not-kept',
      reason: `${file}: the disk is full`,
    });
    await expect(
      history.import(
        streamed(
          there.map(
            (record) =>
              ('point' in record
                ? { ...record, point: { ...record.point, at: NOW } }
                : record) as (typeof there)[number],
          ),
        ),
      ),
    ).rejects.toMatchObject({ message: `the history at ${file} cannot be used: the disk is full` });
    expect(await exported(history)).toEqual(there);
    expect(history.lines).toEqual([]);
    expect(await roomy.record(aSample({ volumes }))).toEqual({ state: 'kept' });
  });

  it.skipIf(process.getuid?.() === 0)(
    'a directory that may not be written loses nothing',
    async () => {
      await using sandbox = await Sandbox.create();
      const file = sandbox.path('data', 'history.db');
      const history = await filled(file);
      chmodSync(sandbox.path('data'), 0o500);
      try {
        expect(await history.record(aSample())).toMatchObject({ state: 'not-kept' });
        expect(readdirSync(sandbox.path('data'))).toEqual(['history.db']);
      } finally {
        chmodSync(sandbox.path('data'), 0o700);
      }
      expect(await volumesIn(history)).toHaveLength(2_000);
    },
  );

  it.each<[string, (file: string, sandbox: Sandbox) => void, string]>([
    [
      'a database of another program',
      (file) => {
        database(file, 'CREATE TABLE theirs (x)');
        chmodSync(file, 0o600);
      },
      'it is a database of another program',
    ],
    [
      'a database that another program has marked as its own',
      (file) => {
        database(file, 'PRAGMA application_id = 7');
        chmodSync(file, 0o600);
      },
      'it is a database of another program',
    ],
    [
      'a directory',
      (file) => {
        mkdirSync(file);
      },
      'is no regular file',
    ],
    [
      'a link',
      (file, sandbox) => {
        symlinkSync(sandbox.path('elsewhere'), file);
      },
      'is no regular file',
    ],
    [
      'a file that others may write',
      (file) => {
        writeFileSync(file, '');
        chmodSync(file, 0o666);
      },
      'may be written by other users',
    ],
  ])('%s is left alone', async (_what, make, reason) => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    make(file, sandbox);
    const history = aHistory(file);
    const contains = expect.stringContaining(reason) as string;
    expect(await history.record(aSample())).toEqual({ state: 'not-kept', reason: contains });
    expect(await history.open()).toBeUndefined();
    expect(await history.status()).toMatchObject({
      state: { kind: 'unreadable', reason: contains },
    });
    expect(readdirSync(sandbox.directory)).toEqual(['history.db']);
  });

  it('an empty file is none yet, and is begun by what is recorded', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    writeFileSync(file, '', { mode: 0o600 });
    const history = aHistory(file);
    expect(await history.status()).toMatchObject({ state: { kind: 'absent' }, bytes: 0 });
    expect(await history.open()).toBeUndefined();
    expect(await exported(history)).toEqual([]);
    expect(await history.prune(NOW)).toEqual({ removed: 0, bytesBefore: 0, bytesAfter: 0 });
    expect(statSync(file).size).toBe(0);
    expect(readdirSync(sandbox.directory)).toEqual(['history.db']);
    expect(await history.record(aSample())).toEqual({ state: 'kept' });
    expect(history.lines).toEqual([]);
  });

  it('a store below a file is none', async () => {
    await using sandbox = await Sandbox.create();
    writeFileSync(sandbox.path('file'), '');
    const history = aHistory(sandbox.path('file', 'history.db'));
    expect(await history.record(aSample())).toMatchObject({ state: 'not-kept' });
    expect(await history.open()).toBeUndefined();
  });
});

describe('a store of an older format', () => {
  it('is brought to the newest, step by step, and keeps what it holds', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = await filled(file);
    const there = await exported(history);
    const migrations = [
      ...MIGRATIONS,
      'ALTER TABLE report ADD COLUMN format TEXT',
      "UPDATE identity SET name = name || '!'",
    ];
    const newer = aHistory(file, { tuning: { migrations } });
    expect(await newer.recordReport(ESTATE, NOW)).toMatchObject({ state: 'not-kept' });
    const records = await exported(newer);
    expect(records).toHaveLength(there.length);
    expect(records[0]).toMatchObject({ kind: 'scan', systems: [{ id: 'h1', name: 'nas1!' }] });
    expect(await history.status()).toMatchObject({ state: { kind: 'too-new', format: 3 } });
  });

  it('stays what it was where a step fails', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('history.db');
    const history = await filled(file);
    const there = await exported(history);
    const migrations = [...MIGRATIONS, 'DELETE FROM volume_point; SELECT * FROM nowhere'];
    const newer = aHistory(file, { tuning: { migrations } });
    expect(await newer.record(aSample())).toEqual({
      state: 'not-kept',
      reason: `${file}: no such table: nowhere`,
    });
    expect(await exported(history)).toEqual(there);
  });
});

describe('SQLite', () => {
  it('is silent on stderr, and not loaded before a store is used', () => {
    const directory = path.join(import.meta.dirname, '../../../../src/lib/adapters/store/history');
    const script = `
      const { openHistory } = await import(${JSON.stringify(path.join(directory, 'open-history.ts'))});
      const loaded = () => process.moduleLoadList.includes('NativeModule sqlite');
      const history = openHistory({ path: '/nowhere/at/all/history.db', retention: 1, clock: { now: () => new Date() }, logger: { log() {} } });
      await history.open();
      const before = loaded();
      const { loadSqlite } = await import(${JSON.stringify(path.join(directory, '../sqlite.ts'))});
      loadSqlite();
      console.log(before, loaded());`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'false true\n', stderr: '' });
  });
});
