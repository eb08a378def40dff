import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import {
  appendFile,
  chmod,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { fileCleanupStore } from '../../../../src/lib/adapters/store/cleanup/file-store.ts';
import { CleanupStoreError } from '../../../../src/lib/core/model/errors.ts';
import { type JournalEntry } from '../../../../src/lib/core/cleanup/journal-schema.ts';
import { type CleanupStore } from '../../../../src/lib/ports/cleanup-store.ts';
import {
  aCleanupPlan,
  ANN,
  approved,
  begun,
  BOB,
  moved,
  planned,
  RUN,
  second,
} from '../../../support/cleanup-journals.ts';
import { Sandbox } from '../../../support/run-command.ts';

const CHILD = path.join(import.meta.dirname, 'child.ts');
const [FIRST, ...REST] = RUN;

async function writeRun(
  store: CleanupStore,
  id = 'run-1',
  entries: readonly JournalEntry[] = REST,
): Promise<void> {
  const journal = await store.create('run', id, FIRST ?? begun());
  for (const entry of entries) await journal.append(entry);
}

async function refusal(work: Promise<unknown>): Promise<CleanupStoreError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CleanupStoreError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.message).not.toContain('\n');
  expect(error.remediation.length).toBeGreaterThan(0);
  return error;
}

function child(...argv: readonly string[]): string[] {
  return [CHILD, ...argv];
}

describe('the store of clean-up', () => {
  it('holds nothing, and makes nothing, before anything is written', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.path('cleanup'));
    expect(await store.plans()).toEqual([]);
    expect(await store.runs()).toEqual([]);
    await expect(store.open('run', 'run-1')).rejects.toThrow('there is no run run-1');
    expect(await readdir(sandbox.directory)).toEqual([]);
  });

  it('gives back what was written, in this process and to the next', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.path('cleanup'));
    const journal = await store.create('run', 'run-1', begun());
    for (const entry of REST) await journal.append(entry);
    expect(journal).toMatchObject({ id: 'run-1', entries: RUN, damage: null });
    const again = fileCleanupStore(sandbox.path('cleanup'));
    const file = sandbox.path('cleanup', 'runs', 'run-1.jsonl');
    expect(await again.runs()).toEqual([{ id: 'run-1', path: file, entries: RUN, damage: null }]);
    expect(await again.plans()).toEqual([]);

    const opened = await again.open('run', 'run-1');
    expect(opened.path).toBe(file);
    await opened.append(moved('rolling_back'));
    expect((await store.open('run', 'run-1')).entries).toEqual([...RUN, moved('rolling_back')]);
  });

  it('keeps entries in the order in which they were given, also at once', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    const journal = await store.create('run', 'run-1', begun());
    await Promise.all(REST.map((entry) => journal.append(entry)));
    expect((await store.open('run', 'run-1')).entries).toEqual(RUN);
  });

  it('keeps an entry that is larger than what the system takes at once', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    const plan = aCleanupPlan({ tool_version: 'x'.repeat(3_000_000) });
    await store.create('plan', 'big', planned(plan));
    expect((await store.open('plan', 'big')).entries).toEqual([planned(plan)]);
  });

  it('belongs to this user alone, whatever the umask', async () => {
    for (const umask of ['000', '077', '777']) {
      await using sandbox = await Sandbox.create();
      const directory = sandbox.path('state', 'cleanup');
      const argv = ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath];
      spawnSync('sh', [...argv, ...child('fill', directory, 'run-1')]);
      for (const each of ['', 'runs']) {
        expect((await stat(path.join(directory, each))).mode & 0o777).toBe(0o700);
      }
      const file = path.join(directory, 'runs', 'run-1.jsonl');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await fileCleanupStore(directory).runs())[0]?.entries).toHaveLength(1_001);
    }
  }, 60_000);

  it('lists the oldest first, by when they were begun', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    for (const [id, at] of [
      ['c', 2],
      ['a', 3],
      ['b', 1],
      ['d', 2],
    ] as const) {
      await store.create('run', id, begun({ run_id: id, at: second(at) }));
    }
    expect((await store.runs()).map(({ id }) => id)).toEqual(['b', 'c', 'd', 'a']);
  });

  it('never makes a journal that is there', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    await refusal(store.create('run', 'run-1', begun()));
    expect((await store.open('run', 'run-1')).entries).toEqual(RUN);
    // A plan of the same name is another thing.
    await store.create('plan', 'run-1', planned());
  });

  it('takes no id that could name another file', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.path('cleanup'));
    const ids = [
      '',
      '.',
      '..',
      '../x',
      'a/b',
      '/etc/passwd',
      '.hidden',
      'a\0b',
      'a\nb',
      'x'.repeat(200),
    ];
    for (const id of ids) {
      await refusal(store.create('run', id, begun()));
      await refusal(store.open('run', id));
    }
    expect(await readdir(sandbox.directory)).toEqual([]);
  });

  it('passes over what is no journal', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    for (const name of ['notes.txt', '.run-2.jsonl', 'run-1.jsonl.bak', '.jsonl']) {
      await writeFile(sandbox.path('runs', name), 'x', { mode: 0o600 });
    }
    expect((await store.runs()).map(({ id }) => id)).toEqual(['run-1']);
  });
});

