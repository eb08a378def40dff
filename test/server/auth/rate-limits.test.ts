import { describe, expect, it } from 'vitest';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type Authenticator } from '../../../src/lib/server/auth/access.ts';
import { type AskOptions, type Reached, serving } from '../../support/serving.ts';

/** Knows every token that begins with `good`, and counts how often it is asked. */
function counting(): Authenticator & { asked: number } {
  const authenticator = {
    asked: 0,
    admit: async ({ authorization = '' }: { readonly authorization: string | undefined }) => {
      authenticator.asked += 1;
      const name = /^Bearer (good-.*)$/.exec(authorization)?.[1];
      return await Promise.resolve(
        name === undefined
          ? ({ state: 'unknown', reason: 'nobody knows you' } as const)
          : ({
              state: 'admitted',
              caller: { name, groups: [], role: 'viewer', namespaces: null, actor: null },
            } as const),
      );
    },
  };
  return authenticator;
}

async function times(
  count: number,
  { ask }: Pick<Reached, 'ask'>,
  path: string,
  options: AskOptions = {},
): Promise<Record<number, number>> {
  const seen: Record<number, number> = {};
  for (let at = 0; at < count; at += 1) {
    const { status } = await ask(path, options);
    seen[status] = (seen[status] ?? 0) + 1;
  }
  return seen;
}

const rateLimit = { max: 20, window: millis(60_000) };

describe('a client that asks too much', () => {
  it('is told when to come back, in the form of every error', async () => {
    const served = await serving({ authenticator: counting(), settings: { rateLimit } });
    expect(await times(20, served, '/test/viewer', { token: 'good-anna' })).toStrictEqual({
      200: 20,
    });
    const { status, headers, body } = await served.ask('/test/viewer', { token: 'good-anna' });
    expect([status, body.error.code]).toStrictEqual([429, 'TOO_MANY_REQUESTS']);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(body.error.details).toStrictEqual({ limit: 20, retry_after_seconds: seconds });
  });

  it('keeps nobody else from being served, who comes from the same address', async () => {
    const served = await serving({ authenticator: counting(), settings: { rateLimit } });
    const flood = Promise.all(
      Array.from(
        { length: 200 },
        async () => await served.ask('/test/viewer', { token: 'good-anna' }),
      ),
    );
    const other = await times(20, served, '/test/viewer', { token: 'good-bert' });
    const seen = Map.groupBy(await flood, ({ status }) => status);
    expect([other, seen.get(200)?.length, seen.get(429)?.length]).toStrictEqual([
      { 200: 20 },
      20,
      180,
    ]);
    expect((await served.ask('/health')).status).toBe(200);
  });

  it('may ask again when the time is over', async () => {
    const served = await serving({
      authenticator: counting(),
      settings: { rateLimit: { max: 2, window: millis(300) } },
    });
    expect(await times(3, served, '/test/viewer', { token: 'good-anna' })).toStrictEqual({
      200: 2,
      429: 1,
    });
    await expect
      .poll(async () => (await served.ask('/test/viewer', { token: 'good-anna' })).status)
      .toBe(200);
  });

  it('is counted for what is not there, too', async () => {
    const served = await serving({ authenticator: counting(), settings: { rateLimit } });
    expect(await times(22, served, '/nothing')).toStrictEqual({ 404: 20, 429: 2 });
  });

  it('has more of what everybody may ask, but not without end', async () => {
    const served = await serving({ authenticator: counting(), settings: { rateLimit } });
    expect(await times(102, served, '/health')).toStrictEqual({ 200: 100, 429: 2 });
  });
});

describe('whoever guesses tokens', () => {
  it('soon gets no more guesses, and nobody is asked about them', async () => {
    const authenticator = counting();
    const served = await serving({ authenticator, settings: { rateLimit } });
    const seen: number[] = [];
    for (let at = 0; at < 12; at += 1) {
      seen.push((await served.ask('/test/viewer', { token: `guess-${String(at)}` })).status);
    }
    expect(seen).toStrictEqual([...Array<number>(5).fill(401), ...Array<number>(7).fill(429)]);
    expect(authenticator.asked).toBe(5);
    const { status, headers } = await served.ask('/test/viewer', { token: 'good-new' });
    expect([status, headers.has('retry-after')]).toStrictEqual([429, true]);
  });

  it('does not lock out those with the same address who got in before', async () => {
    const served = await serving({ authenticator: counting(), settings: { rateLimit } });
    expect((await served.ask('/test/viewer', { token: 'good-anna' })).status).toBe(200);
    await times(10, served, '/test/viewer', { token: 'guess' });
    expect((await served.ask('/test/viewer', { token: 'good-anna' })).status).toBe(200);
  });

  it('is told apart by what proxies say that are trusted, and not by what others say', async () => {
    const trusting = await serving({
      authenticator: counting(),
      settings: { rateLimit, trustedProxies: ['127.0.0.1'] },
    });
    const from = (address: string): AskOptions => ({
      token: 'guess',
      headers: { 'x-forwarded-for': address },
    });
    await times(10, trusting, '/test/viewer', from('192.0.2.1'));
    expect((await trusting.ask('/test/viewer', from('192.0.2.2'))).status).toBe(401);

    const wary = await serving({ authenticator: counting(), settings: { rateLimit } });
    await times(10, wary, '/test/viewer', from('192.0.2.1'));
    expect((await wary.ask('/test/viewer', from('192.0.2.2'))).status).toBe(429);
  });
});
