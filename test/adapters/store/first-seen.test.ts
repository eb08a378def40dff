import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { firstSeenFile } from '../../../src/lib/adapters/store/first-seen.ts';
import { Sandbox } from '../../support/run-command.ts';

const DATE = new Date('2026-11-22T12:00:00Z');

describe('first-seen dates', () => {
  it('come back as they were saved, and exactly these', async () => {
    await using sandbox = await Sandbox.create();
    const store = firstSeenFile(sandbox.path('state', 'seen.json'), { log: () => undefined });
    expect(await store.load()).toEqual(new Map());
    await store.save(
      new Map([
        ['a', DATE],
        ['b', DATE],
      ]),
    );
    await store.save(new Map([['b', DATE]]));
    expect(await store.load()).toEqual(new Map([['b', DATE]]));
  });

  it.each([
    'null',
    '{}',
    '{"format":2,"dates":[["a","2026-01-01T00:00:00Z"]]}',
    '{"format":1}',
    '{"format":1,"dates":7}',
  ])('are none in %s', async (text) => {
    await using sandbox = await Sandbox.create();
    await writeFile(sandbox.path('seen.json'), text, { mode: 0o600 });
    const store = firstSeenFile(sandbox.path('seen.json'), { log: () => undefined });
    expect(await store.load()).toEqual(new Map());
  });

  it('leave out what is no date', async () => {
    await using sandbox = await Sandbox.create();
    const dates = [['a', 'never'], ['b'], 'c', [1, '2026-01-01'], ['d', DATE.toISOString()]];
    await writeFile(sandbox.path('seen.json'), JSON.stringify({ format: 1, dates }), {
      mode: 0o600,
    });
    const store = firstSeenFile(sandbox.path('seen.json'), { log: () => undefined });
    expect(await store.load()).toEqual(new Map([['d', DATE]]));
  });

  it('are none, with a debug line, where the file cannot be read or written', async () => {
    await using sandbox = await Sandbox.create();
    await writeFile(sandbox.path('seen.json'), '{', { mode: 0o600 });
    const messages: string[] = [];
    const log = (_level: string, message: string): void => {
      messages.push(message);
    };
    expect(await firstSeenFile(sandbox.path('seen.json'), { log }).load()).toEqual(new Map());
    await firstSeenFile(sandbox.path('seen.json', 'x'), { log }).save(new Map());
    expect(messages).toEqual([
      'first-seen dates are not used',
      'first-seen dates could not be kept',
    ]);
  });
});