describe('a journal whose last line was cut short', () => {
  it('is read without it, and cut before the next entry', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    const file = sandbox.path('runs', 'run-1.jsonl');
    await writeRun(store, 'run-1', REST.slice(0, -1));
    const end = await readFile(`${file}.end`);
    await (await store.open('run', 'run-1')).append(moved('done', 200));
    const whole = await readFile(file);
    for (const missing of [1, 2, 20, 100]) {
      await writeFile(file, whole.subarray(0, whole.length - missing));
      // It is written once the line is on the disk.
      await writeFile(`${file}.end`, end);
      const [listed] = await store.runs();
      expect(listed).toMatchObject({ entries: RUN.slice(0, -1), damage: null });
      const journal = await store.open('run', 'run-1');
      expect(journal.entries).toEqual(RUN.slice(0, -1));
      // Nobody writes to a file for only reading it.
      expect((await stat(file)).size).toBe(whole.length - missing);
      await journal.append(moved('done', 200));
      expect(await readFile(file)).toEqual(whole);
    }
  });

  it('is damaged where that was its first: it has its name only with it', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    for (const kind of ['run', 'plan'] as const) {
      await store.create(kind, 'x', kind === 'run' ? begun() : planned());
      const file = sandbox.path(`${kind}s`, 'x.jsonl');
      for (const length of [100, 1, 0]) {
        await truncate(file, length);
        const listed = await (kind === 'run' ? store.runs() : store.plans());
        expect(listed).toMatchObject([{ id: 'x', damage: 'its first line is missing' }]);
        expect((await refusal(store.open(kind, 'x'))).message).toContain('first line is missing');
      }
    }
  });

  it('is whole up to what was promised where its process was killed', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    for (let round = 0; round < 4; round += 1) {
      const id = `run-${String(round)}`;
      const process_ = spawn(process.execPath, child('append', sandbox.directory, id), {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said = text(process_.stdout);
      await once(process_.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 20 + 17 * round));
      process_.kill('SIGKILL');
      const promised = Number((await said).trim().split('\n').at(-1));
      const journal = await store.open('run', id);
      expect(journal.entries.length).toBeGreaterThanOrEqual(promised);
      expect(journal.entries.length).toBeLessThanOrEqual(promised + 1);
      await journal.append(moved('done'));
      expect((await store.open('run', id)).entries.at(-1)).toEqual(moved('done'));
    }
  }, 60_000);
});

