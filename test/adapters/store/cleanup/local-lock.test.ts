import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { localLock } from '../../../../src/lib/adapters/store/cleanup/local-lock.ts';
import { CleanupLockedError, CleanupStoreError } from '../../../../src/lib/core/model/errors.ts';
import { type HeldLock } from '../../../../src/lib/ports/cleanup-store.ts';
import { Sandbox } from '../../../support/run-command.ts';

const CHILD = path.join(import.meta.dirname, 'child.ts');
const NOW = new Date('2026-11-22T01:02:03.000Z');
const clock = { now: () => NOW };
const { signal } = new AbortController();

function start(
  ...argv: readonly string[]
): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  return spawn(process.execPath, [CHILD, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function take(directory: string, run = 'run-1'): Promise<HeldLock> {
  return await localLock(directory, clock).acquire(run, signal);
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

describe('the lock of this machine', () => {
  it('is had by one at a time, and free as soon as it is given back', async () => {
    await using sandbox = await Sandbox.create();
    const directory = sandbox.path('cleanup');
    const held = await take(directory);
    await held.stillHeld(signal);
    await expect(take(directory)).rejects.toThrow(CleanupLockedError);
    await held[Symbol.asyncDispose]();
    await using again = await take(directory);
    await again.stillHeld(signal);
    await expect(held.stillHeld(signal)).rejects.toThrow(CleanupLockedError);
  });

  it('is had by one of many that ask for it at once, also where it is new', async () => {
    for (let round = 0; round < 20; round += 1) {
      await using sandbox = await Sandbox.create();
      const asked = Array.from({ length: 5 }, () => take(sandbox.directory));
      const all = await Promise.allSettled(asked);
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
  });

  it('is not lost to those who ask for it in vain, as it would be if they closed its file', async () => {
    await using sandbox = await Sandbox.create();
    const asked = Array.from({ length: 5 }, () => take(sandbox.directory));
    const all = await Promise.allSettled(asked);
    const ask = async (): Promise<string> =>
      await text(start('try', sandbox.directory, 'run-2').stdout);
    expect(await ask()).toBe('refused\n');
    for (const each of all) {
      if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
    }
    expect(await ask()).toBe('held\n');
  });

  it('belongs to this user alone', async () => {
    await using sandbox = await Sandbox.create();
    await using held = await take(sandbox.path('cleanup'));
    await held.stillHeld(signal);
    expect((await stat(sandbox.path('cleanup'))).mode & 0o777).toBe(0o700);
    for (const name of ['lock.db', 'lock.json']) {
      expect((await stat(sandbox.path('cleanup', name))).mode & 0o777).toBe(0o600);
    }
  });

  it('says who has it to whoever comes second', async () => {
    await using sandbox = await Sandbox.create();
    await using held = await take(sandbox.directory, 'run-7');
    await held.stillHeld(signal);
    const error = await failureOf(take(sandbox.directory));
    expect(error).toBeInstanceOf(CleanupLockedError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          `^another clean-up is under way: run run-7 of process ${String(process.pid)} on .+, since 2026-11-22T01:02:03.000Z$`,
        ),
      ) as unknown,
      details: { pid: process.pid, run_id: 'run-7', since: NOW.toISOString() },
    });
  });

  it('is refused all the same where nobody can tell who has it', async () => {
    await using sandbox = await Sandbox.create();
    await using held = await take(sandbox.directory);
    await held.stillHeld(signal);
    const note = sandbox.path('lock.json');
    const message = `another clean-up is under way: another process has ${sandbox.path('lock.db')}`;
    for (const content of ['', '{}', 'no JSON', '{"pid":"x"}']) {
      await writeFile(note, content);
      await expect(take(sandbox.directory)).rejects.toThrow(message);
    }
    await rm(note);
    await expect(take(sandbox.directory)).rejects.toThrow(message);
    const holder = { pid: 1, host: 'a\u001b[2J', run: 'r', since: NOW.toISOString() };
    await writeFile(note, JSON.stringify(holder), { mode: 0o600 });
    await expect(take(sandbox.directory)).rejects.toThrow('on a\\x1b[2J, since');
  });

  it('leaves no name behind', async () => {
    await using sandbox = await Sandbox.create();
    const held = await take(sandbox.directory);
    await held[Symbol.asyncDispose]();
    expect(await readdir(sandbox.directory)).toEqual(['lock.db']);
    expect(await readFile(sandbox.path('lock.db'), 'utf8')).toBe('');
  });

  it('can be given back twice', async () => {
    await using sandbox = await Sandbox.create();
    const held = await take(sandbox.directory);
    await held[Symbol.asyncDispose]();
    await held[Symbol.asyncDispose]();
  });

  it('is not taken by who was told to stop', async () => {
    await using sandbox = await Sandbox.create();
    const stopped = AbortSignal.abort(new Error('stopped'));
    const lock = localLock(sandbox.path('cleanup'), clock);
    await expect(lock.acquire('run-1', stopped)).rejects.toThrow('stopped');
    expect(await readdir(sandbox.directory)).toEqual([]);
  });

  it('is lost where somebody removes or replaces its file', async () => {
    await using sandbox = await Sandbox.create();
    await using held = await take(sandbox.directory);
    await rm(sandbox.path('lock.db'));
    await expect(held.stillHeld(signal)).rejects.toThrow(CleanupLockedError);
    await using other = await take(sandbox.directory, 'run-2');
    await other.stillHeld(signal);
    await expect(held.stillHeld(signal)).rejects.toThrow('was removed or replaced');
  });

  it('is no file that others could have made, and no link', async () => {
    await using sandbox = await Sandbox.create();
    const file = sandbox.path('lock.db');
    await writeFile(file, '');
    await chmod(file, 0o666);
    await expect(take(sandbox.directory)).rejects.toThrow(CleanupStoreError);
    await rm(file);
    await symlink(sandbox.path('elsewhere'), file);
    await expect(take(sandbox.directory)).rejects.toThrow('is no regular file');
    await rm(file);
    await mkdir(file);
    await expect(take(sandbox.directory)).rejects.toThrow(CleanupStoreError);
    await rm(file, { recursive: true });
    await chmod(sandbox.directory, 0o777);
    await expect(take(sandbox.directory)).rejects.toThrow('may be written by other users');
  });

  it('is not had where it cannot be said who has it', async () => {
    await using sandbox = await Sandbox.create();
    await mkdir(sandbox.path('lock.json'));
    await expect(take(sandbox.directory)).rejects.toThrow(CleanupStoreError);
    await rm(sandbox.path('lock.json'), { recursive: true });
    await using held = await take(sandbox.directory);
    await held.stillHeld(signal);
  });
});

describe('the lock among processes', () => {
  it('is refused at once while another process has it, and free when that is killed', async () => {
    await using sandbox = await Sandbox.create();
    const child = start('hold', sandbox.directory, 'run-9');
    try {
      await once(child.stdout, 'data');
      const before = performance.now();
      await expect(take(sandbox.directory)).rejects.toThrow(
        `run run-9 of process ${String(child.pid)} on `,
      );
      expect(performance.now() - before).toBeLessThan(1_000);
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'close');
    // What it left of its name means nothing any more.
    expect(await readdir(sandbox.directory)).toContain('lock.json');
    await using held = await take(sandbox.directory);
    await held.stillHeld(signal);
    await expect(take(sandbox.directory)).rejects.toThrow(`of process ${String(process.pid)} on`);
  });

  it('lets in one at a time, however many want to', async () => {
    await using sandbox = await Sandbox.create();
    const children = ['a', 'b', 'c'].map((run) => start('contend', sandbox.directory, run, '20'));
    const said = await Promise.all(children.map(({ stdout }) => text(stdout)));
    expect(said).toEqual(['taken 20\n', 'taken 20\n', 'taken 20\n']);
  }, 60_000);
});
