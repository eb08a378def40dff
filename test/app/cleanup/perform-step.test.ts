import { describe, expect, it } from 'vitest';
import { type CleanupPorts } from '../../../src/lib/app/cleanup/cleanup-ports.ts';
import { type RunView } from '../../../src/lib/core/cleanup/run-view.ts';
import { TRUENAS_VERSIONS, type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { type Sent } from '../../../src/lib/ports/change-writer.ts';
import { cleanupSite, type CleanupSite } from '../../support/cleanup-site.ts';
import { crashCase } from '../../support/crash-cases.ts';
import { differences, objectsOf } from '../../support/world-objects.ts';

/*
 * What becomes of a step when its request or its answer is lost, when the answer is a lie, and when the server refuses: only what is seen
 * counts, and nothing goes on after a surprise.
 */

const DELETIONS = [
  'sharing.nfs.delete',
  'iscsi.targetextent.delete',
  'pool.dataset.delete',
  'zfs.resource.destroy',
];

async function calmEnd(name: string, version: TrueNasVersion) {
  const each = crashCase(name);
  await using site = await cleanupSite(each.build(version), each.options);
  await site.apply(await each.plan(site));
  return { objects: objectsOf(site.freeze().world), sent: site.sent.map((one) => one.type) };
}

function faultsOf({ running }: CleanupSite): TrueNasFaults {
  const [lab] = running.systems;
  if (lab === undefined) throw new Error('a system');
  return lab.faults;
}

const states = ({ steps }: RunView) => steps.map(({ state }) => state);

describe.each(TRUENAS_VERSIONS)('a destruction over TrueNAS %s', (version) => {
  const each = crashCase('destroy over nfs');

  it('is done where the answer was lost and the effect is seen', async () => {
    await using site = await cleanupSite(each.build(version), each.options);
    const plan = await each.plan(site);
    faultsOf(site).dropAfterActing = DELETIONS;
    const before = site.sent.length;
    const run = await site.apply(plan);
    expect(run.state).toBe('done');
    expect(run.steps.map(({ detail }) => detail)).toEqual([
      'no answer came, and it is done',
      'no answer came, and it is done',
    ]);
    expect(site.sent.length - before).toBe(2);
    expect(
      differences(objectsOf(site.freeze().world), (await calmEnd(each.name, version)).objects),
    ).toEqual([]);
  });

  it('is unknown where the request was lost, and is gone on with later', async () => {
    await using site = await cleanupSite(each.build(version), each.options);
    const plan = await each.plan(site);
    const start = objectsOf(site.freeze().world);
    faultsOf(site).lostRequests = DELETIONS;
    const run = await site.apply(plan);
    expect(run).toMatchObject({ state: 'unknown' });
    expect(run.reason).toContain('no answer came');
    expect(states(run)).toEqual(['unknown', null]);
    expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
    faultsOf(site).lostRequests = [];
    expect(await site.apply(plan)).toMatchObject({ id: run.id, state: 'done' });
    expect(
      differences(objectsOf(site.freeze().world), (await calmEnd(each.name, version)).objects),
    ).toEqual([]);
  });

  it('fails where the server says that it is done and it is not', async () => {
    await using site = await cleanupSite(each.build(version), each.options);
    const plan = await each.plan(site);
    const start = objectsOf(site.freeze().world);
    faultsOf(site).deletesLie = true;
    const run = await site.apply(plan);
    expect(run.state).toBe('failed');
    expect(run.reason).toContain('the server says that it is done, and it is not');
    expect(states(run)).toEqual(['failed', null]);
    expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
    await expect(site.apply(plan)).rejects.toThrow('was carried out by run');
  });

  it('fails where something has the dataset open, and keeps it', async () => {
    await using site = await cleanupSite(each.build(version), each.options);
    const plan = await each.plan(site);
    const dataset = plan.items[0]?.dataset ?? '';
    faultsOf(site).busyDatasets = [dataset];
    const run = await site.apply(plan);
    expect(run.state).toBe('failed');
    // TrueNAS 26 says that it is done all the same.
    expect(run.reason).toMatch(version === '26' ? /says that it is done, and it is not/ : /busy/);
    expect(states(run)).toEqual(['done', 'failed']);
    expect([...objectsOf(site.freeze().world).keys()]).toContain(`dataset ${dataset}`);
    // What was done before it can be undone.
    await site.rollback(run.id);
    expect(
      site.running.world.systems[0]?.nfsShares.some(({ path }) => path.endsWith(dataset)),
    ).toBe(true);
  });

  it.each([
    ['ENOTEMPTY', 39],
    ['EFAULT', 14],
    ['EBUSY', 16],
  ])('fails with what the server says where it refuses with %s', async (_, errno) => {
    await using site = await cleanupSite(each.build(version), each.options);
    const plan = await each.plan(site);
    const error = { kind: 'call', errno, message: 'the pool says no' } as const;
    faultsOf(site).errors = DELETIONS.slice(2).map((method) => ({ method, times: 9, error }));
    const run = await site.apply(plan);
    expect(run.state).toBe('failed');
    expect(run.reason).toContain('the pool says no');
    expect(states(run)).toEqual(['done', 'failed']);
  });
});

/** A server that takes long: what is sent is carried out after so many pauses, and nobody is told. */
function slow(pauses: number): {
  readonly around: (ports: CleanupPorts) => CleanupPorts;
  readonly arrive: () => Promise<void>;
} {
  let late: (() => Promise<Sent>) | undefined;
  let left = pauses;
  const arrive = async (): Promise<void> => {
    const act = late;
    late = undefined;
    await act?.();
  };
  return {
    arrive,
    around: (ports) => ({
      ...ports,
      pause: async () => {
        left -= 1;
        if (left <= 0) await arrive();
      },
      writers: {
        ...ports.writers,
        systems: ports.writers.systems.map((writer) => ({
          name: writer.name,
          observe: async (target, signal) => await writer.observe(target, signal),
          lacking: async (changes, signal) => await writer.lacking(changes, signal),
          send: async (change, signal) => {
            if (change.type !== 'destroy-dataset') return await writer.send(change, signal);
            // Sent again while the first is still under way: both arrive.
            await arrive();
            late = async () => await writer.send(change, signal);
            return { state: 'no-answer', reason: 'it took too long' };
          },
        })),
      },
    }),
  };
}

describe('a destruction that takes ten minutes', () => {
  const each = crashCase('destroy over nfs');

  it('is done where it is seen before patience is over', async () => {
    const late = slow(2);
    await using site = await cleanupSite(each.build('25.10'), { around: late.around });
    const run = await site.apply(await each.plan(site));
    expect(run.state).toBe('done');
    expect(run.steps.at(-1)?.detail).toBe('no answer came, and it is done');
  });

  it('is unknown after that, and found done later without being sent again', async () => {
    const late = slow(4);
    const ports: CleanupPorts[] = [];
    await using site = await cleanupSite(each.build('25.10'), {
      around: (given) => {
        const ours = { ...late.around(given), pause: () => Promise.resolve() };
        ports.push(ours);
        return ours;
      },
    });
    const plan = await each.plan(site);
    const run = await site.apply(plan);
    expect(run).toMatchObject({ state: 'unknown' });
    await expect(site.rollback(run.id)).rejects.toThrow('it is not known what became of all steps');
    const dataset = plan.items[0]?.dataset;
    const [system] = site.running.world.systems;
    if (system === undefined) throw new Error('a system');
    system.datasets = system.datasets.filter(({ id }) => id !== dataset);
    const sent = site.sent.length;
    const again = await site.apply(plan);
    expect(again.state).toBe('done');
    expect(again.steps.at(-1)?.detail).toBe('it was interrupted, and is done');
    expect(site.sent.length).toBe(sent);
  });
});

describe('a change in Kubernetes', () => {
  const each = crashCase('delete a volume without data');

  it.each(['PATCH', 'DELETE'])('is done where the answer to %s was lost', async (method) => {
    await using site = await cleanupSite(each.build('26'), each.options);
    const plan = await each.plan(site);
    const [lab] = site.running.clusters;
    if (lab === undefined) throw new Error('a cluster');
    // The rehearsal before it goes well.
    lab.faults.loseAnswer = { method, resource: 'persistentvolumes', skip: 1, times: 1 };
    const run = await site.apply(plan);
    expect(run.state).toBe('done');
    expect(
      run.steps.filter(({ detail }) => detail === 'no answer came, and it is done').length,
    ).toBe(1);
  });

  it.each(['PATCH', 'DELETE'])('is unknown where %s was lost, and gone on with', async (method) => {
    await using site = await cleanupSite(each.build('26'), each.options);
    const plan = await each.plan(site);
    const [lab] = site.running.clusters;
    if (lab === undefined) throw new Error('a cluster');
    lab.faults.loseRequest = { method, resource: 'persistentvolumes', skip: 1, times: 1 };
    const run = await site.apply(plan);
    expect(run.state).toBe('unknown');
    expect(await site.apply(plan)).toMatchObject({ id: run.id, state: 'done' });
  });

  it('is done though a finalizer keeps what is being deleted', async () => {
    await using site = await cleanupSite(each.build('26'), each.options);
    const plan = await each.plan(site);
    const [lab] = site.running.clusters;
    if (lab === undefined) throw new Error('a cluster');
    lab.faults.controllersStopped = true;
    expect(await site.apply(plan)).toMatchObject({ state: 'done' });
  });
});
