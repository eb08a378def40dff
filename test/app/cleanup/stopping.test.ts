import { describe, expect, it } from 'vitest';
import { type CleanupPorts } from '../../../src/lib/app/cleanup/cleanup-ports.ts';
import { nobodyLooksOn } from '../../../src/lib/app/cleanup/observer.ts';
import { type Proven } from '../../../src/lib/app/cleanup/proof.ts';
import { rehearseSteps } from '../../../src/lib/app/cleanup/rehearse.ts';
import { type Wanted } from '../../../src/lib/app/cleanup/requests.ts';
import { exitCodeForRun } from '../../../src/lib/cli/exit-codes.ts';
import {
  CleanupRefusedError,
  TrueNasUnreachableError,
} from '../../../src/lib/core/model/errors.ts';
import { type RunView } from '../../../src/lib/core/cleanup/run-view.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { type MethodFault, type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { type NasReader } from '../../../src/lib/ports/nas.ts';
import { aCleanupPlan, aPlanStep, ROOT } from '../../support/cleanup-journals.ts';
import { cleanupSite, type CleanupSite } from '../../support/cleanup-site.ts';

const UNREADABLE: MethodFault = {
  method: 'zfs.resource.query',
  times: 1_000,
  error: { kind: 'call', errno: 14, message: 'the middleware is busy' },
};

function faultsOf(site: CleanupSite): TrueNasFaults {
  const [lab] = site.running.systems;
  if (lab === undefined) throw new Error('the demo has a TrueNAS');
  return lab.faults;
}

/** The demo, with a plan of quarantines that may be carried out. */
async function approved(site: CleanupSite) {
  const plan = await site.plan({ rules: ['dataset-unclaimed'] });
  await site.approve(plan);
  return plan;
}

const states = ({ steps }: RunView) => steps.map(({ state }) => state);

describe('a run that somebody stops at an item', () => {
  it('leaves that one and the rest undecided, and asks again', async () => {
    const answers: Wanted[] = ['no', 'stop'];
    const askedAbout: string[] = [];
    const confirm = ({ id }: { readonly id: string }): Promise<Wanted> => {
      askedAbout.push(id);
      return Promise.resolve(answers.shift() ?? 'yes');
    };
    await using site = await cleanupSite(demo.build('25.10'), { confirm });
    const plan = await approved(site);
    const [declined, left] = plan.items.map(({ id }) => id);
    const before = site.state();
    const run = await site.apply(plan);
    expect(run).toMatchObject({ state: 'stopped', reason: 'you stopped it' });
    const ofItem = (id: string | undefined, { steps }: RunView) =>
      new Set(steps.filter(({ step }) => step.item === id).map(({ state }) => state));
    expect(ofItem(declined, run)).toEqual(new Set(['skipped']));
    expect(ofItem(left, run)).toEqual(new Set([null]));
    expect(site.state()).toBe(before);

    const again = await site.apply(plan);
    expect(again).toMatchObject({ id: run.id, state: 'done', reason: null });
    expect(ofItem(left, again)).toEqual(new Set(['done']));
    expect(askedAbout).toEqual([declined, left, left]);
  });

  it('ends with 3 where nothing else was amiss', async () => {
    await using site = await cleanupSite(demo.build('25.10'), {
      confirm: () => Promise.resolve('stop'),
    });
    const run = await site.apply(await approved(site));
    expect(new Set(states(run))).toEqual(new Set([null]));
    expect(exitCodeForRun(run, false)).toBe(3);
  });
});

