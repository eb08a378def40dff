import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readExposition } from '../../support/exposition.ts';
import { type Served, serveScans } from '../../support/served.ts';

const MEASURED = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  (name) => `nodejs_eventloop_lag_${name}_seconds`,
);

async function lags({ server }: Served): Promise<readonly (readonly [string, number])[]> {
  const families = readExposition((await server.inject('/metrics')).body);
  return MEASURED.flatMap((name) =>
    [...(families.get(name)?.samples.values() ?? [])].map((value) => [name, value] as const),
  );
}

describe('the lag of the event loop', () => {
  it('is there on the first scrape, measured since the server was made', async () => {
    await using served = await serveScans({ results: [] });
    await wait(60);
    const first = await lags(served);
    expect(first.map(([name]) => name)).toEqual(MEASURED);
    for (const [name, value] of first) expect(value, name).toBeLessThan(60);
  });

  it('has no sample, and no number that is none, where nothing was measured since the last scrape', async () => {
    await using served = await serveScans({ results: [] });
    const counts = new Set<number>();
    // A measurement takes ten milliseconds, and on a busy machine so may a scrape.
    for (let scrape = 0; scrape < 50; scrape += 1) {
      const seen = await lags(served);
      counts.add(seen.length);
      for (const [name, value] of seen) expect(value, name).toBeLessThan(60);
    }
    expect(counts).toContain(0);
    await wait(60);
    expect((await lags(served)).map(([name]) => name)).toEqual(MEASURED);
  });
});
