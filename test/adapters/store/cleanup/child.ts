// Another process with the same store. What it does and where come as arguments.
import { fileCleanupStore } from '../../../../src/lib/adapters/store/cleanup/file-store.ts';
import { localLock } from '../../../../src/lib/adapters/store/cleanup/local-lock.ts';
import { CleanupLockedError, MonitorError } from '../../../../src/lib/core/model/errors.ts';
import { ANN, approved, begun, moved } from '../../../support/cleanup-journals.ts';

const [task = '', directory = '', id = '', count = '1'] = process.argv.slice(2);
const signal = new AbortController().signal;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Until it is killed. */
async function forEver(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

async function hold(): Promise<void> {
  const held = await localLock(directory, { now: () => new Date() }).acquire(id, signal);
  say('held');
  await forEver();
  await held[Symbol.asyncDispose]();
}

async function tryOnce(): Promise<void> {
  try {
    await using held = await localLock(directory, { now: () => new Date() }).acquire(id, signal);
    await held.stillHeld(signal);
    say('held');
  } catch (error) {
    if (!(error instanceof CleanupLockedError)) throw error;
    say('refused');
  }
}

/** Takes the lock as often as it can get it, and says where somebody else was in at the same time. */
async function contend(): Promise<void> {
  const lock = localLock(directory, { now: () => new Date() });
  const { mkdirSync, rmdirSync } = await import('node:fs');
  let taken = 0;
  while (taken < Number(count)) {
    try {
      await using held = await lock.acquire(id, signal);
      mkdirSync(`${directory}/inside`);
      await new Promise((resolve) => setTimeout(resolve, 3));
      await held.stillHeld(signal);
      rmdirSync(`${directory}/inside`);
      taken += 1;
    } catch (error) {
      if (!(error instanceof CleanupLockedError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  say(`taken ${String(taken)}`);
}

/** Says something of one plan again and again, anew where somebody else was faster. */
async function approve(): Promise<void> {
  const store = fileCleanupStore(directory);
  let written = 0;
  let retried = 0;
  while (written < Number(count)) {
    const journal = await store.open('plan', id);
    try {
      await journal.append(approved(ANN, { reason: `${String(process.pid)} ${String(written)}` }));
      written += 1;
    } catch (error) {
      if (!(error instanceof MonitorError) || !error.message.includes('meanwhile')) throw error;
      retried += 1;
    }
  }
  say(`written ${String(written)}, tried again ${retried === 0 ? 'never' : 'sometimes'}`);
}

/** Writes until the limit of this process for files, and says what came of it. */
async function fill(): Promise<void> {
  const store = fileCleanupStore(directory);
  let journal;
  try {
    journal = await store.create('run', id, begun({ run_id: id }));
  } catch (error) {
    say(error instanceof MonitorError ? `${error.code} ${error.message}` : String(error));
    return;
  }
  for (let index = 0; index < 1_000; index += 1) {
    try {
      await journal.append(moved(index % 2 === 0 ? 'applying' : 'verifying'));
    } catch (error) {
      say(error instanceof MonitorError ? `${error.code} ${error.message}` : String(error));
      say(`kept ${String(journal.entries.length)}`);
      await journal.append(moved('done')).then(
        () => {
          say('and went on');
        },
        () => {
          say('and nothing more');
        },
      );
      return;
    }
  }
}

/** Appends for ever, and says how many entries are on the disk. */
async function append(): Promise<void> {
  const journal = await fileCleanupStore(directory).create('run', id, begun({ run_id: id }));
  for (;;) {
    say(String(journal.entries.length));
    await journal.append(moved('applying'));
  }
}

const TASKS: Readonly<Record<string, () => Promise<void>>> = {
  hold,
  try: tryOnce,
  contend,
  approve,
  fill,
  append,
};
await TASKS[task]?.();