describe('a run that cannot go on', () => {
  it('stops with 3 where a source cannot be read whole, and goes on once it can', async () => {
    await using site = await cleanupSite(demo.build('25.10'));
    const plan = await approved(site);
    const before = site.state();
    faultsOf(site).errors = [UNREADABLE];
    const run = await site.apply(plan);
    expect(run).toMatchObject({ state: 'stopped' });
    expect(run.reason).toMatch(/^not everything could be read: /);
    expect(new Set(states(run))).toEqual(new Set([null]));
    expect(exitCodeForRun(run, false)).toBe(3);
    expect(site.state()).toBe(before);

    faultsOf(site).errors = [];
    const again = await site.apply(plan);
    expect(again).toMatchObject({ id: run.id, state: 'done', reason: null });
    expect(new Set(states(again))).toEqual(new Set(['done']));
  });

  it('stops with 3 where an object cannot be looked at right before its step', async () => {
    let isLost = false;
    const around = (ports: CleanupPorts): CleanupPorts => ({
      ...ports,
      writers: {
        ...ports.writers,
        systems: ports.writers.systems.map((writer) => ({
          name: writer.name,
          lacking: async (changes, signal) => await writer.lacking(changes, signal),
          send: async (change, signal) => await writer.send(change, signal),
          observe: async (target, signal) => {
            if (isLost) throw new TrueNasUnreachableError('nas1 is gone', { remediation: [] });
            return await writer.observe(target, signal);
          },
        })),
      },
    });
    await using site = await cleanupSite(demo.build('25.10'), { around });
    const plan = await approved(site);
    const before = site.state();
    isLost = true;
    const run = await site.apply(plan);
    expect(run).toMatchObject({
      state: 'stopped',
      reason: 'it cannot be looked at: nas1 is gone',
    });
    expect(exitCodeForRun(run, false)).toBe(3);
    expect(site.state()).toBe(before);
    isLost = false;
    expect(await site.apply(plan)).toMatchObject({ id: run.id, state: 'done' });
  });

  it('stops, and refuses the rest with 2, where another server answers in its middle', async () => {
    let sent = 0;
    let hostId: string | undefined;
    const around = (ports: CleanupPorts): CleanupPorts => ({
      ...ports,
      systems: ports.systems.map((reader) => otherAfter(reader, () => hostId)),
      writers: {
        ...ports.writers,
        systems: ports.writers.systems.map((writer) => ({
          name: writer.name,
          lacking: async (changes, signal) => await writer.lacking(changes, signal),
          observe: async (target, signal) => await writer.observe(target, signal),
          send: async (change, signal) => {
            sent += 1;
            if (sent === 1) hostId = 'f'.repeat(64);
            return await writer.send(change, signal);
          },
        })),
      },
    });
    await using site = await cleanupSite(demo.build('25.10'), { around });
    const plan = await approved(site);
    const running = site.apply(plan);
    await expect(running).rejects.toThrow(CleanupRefusedError);
    await expect(running).rejects.toThrow(/^run \S+ stopped: the plan is for other servers: /);
    expect(sent).toBe(1);
    expect(site.runs()).toMatchObject([{ state: 'stopped' }]);
    expect(site.runs()[0]?.reason).toMatch(/^another server answers: system nas1/);
    await expect(site.apply(plan)).rejects.toThrow('the plan is for other servers');

    hostId = undefined;
    const again = await site.apply(plan);
    expect(again).toMatchObject({ state: 'done', reason: null });
  });

  it('takes half an item back where the plan has expired since, and ends with 1', async () => {
    await using site = await cleanupSite(demo.build('25.10'));
    const before = site.state();
    const plan = await approved(site);
    faultsOf(site).onCall = (method) => {
      if (method === 'sharing.nfs.update') faultsOf(site).errors = [UNREADABLE];
    };
    const first = await site.apply(plan);
    expect(first.state).toBe('stopped');
    expect(states(first)).toContain('done');
    faultsOf(site).errors = [];
    faultsOf(site).onCall = undefined;
    site.pass(2);
    const run = await site.apply(plan);
    expect(run.state).toBe('done');
    expect(new Set(states(run))).toEqual(new Set(['rolled_back', 'skipped']));
    expect(exitCodeForRun(run, false)).toBe(1);
    expect(site.state()).toBe(before);
  });
});

/** A system that is another one from some moment on. */
function otherAfter(reader: NasReader, hostId: () => string | undefined): NasReader {
  return {
    name: reader.name,
    identify: async (signal) => {
      const identity = await reader.identify(signal);
      return { ...identity, hostId: hostId() ?? identity.hostId };
    },
    list: async (source, signal) => await reader.list(source, signal),
    lookUpDatasets: async (ids, signal) => await reader.lookUpDatasets(ids, signal),
    lookUpSnapshots: async (ids, signal) => await reader.lookUpSnapshots(ids, signal),
    connection: () => reader.connection(),
    close: async () => {
      await reader.close();
    },
  };
}

describe('a dry run', () => {
  const plan = aCleanupPlan();
  const work = {
    ...{ undoes: null, plan, items: plan.items, lost: [] },
    ...{ clusters: plan.clusters, systems: plan.systems },
    steps: [aPlanStep('s01', 1), aPlanStep('s02', 2)],
  };
  // All that a dry run asks for; every share is as it was planned.
  const ports = {
    clock: { now: () => new Date(plan.created_at) },
    operator: { identify: () => Promise.resolve(ROOT) },
    writers: {
      clusters: [],
      systems: [
        {
          name: 'nas1',
          observe: ({ where }: { where: { id?: number } }) =>
            Promise.resolve([{ identity: { id: where.id, enabled: true }, raw: {} }]),
        },
      ],
    },
  } as unknown as CleanupPorts;
  const rehearsed = async (proven: Proven): Promise<RunView> =>
    await rehearseSteps(
      ports,
      { kind: 'apply', ...work },
      () => Promise.resolve(proven),
      nobodyLooksOn,
      AbortSignal.timeout(10_000),
    );

  it('would do everything where all is as it was', async () => {
    const run = await rehearsed({ state: 'holds' });
    expect(run).toMatchObject({ state: 'validated', reason: null });
    expect(states(run)).toEqual(['done', 'done']);
    expect(exitCodeForRun(run, false)).toBe(0);
  });

  it('would skip what holds no more, and ends with 1', async () => {
    const run = await rehearsed({ state: 'gone', reason: 'it is used again' });
    expect(states(run)).toEqual(['skipped', 'skipped']);
    expect(exitCodeForRun(run, false)).toBe(1);
  });

  it('would stop where not everything could be read, says why, and ends with 3', async () => {
    const run = await rehearsed({ state: 'unclear', reason: 'datasets: timed out' });
    expect(run).toMatchObject({ state: 'stopped', reason: 'datasets: timed out' });
    expect(states(run)).toEqual([null, null]);
    expect(exitCodeForRun(run, false)).toBe(3);
  });

  it('is refused where another server answers', async () => {
    const reason = 'system nas1 is another one';
    await expect(rehearsed({ state: 'other-world', reason })).rejects.toThrow(
      `the plan is for other servers: ${reason}`,
    );
  });
});