describe('the end of a journal', () => {
  it('is missed where whole lines are gone, or the last newline alone', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    const file = sandbox.path('runs', 'run-1.jsonl');
    const whole = await readFile(file);
    const lines = whole.toString('utf8').split('\n').slice(0, -1);
    for (let left = 1; left < lines.length; left += 1) {
      await writeFile(file, `${lines.slice(0, left).join('\n')}\n`);
      const damage = `it ends earlier than it did: ${left} of at least ${lines.length} lines are left`;
      expect(await store.runs()).toMatchObject([{ entries: RUN.slice(0, left), damage }]);
      expect((await refusal(store.open('run', 'run-1'))).message).toContain(damage);
    }
    await writeFile(file, whole.subarray(0, -1));
    expect((await store.runs())[0]?.damage).toContain('it ends earlier than it did');
    await writeFile(file, whole);
    expect((await store.runs())[0]?.damage).toBeNull();
  });

  it('is missed where lines are gone from a plan too, such as a rejection', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    const journal = await store.create('plan', 'p', planned());
    const file = sandbox.path('plans', 'p.jsonl');
    const before = await readFile(file);
    await journal.append(approved(ANN));
    await writeFile(file, before);
    expect((await store.plans())[0]?.damage).toContain('it ends earlier than it did');
  });

  it('is another than it was where other lines follow on', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    const file = sandbox.path('runs', 'run-1.jsonl');
    await writeRun(store, 'run-1', [moved('applying')]);
    const end = await readFile(`${file}.end`);
    await rm(file);
    await writeRun(store, 'run-1', [moved('verifying')]);
    await writeFile(`${file}.end`, end);
    expect((await store.runs())[0]?.damage).toBe('line 2 is another than it was');
  });

  it('may be kept late, or not at all, and the next entry sets it right', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    const file = sandbox.path('runs', 'run-1.jsonl');
    await writeRun(store, 'run-1', []);
    const late = await readFile(`${file}.end`);
    await rm(file);
    await writeRun(store, 'run-1', REST.slice(0, -1));
    // A process that was killed is late by one; a power cut may take more, the content or the whole of it.
    for (const kept of [late, Buffer.alloc(0), undefined]) {
      if (kept === undefined) await rm(`${file}.end`);
      else await writeFile(`${file}.end`, kept);
      expect((await store.runs())[0]?.damage).toBeNull();
    }
    await (await store.open('run', 'run-1')).append(moved('done', 200));
    const whole = await readFile(file, 'utf8');
    expect(whole.split('\n').at(-2)).toContain(
      (JSON.parse(await readFile(`${file}.end`, 'utf8')) as { sum: string }).sum,
    );
  });

  it('is damage where it is no end', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    await writeFile(sandbox.path('runs', 'run-1.jsonl.end'), '{"seq":0}');
    expect((await store.runs())[0]?.damage).toContain('run-1.jsonl.end is not what was written');
    await refusal(store.open('run', 'run-1'));
  });

  it('is not in the way of a journal that is made where another was taken away', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    await rm(sandbox.path('runs', 'run-1.jsonl'));
    expect(await store.runs()).toEqual([]);
    await writeRun(store, 'run-1', []);
    expect((await store.runs())[0]?.damage).toBeNull();
  });
});

describe('a damaged journal', () => {
  it('is listed with its damage among the others, and not opened', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await store.create('run', 'run-0', begun({ run_id: 'run-0', at: second(1) }));
    await writeRun(store);
    const file = sandbox.path('runs', 'run-1.jsonl');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.replace('"attempt":1', '"attempt":2'));
    const damage = 'line 3 is not what was written';
    expect(await store.runs()).toMatchObject([
      { id: 'run-0', damage: null },
      { id: 'run-1', entries: RUN.slice(0, 2), damage },
    ]);
    const error = await refusal(store.open('run', 'run-1'));
    expect(error.message).toBe(`${file} cannot be believed: ${damage}`);
    expect(error.details).toEqual({ path: file });
  });

  it('stands in the list where its file is as old as that, where it tells nothing else', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    for (const [id, at] of [
      ['a', 10],
      ['b', 20],
      ['c', 30],
    ] as const) {
      await store.create('run', id, begun({ run_id: id, at: second(at) }));
    }
    const file = sandbox.path('runs', 'b.jsonl');
    await writeFile(file, 'nothing\n');
    const between = new Date(second(20));
    await utimes(file, between, between);
    expect((await store.runs()).map(({ id, damage }) => [id, damage])).toEqual([
      ['a', null],
      ['b', 'line 1 is not what was written'],
      ['c', null],
    ]);
  });

  it('is one that lies under the name of another', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    await copyFile(sandbox.path('runs', 'run-1.jsonl'), sandbox.path('runs', 'run-2.jsonl'));
    await mkdir(sandbox.path('plans'), { mode: 0o700 });
    await copyFile(sandbox.path('runs', 'run-1.jsonl'), sandbox.path('plans', 'run-1.jsonl'));
    await refusal(store.open('run', 'run-2'));
    await refusal(store.open('plan', 'run-1'));
    await store.open('run', 'run-1');
  });

  it('is one that somebody else could have written', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    const file = sandbox.path('runs', 'run-1.jsonl');
    await chmod(file, 0o622);
    expect((await store.runs())[0]?.damage).toContain('may be written by other users');
    expect((await refusal(store.open('run', 'run-1'))).message).toContain('by other users');
    await chmod(file, 0o600);

    await rename(file, sandbox.path('elsewhere'));
    await symlink(sandbox.path('elsewhere'), file);
    expect((await store.runs())[0]?.damage).toBe('it is a link');
    await refusal(store.open('run', 'run-1'));
    await rm(file);
    await mkdir(file);
    expect((await store.runs())[0]?.damage).toContain('is no regular file');
    await refusal(store.open('run', 'run-1'));
  });

  it('says so where a newer version wrote it', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    const { canonicalJson, hashOf } = await import('../../../../src/lib/core/cleanup/plan-hash.ts');
    const file = sandbox.path('runs', 'run-1.jsonl');
    const last = JSON.parse((await readFile(file, 'utf8')).trim().split('\n').at(-1) ?? '') as {
      sum: string;
    };
    const entry = { type: 'audited' };
    const seq = RUN.length + 1;
    const sum = hashOf(`${last.sum}${canonicalJson(entry)}${String(seq)}`);
    await appendFile(file, `${canonicalJson({ entry, seq, sum })}\n`);
    const error = await refusal(store.open('run', 'run-1'));
    expect(error.message).toContain('line 8 was written by a newer version');
    expect(error.remediation).toEqual(['Update truenas-monitor.']);
  });
});

