import { expect, it, onTestFinished } from 'vitest';
import { readAgain } from '../../src/lib/app/second-read.ts';
import { type SecondReadPlan } from '../../src/lib/core/confirm/confirm.ts';
import { type ClusterReader } from '../../src/lib/ports/cluster.ts';
import { type NasReader } from '../../src/lib/ports/nas.ts';
import { aConnection } from '../support/surrounding-builders.ts';

const PLAN: SecondReadPlan = {
  clusterLists: new Set(['persistentVolumes']),
  systemLists: new Map([['nas1', new Set(['pools'])]]),
  datasets: new Map([['nas1', new Set(['tank/a'])]]),
  snapshots: new Map([['nas1', new Set(['tank/a@s'])]]),
};

/** Rejects once the signal is aborted, as every call that waits does. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

const none = () => Promise.reject(new Error('is not asked'));
const cluster: ClusterReader = {
  name: 'prod',
  identify: none,
  list: (_source, signal) => untilAborted(signal),
  connection: () => aConnection({ side: 'kubernetes', name: 'prod' }),
  close: () => Promise.resolve(),
};
const system: NasReader = {
  name: 'nas1',
  identify: none,
  list: (_source, signal) => untilAborted(signal),
  lookUpDatasets: (_ids, signal) => untilAborted(signal),
  lookUpSnapshots: (_ids, signal) => untilAborted(signal),
  connection: aConnection,
  close: () => Promise.resolve(),
};

it('leaves no failure behind that nobody waits for', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => {
    unhandled.push(reason);
  };
  process.on('unhandledRejection', note);
  onTestFinished(() => {
    process.off('unhandledRejection', note);
  });
  const controller = new AbortController();
  const reads = readAgain(PLAN, [cluster], [system], controller.signal);
  controller.abort(new Error('enough'));
  await expect(reads).rejects.toThrow('enough');
  // Unhandled rejections are told of once the queue of this turn is empty.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});
