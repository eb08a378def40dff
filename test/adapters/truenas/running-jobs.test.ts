import { describe, expect, it } from 'vitest';
import { jobList } from '../../../src/lib/adapters/truenas/running-jobs.ts';
import { type ReplicationTask } from '../../../src/lib/core/model/truenas-tasks.ts';
import { patient } from './fake-nas.ts';

const TASK: ReplicationTask = {
  system: 'nas1',
  id: 4,
  name: 'offsite',
  direction: 'PUSH',
  local: true,
  sources: ['tank/a', 'tank/b'],
  target: 'fast/copy',
  recursive: true,
  enabled: true,
  snapshotTasks: [],
  alsoSends: [],
};

interface Read {
  readonly datasets: readonly (readonly string[])[];
  readonly misfits: readonly string[];
  readonly askedForTasks: number;
}

async function read(...rows: readonly unknown[]): Promise<Read> {
  let askedForTasks = 0;
  const list = jobList(
    'nas1',
    () => Promise.resolve(rows),
    () => {
      askedForTasks += 1;
      return Promise.resolve({ items: [TASK], misfits: [] });
    },
  );
  const { items, misfits } = await list(patient());
  return {
    datasets: items.map(({ datasets }) => datasets),
    misfits: misfits.map(({ why }) => why),
    askedForTasks,
  };
}

const job = (method: string, ...args: unknown[]) => ({ id: 1, method, arguments: args });

describe('the jobs under way', () => {
  it.each([
    ['a dataset', job('pool.dataset.lock', 'tank/a', { force: true }), ['tank/a']],
    ['a snapshot', job('pool.snapshot.rollback', 'tank/a@s'), ['tank/a']],
    ['a path', job('zfs.resource.destroy', { path: 'tank/a@s' }), ['tank/a']],
    [
      'several paths',
      job('zfs.resource.query', { paths: ['tank/a', 'tank/b'] }),
      ['tank/a', 'tank/b'],
    ],
    ['a mount path', job('pool.dataset.permission', '/mnt/tank/a'), ['tank/a']],
    [
      'both sides of a replication',
      job('replication.run_onetime', { source_datasets: ['tank/a'], target_dataset: 'fast/b' }),
      ['tank/a', 'fast/b'],
    ],
    [
      'a snapshot and its clone',
      job('pool.snapshot.clone', { snapshot: 'tank/a@s', dataset_dst: 'tank/c' }),
      ['tank/c', 'tank/a'],
    ],
    ['the same twice', job('zfs.x', { path: 'tank/a', name: 'tank/a@s' }), ['tank/a']],
    [
      'many',
      job('core.bulk', 'pool.snapshot.delete', [['tank/a@s'], ['tank/b@s']]),
      ['tank/a', 'tank/b'],
    ],
  ])('are read for what they name: %s', async (_what, row, datasets) => {
    expect(await read(row)).toEqual({ datasets: [datasets], misfits: [], askedForTasks: 0 });
  });

  it.each([
    ['about something else', job('pool.scrub.scrub', 'tank')],
    ['many of something else', job('core.bulk', 'user.delete', [[1]])],
    ['many of nothing', job('core.bulk', 'pool.snapshot.delete', 'all')],
    ['about no dataset', job('pool.dataset.lock')],
    ['about an empty name', job('pool.dataset.lock', '')],
    ['of tasks of another kind', job('pool.snapshottask.run', 1)],
  ])('leave out what is %s', async (_what, row) => {
    expect(await read(row)).toEqual({ datasets: [], misfits: [], askedForTasks: 0 });
  });

  it('name the datasets of the task they run', async () => {
    expect(await read(job('replication.run', 4))).toEqual({
      datasets: [['tank/a', 'tank/b', 'fast/copy']],
      misfits: [],
      askedForTasks: 1,
    });
  });

  it('are not understood where they run a task nobody knows', async () => {
    const { datasets, misfits } = await read(job('replication.run', 5));
    expect(datasets).toEqual([]);
    expect(misfits).toEqual(['the task it runs is not known']);
  });

  it('are each there once', async () => {
    const row = job('pool.dataset.lock', 'tank/a');
    expect((await read(row, row)).datasets).toHaveLength(1);
  });

  it('keep no argument but the names', async () => {
    const list = jobList(
      'nas1',
      () => Promise.resolve([job('pool.dataset.unlock', 'tank/a', { passphrase: 'hush' })]),
      () => Promise.resolve({ items: [], misfits: [] }),
    );
    expect(JSON.stringify(await list(patient()))).not.toContain('hush');
  });
});