describe('a directory of clean-up', () => {
  it('is refused where others may write to it', async () => {
    await using sandbox = await Sandbox.create();
    const directory = sandbox.path('cleanup');
    const store = fileCleanupStore(directory);
    await writeRun(store);
    for (const each of [directory, path.join(directory, 'runs')]) {
      await chmod(each, 0o770);
      await refusal(store.runs());
      await refusal(store.open('run', 'run-1'));
      await refusal(store.create('run', 'run-2', begun()));
      await chmod(each, 0o700);
    }
    expect((await store.runs()).map(({ id }) => id)).toEqual(['run-1']);
  });

  it('is refused where it is none', async () => {
    await using sandbox = await Sandbox.create();
    await writeFile(sandbox.path('file'), '');
    const store = fileCleanupStore(sandbox.path('file'));
    const error = await refusal(store.create('run', 'run-1', begun()));
    expect(error.message).toContain('is no directory');
    await refusal(store.runs());
    await mkdir(sandbox.path('target'), { mode: 0o700 });
    await symlink(sandbox.path('target'), sandbox.path('link'));
    await refusal(fileCleanupStore(sandbox.path('link')).create('run', 'run-1', begun()));
    expect(await readdir(sandbox.path('target'))).toEqual([]);
  });

  it('is refused where nothing can be written', async () => {
    const store = fileCleanupStore('/proc/1/truenas-monitor/cleanup');
    const error = await refusal(store.create('run', 'run-1', begun()));
    expect(error.message).toMatch(/^\/proc\/1\/truenas-monitor\/cleanup\/runs cannot be made: /);
  });

  it.skipIf(process.getuid?.() === 0)('is refused where it is read-only', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    await chmod(sandbox.path('runs'), 0o500);
    const error = await refusal(store.create('run', 'run-2', begun()));
    expect(error.message).toContain('may not be used');
    expect(await store.runs()).toHaveLength(1);
    await chmod(sandbox.path('runs'), 0o700);
  });
});

