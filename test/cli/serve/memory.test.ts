import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { anEngineSite } from '../../support/engine-site.ts';
import { worldToCleanUp } from '../../support/real-cleanup.ts';
import type { Counts, Held, ScanMany } from '../../support/scan-many.ts';

/** Two thirds of them after the warm-up: whatever is held of each adds up. */
const SCANS = 45;
const WARM = 15;
const AFTER = SCANS - WARM;

test('however often it scans, no more is held than the last result', async () => {
  const { config, directory } = await anEngineSite(worldToCleanUp('25.10'));
  const begin: ScanMany = { config, scans: SCANS, warm: WARM };
  const thread = new Worker(new URL('../../support/scan-many.ts', import.meta.url), {
    workerData: begin,
    env: { XDG_STATE_HOME: join(directory, 'state'), XDG_CACHE_HOME: join(directory, 'cache') },
  });
  const [held] = (await once(thread, 'message')) as [Held];
  await once(thread, 'exit');
  expect(held).toMatchObject({ done: SCANS, failed: 0, of: SCANS * 4 });
  // All parts of the last result, and none of those before it.
  expect(held.parts).toBeLessThanOrEqual(4);
  const grown = (what: keyof Counts): number => held.after[what] - held.before[what];
  for (const what of ['arrays', 'maps', 'sets', 'promises', 'texts'] as const) {
    expect(grown(what), what).toBeLessThan(AFTER / 2);
  }
  // A run that is remembered has three of them.
  expect(grown('dates')).toBeLessThan(AFTER * 3.5);
}, 90_000);
