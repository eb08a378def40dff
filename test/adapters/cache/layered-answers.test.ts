import { expect, it } from 'vitest';
import { layeredAnswers } from '../../../src/lib/adapters/cache/layered-answers.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type KeptAnswer, type SharedAnswers } from '../../../src/lib/ports/answer-cache.ts';

const START = Date.parse('2026-11-22T12:00:00Z');

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function textOf({ body }: KeptAnswer): string {
  return new TextDecoder().decode(body);
}

function setUp(shared: SharedAnswers | null = null, room?: number) {
  const time = { now: START };
  const made: string[] = [];
  const cache = layeredAnswers({
    lifetime: millis(30_000),
    clock: { now: () => new Date(time.now) },
    logger: { log: () => undefined },
    shared,
    ...(room !== undefined && { room }),
  });
  const ask = async (scan: string, question = 'report html'): Promise<string> =>
    textOf(
      await cache.get(question, {
        scan,
        make: () => {
          made.push(scan);
          return Promise.resolve(bytes(`${question} of ${scan}`));
        },
      }),
    );
  return { time, made, cache, ask };
}

it('makes an answer once, however many ask at the same time', async () => {
  const { cache } = setUp();
  const gate = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  let made = 0;
  const asked = Array.from({ length: 20 }, () =>
    cache.get('report pdf', {
      scan: 'a',
      make: () => {
        made += 1;
        return gate.promise;
      },
    }),
  );
  gate.resolve(bytes('pdf'));
  expect(new Set((await Promise.all(asked)).map(textOf))).toEqual(new Set(['pdf']));
  expect(made).toBe(1);
});

it('hands out what is past its time once more, and makes the next meanwhile', async () => {
  const { time, ask, cache } = setUp();
  expect(await ask('a')).toBe('report html of a');
  time.now += 29_000;
  expect(await ask('b')).toBe('report html of a');
  time.now += 2_000;
  expect(await ask('b')).toBe('report html of a');
  await new Promise(setImmediate);
  expect(await ask('b')).toBe('report html of b');
  expect(cache.counts).toEqual({ hit: 2, stale: 1, miss: 1 });
});

it('does not make anew what would come out the same', async () => {
  const { time, made, ask } = setUp();
  await ask('a');
  time.now += 60_000;
  await ask('a');
  await new Promise(setImmediate);
  time.now += 60_000;
  await ask('a');
  expect(made).toEqual(['a']);
});

it('hands out nothing so old that nobody should see it', async () => {
  const { time, ask } = setUp();
  await ask('a');
  time.now += 301_000;
  expect(await ask('b')).toBe('report html of b');
});

it('keeps no failure, and tells it to whoever asked', async () => {
  const { cache, ask } = setUp();
  const failing = { scan: 'a', make: () => Promise.reject(new Error('no kept scan')) };
  await expect(cache.get('report html', failing)).rejects.toThrow('no kept scan');
  expect(await ask('a')).toBe('report html of a');
});

it('has no more room than it is given', async () => {
  const { made, ask } = setUp(null, 200);
  for (let index = 0; index < 20; index += 1) await ask('a', `explain json pv/${index}`);
  await ask('a', 'explain json pv/0');
  expect(made).toHaveLength(21);
});

it('takes from the shared layer what was made of the same scan, and nothing else', async () => {
  const kept = new Map<string, KeptAnswer>();
  const shared: SharedAnswers = {
    load: (question) => Promise.resolve(kept.get(question)),
    keep: (question, answer) => {
      kept.set(question, answer);
      return Promise.resolve();
    },
  };
  const first = setUp(shared);
  const second = setUp(shared);
  await first.ask('a');
  expect(await second.ask('a')).toBe('report html of a');
  expect(second.made).toEqual([]);
  const third = setUp(shared);
  expect(await third.ask('b')).toBe('report html of b');
});

it('does without a shared layer that fails', async () => {
  const { ask } = setUp({
    load: () => Promise.reject(new Error('down')),
    keep: () => Promise.reject(new Error('down')),
  });
  expect(await ask('a')).toBe('report html of a');
});