describe('an entry that cannot be written', () => {
  /** In blocks of 512 bytes. */
  function limited(blocks: number, ...argv: readonly string[]): string[] {
    const shell = ['-c', `ulimit -f ${String(blocks)}; exec "$@"`, 'sh', process.execPath];
    const { stdout } = spawnSync('sh', [...shell, ...argv], { encoding: 'utf8' });
    return stdout.trim().split('\n');
  }

  it('is not there, the journal ends with the one before, and takes nothing more', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('runs', 'run-1.jsonl');
    const said = limited(20, ...child('fill', sandbox.directory, 'run-1'));
    expect(said).toEqual([
      `CLEANUP_STORE ${file} cannot be added to: it would be larger than this process may make a file`,
      expect.stringMatching(/^kept \d+$/),
      'and nothing more',
    ]);
    const kept = Number(said[1]?.split(' ')[1]);
    const bytes = await readFile(file);
    // What was written of it is cut off again.
    expect(bytes.at(-1)).toBe(0x0a);
    const store = fileCleanupStore(sandbox.directory);
    expect((await store.runs())[0]).toMatchObject({ damage: null });
    const journal = await store.open('run', 'run-1');
    expect(journal.entries).toHaveLength(kept);
    await journal.append(moved('stopped'));
    expect((await store.open('run', 'run-1')).entries).toHaveLength(kept + 1);
  });

  it('leaves no journal where it is the first', async () => {
    await using sandbox = await Sandbox.create();
    const [said] = limited(1, ...child('fill', sandbox.directory, 'run-1'));
    expect(said).toMatch(/^CLEANUP_STORE .*run-1\.jsonl cannot be made: /);
    expect(await readdir(sandbox.path('runs'))).toEqual([]);
  });

  it('is refused where the file was changed, replaced or removed meanwhile', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    const file = sandbox.path('runs', 'run-1.jsonl');
    await writeRun(store);
    const stale = await store.open('run', 'run-1');
    await (await store.open('run', 'run-1')).append(moved('rolling_back'));
    const error = await refusal(stale.append(moved('applying')));
    expect(error.message).toContain('was changed by somebody else meanwhile');

    const replaced = await store.open('run', 'run-1');
    await copyFile(file, sandbox.path('copy'));
    await chmod(sandbox.path('copy'), 0o600);
    await rename(sandbox.path('copy'), file);
    expect((await refusal(replaced.append(moved('applying')))).message).toContain('meanwhile');

    const linked = await store.open('run', 'run-1');
    await link(file, sandbox.path('other'));
    await rm(file);
    await symlink(sandbox.path('other'), file);
    expect((await refusal(linked.append(moved('applying')))).message).toContain('it is a link');

    await rm(file);
    const { message } = await refusal(linked.append(moved('applying')));
    expect(message).toContain('cannot be added to');
    expect(await readdir(sandbox.path('runs'))).toEqual(['run-1.jsonl.end']);
  });

  it('is refused after another one was, until the journal is read anew', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    const file = sandbox.path('runs', 'run-1.jsonl');
    const journal = await store.open('run', 'run-1');
    await chmod(file, 0o622);
    await refusal(journal.append(moved('rolling_back')));
    await chmod(file, 0o600);
    await refusal(journal.append(moved('rolling_back')));
    expect(journal.entries).toEqual(RUN);
    await (await store.open('run', 'run-1')).append(moved('rolling_back'));
  });

  it('goes to no device', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await writeRun(store);
    const journal = await store.open('run', 'run-1');
    const file = sandbox.path('runs', 'run-1.jsonl');
    await rm(file);
    await symlink('/dev/full', file);
    await refusal(journal.append(moved('rolling_back')));
    await refusal(store.create('run', 'run-1', begun()));
    const device = await open('/dev/full', constants.O_RDONLY);
    await device.close();
  });
});

describe('approvals of several people at once', () => {
  it('are all kept, or their command says that it has to be run again', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await store.create('plan', 'p', planned());
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, child('approve', sandbox.directory, 'p', '15'), {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const said = await Promise.all(children.map(({ stdout }) => text(stdout)));
    for (const each of said) expect(each).toMatch(/^written 15, /);
    const [journal] = await store.plans();
    expect(journal).toMatchObject({ damage: null });
    const reasons = journal?.entries.flatMap((entry) =>
      entry.type === 'approved' ? [entry.reason] : [],
    );
    expect(new Set(reasons).size).toBe(45);
  }, 60_000);

  it('are kept in one process too', async () => {
    await using sandbox = await Sandbox.create();
    const store = fileCleanupStore(sandbox.directory);
    await store.create('plan', 'p', planned());
    const [one, other] = await Promise.all([store.open('plan', 'p'), store.open('plan', 'p')]);
    const results = await Promise.allSettled([
      one.append(approved(ANN)),
      other.append(approved(BOB)),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await store.open('plan', 'p')).entries).toHaveLength(2);
  });
});
