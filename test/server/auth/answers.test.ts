import { expect, it } from 'vitest';
import { millis } from '../../../src/lib/core/model/units.ts';
import { Answers } from '../../../src/lib/server/auth/answers.ts';

interface Answer {
  readonly text: string;
}

function answers(overrides: { max?: number; atOnce?: number } = {}): Answers<Answer> {
  return new Answers<Answer>({
    max: 10,
    atOnce: 2,
    deadline: millis(100),
    goodFor: () => millis(60_000),
    noAnswer: (text) => ({ text }),
    ...overrides,
  });
}

const yes = async (): Promise<Answer> => await Promise.resolve({ text: 'yes' });
const never = async (signal: AbortSignal): Promise<Answer> =>
  await new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });

it('gives up on a question that takes too long, for all who wait', async () => {
  const kept = answers();
  const both = await Promise.all([kept.get('a', never), kept.get('a', never)]);
  expect(both).toStrictEqual([
    { text: 'no answer within 0.1 s' },
    { text: 'no answer within 0.1 s' },
  ]);
});

it('asks no more at once than it may', async () => {
  const kept = answers();
  const waiting = [kept.get('a', never), kept.get('b', never)];
  expect(await kept.get('c', yes)).toStrictEqual({ text: 'too many callers' });
  await Promise.all(waiting);
  expect(await kept.get('c', yes)).toStrictEqual({ text: 'yes' });
});

it('forgets what was not asked for longest', async () => {
  const kept = answers({ max: 2 });
  let asked = 0;
  const counted = async (): Promise<Answer> => {
    asked += 1;
    return await yes();
  };
  for (const name of ['a', 'b', 'c', 'c', 'b', 'a']) await kept.get(name, counted);
  expect(asked).toBe(4);
});

it('keeps no failure of its own', async () => {
  const kept = answers();
  await expect(kept.get('a', () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  expect(await kept.get('a', yes)).toStrictEqual({ text: 'yes' });
});
