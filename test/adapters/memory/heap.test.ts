import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { heap } from '../../../src/lib/adapters/memory/heap.ts';

/** More than a heap has to hold before it is worth going through. */
function ballast(): unknown[] {
  return Array.from({ length: 3_000_000 }, (_, at) => ({ at }));
}

test('gives back what is no longer in use', () => {
  let kept: unknown[] | undefined = ballast();
  const held = process.memoryUsage().heapUsed;
  expect(kept).toHaveLength(3_000_000);
  kept = undefined;
  heap.release();
  expect(held - process.memoryUsage().heapUsed).toBeGreaterThan(50_000_000);
});

test('hands the collector to nobody', () => {
  ballast();
  heap.release();
  expect(globalThis.gc).toBeUndefined();
});

test('gives back to the system what a heap has grown by, where there is time for it', () => {
  ballast();
  heap.release();
  const grown = process.memoryUsage().heapTotal;
  heap.rest();
  const { heapTotal, heapUsed } = process.memoryUsage();
  expect(heapTotal).toBeLessThanOrEqual(grown);
  expect(heapTotal - heapUsed).toBeLessThan(32_000_000);
});

test('does no harm where several threads look for the collector at once, whose flag they share', async () => {
  const heapOf = new URL('../../../src/lib/adapters/memory/heap.ts', import.meta.url).href;
  // The same file by another name is a module that has looked for nothing yet.
  const often = `
    const { workerData } = require('node:worker_threads');
    (async () => {
      for (let time = 0; time < 40; time += 1) {
        const { collectGarbage } = await import(workerData + '?' + time);
        collectGarbage();
      }
    })();`;
  const workers = Array.from(
    { length: 4 },
    () => new Worker(often, { eval: true, workerData: heapOf }),
  );
  const ends = workers.map(async (worker): Promise<unknown> => await once(worker, 'exit'));
  expect(await Promise.all(ends)).toEqual(workers.map(() => [0]));
});
