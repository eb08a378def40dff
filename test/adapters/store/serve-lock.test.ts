import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockForServing } from '../../../src/lib/adapters/store/serve-lock.ts';
import { AlreadyServingError } from '../../../src/lib/core/model/errors.ts';

interface Site {
  readonly directory: string;
  readonly log: string[];
  /** Serves, until the test ends or it is told to end. */
  readonly serve: () => Promise<AsyncDisposable>;
}

async function aSite(): Promise<Site> {
  const parent = await mkdtemp(join(tmpdir(), 'serve-lock-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const directory = join(parent, 'serve');
  const log: string[] = [];
  const serve = async (): Promise<AsyncDisposable> => {
    const lock = await lockForServing(directory, {
      log: (level, message) => log.push(`${level} ${message}`),
    });
    onTestFinished(() => lock[Symbol.asyncDispose]());
    return lock;
  };
  return { directory, log, serve };
}

async function refusal(serve: () => Promise<AsyncDisposable>): Promise<AlreadyServingError> {
  const error: unknown = await serve().catch((thrown: unknown) => thrown);
  if (error instanceof AlreadyServingError) return error;
  throw new Error('nobody refused it');
}

test('a second server is refused, is told who serves, and what to do about it', async () => {
  const { directory, serve, log } = await aSite();
  await serve();
  const { code, class: kind, message, remediation, details } = await refusal(serve);
  expect([code, kind]).toEqual(['ALREADY_SERVING', 'configuration']);
  expect(message).toBe(`process ${String(process.pid)} serves with this state directory already`);
  expect(remediation.join(' ')).toContain('XDG_STATE_HOME=DIR');
  expect(details).toEqual({ directory, pid: process.pid });
  expect(log).toEqual([]);
});

test('it is free again once the first has ended, and nothing but the lock is left behind', async () => {
  const { directory, serve } = await aSite();
  for (let time = 0; time < 3; time += 1) {
    const lock = await serve();
    expect(await readdir(directory)).toContain('serve.json');
    await lock[Symbol.asyncDispose]();
  }
  expect(await readdir(directory)).toEqual(['serve.lock']);
});

test('a refused one takes nothing from the first', async () => {
  const { directory, serve } = await aSite();
  await serve();
  await refusal(serve);
  await refusal(serve);
  expect(JSON.parse(await readFile(join(directory, 'serve.json'), 'utf8'))).toEqual({
    pid: process.pid,
  });
});

test('what one left behind that was killed is in nobody’s way', async () => {
  const { directory, serve, log } = await aSite();
  await (await serve())[Symbol.asyncDispose]();
  await writeFile(join(directory, 'serve.json'), '{"pid":1}', { mode: 0o600 });
  await serve();
  expect(JSON.parse(await readFile(join(directory, 'serve.json'), 'utf8'))).toEqual({
    pid: process.pid,
  });
  expect(log).toEqual([]);
});

test.each(['', '{', '{"pid":"x"}'])(
  'a note that says nothing (%j) changes the words alone',
  async (note) => {
    const { directory, serve } = await aSite();
    await serve();
    await writeFile(join(directory, 'serve.json'), note, { mode: 0o600 });
    const { message, details } = await refusal(serve);
    expect(message).toBe('another process serves with this state directory already');
    expect(details).toEqual({ directory });
  },
);

test('where nothing can be written it goes on, and says that nothing keeps a second one away', async () => {
  const { directory, serve, log } = await aSite();
  // Also for the user that may do everything: a file where the directory would be.
  await writeFile(directory, '', { mode: 0o600 });
  await chmod(directory, 0o600);
  await serve();
  await serve();
  expect(new Set(log)).toEqual(
    new Set(['warn nothing keeps a second server from this state directory']),
  );
});
