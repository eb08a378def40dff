import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { kubernetesLeases, leaseName } from '../../../src/lib/adapters/kubernetes/lease-lock.ts';
import { type OpenedCluster } from '../../../src/lib/adapters/kubernetes/cluster-reader.ts';
import { startKubernetesLab, type KubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { type KubernetesObject, type LabCluster } from '../../../src/lib/lab/scenario/world.ts';
import { type LogLevel } from '../../../src/lib/ports/logger.ts';
import { aCluster, matching, NEVER, NOW, open } from './support.ts';

const NAME = 'truenas-monitor-cleanup-abc123';

/** Clusters and the machines that look at them, with one clock for all of them and the skew of each. */
async function aWorld(...clusters: readonly Partial<LabCluster>[]) {
  let now = NOW;
  const labs: KubernetesLab[] = [];
  for (const cluster of clusters.length === 0 ? [{}] : clusters) {
    const lab = await startKubernetesLab(aCluster(cluster), { now: () => now });
    onTestFinished(() => lab.close());
    labs.push(lab);
  }
  const logged: { level: LogLevel; message: string }[] = [];
  const logger = {
    log: (level: LogLevel, message: string) => {
      logged.push({ level, message });
    },
  };
  const lockOf = async (holder: string, hostIds = ['ABC123'], localSkew = 0) => {
    const opened: OpenedCluster[] = [];
    for (const lab of labs) {
      const { name } = lab.cluster;
      opened.push((await open({ name, kubeconfigText: lab.kubeconfig() })).reader);
    }
    const clock = { now: () => new Date(now.getTime() + localSkew) };
    return kubernetesLeases(opened, hostIds, holder, clock, logger);
  };
  return {
    labs,
    logged,
    lockOf,
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1_000);
    },
  };
}

function lease(lab: KubernetesLab | undefined, name = NAME): KubernetesObject | undefined {
  return lab?.cluster.objects['leases']?.find(({ metadata }) => metadata.name === name);
}

function holderOf(lab: KubernetesLab | undefined, name = NAME): unknown {
  return (lease(lab, name)?.['spec'] as Record<string, unknown> | undefined)?.['holderIdentity'];
}

function aLease(spec: Record<string, unknown>): KubernetesObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: NAME,
      namespace: 'kube-system',
      uid: 'lease-uid',
      creationTimestamp: '2026-10-01T08:00:00Z',
    },
    spec,
  };
}

const LOCKED = { code: 'CLEANUP_LOCKED' };

afterEach(() => {
  vi.useRealTimers();
});

describe('the lock', () => {
  it('is a Lease of every system in every cluster, by the time of that cluster', async () => {
    const { labs, lockOf } = await aWorld(
      { name: 'prod' },
      { name: 'edge', clockSkewSeconds: 3_600 },
    );
    const lock = await lockOf('ada@laptop', ['ABC123', 'Def_456', 'abc123']);
    const held = await lock.acquire('run-1', NEVER);
    await held.stillHeld(NEVER);
    for (const lab of labs) {
      expect(lab.cluster.objects['leases']?.map(({ metadata }) => metadata.name)).toEqual([
        NAME,
        'truenas-monitor-cleanup-def-456',
      ]);
    }
    const spec = {
      holderIdentity: 'ada@laptop/run-1',
      leaseDurationSeconds: 60,
      leaseTransitions: 0,
    };
    expect(lease(labs[0])).toMatchObject({
      metadata: { namespace: 'kube-system' },
      spec: {
        ...spec,
        acquireTime: '2026-11-22T01:00:00.000000Z',
        renewTime: '2026-11-22T01:00:00.000000Z',
      },
    });
    expect(lease(labs[1])?.['spec']).toEqual({
      ...spec,
      acquireTime: '2026-11-22T02:00:00.000000Z',
      renewTime: '2026-11-22T02:00:00.000000Z',
    });
  });

  it('is given back by taking the name out of it, so that the next one has it at once', async () => {
    const { labs, lockOf } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    await held[Symbol.asyncDispose]();
    expect(lease(labs[0])).toBeDefined();
    expect(holderOf(labs[0])).toBe('');
    await (await lockOf('bob@desk')).acquire('run-2', NEVER);
    expect(lease(labs[0])?.['spec']).toMatchObject({
      holderIdentity: 'bob@desk/run-2',
      leaseTransitions: 1,
    });
  });

  it('says who has it, where, since when and until when', async () => {
    const { lockOf, pass } = await aWorld();
    await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    pass(20);
    const second = (await lockOf('bob@desk')).acquire('run-2', NEVER);
    await expect(second).rejects.toMatchObject({
      ...LOCKED,
      message:
        'cluster prod: ada@laptop/run-1 cleans up there since 2026-11-22T01:00:00.000Z, with the lock until 2026-11-22T01:01:00.000Z',
    });
  });

  it('is had by one of two who want it at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { labs, lockOf } = await aWorld({ name: 'edge' }, { name: 'prod' });
      const locks = [await lockOf('ada@laptop'), await lockOf('bob@desk')];
      const ends = await Promise.allSettled(
        locks.map((lock, index) => lock.acquire(`run-${index}`, NEVER)),
      );
      const winner = ends.findIndex(({ status }) => status === 'fulfilled');
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(ends[1 - winner]).toMatchObject({ reason: LOCKED });
      const holders = ['ada@laptop/run-0', 'bob@desk/run-1'];
      expect(labs.map((lab) => holderOf(lab))).toEqual([holders[winner], holders[winner]]);
    }
  });

  it('is had by one of two who want one that has expired', async () => {
    for (let round = 0; round < 10; round += 1) {
      const old = { holderIdentity: 'old', renewTime: '2026-11-22T00:00:00.000000Z' };
      const { lockOf } = await aWorld({ objects: { leases: [aLease(old)] } });
      const locks = [await lockOf('ada@laptop'), await lockOf('bob@desk')];
      const ends = await Promise.allSettled(locks.map((lock) => lock.acquire('run', NEVER)));
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('gives back what it has where another cannot be had', async () => {
    const { labs, lockOf } = await aWorld(
      { name: 'edge' },
      {
        name: 'prod',
        objects: {
          leases: [aLease({ holderIdentity: 'eve@x/1', renewTime: '2026-11-22T00:59:59.000000Z' })],
        },
      },
    );
    await expect((await lockOf('ada@laptop')).acquire('run-1', NEVER)).rejects.toMatchObject(
      LOCKED,
    );
    expect(holderOf(labs[0])).toBe('');
    expect(holderOf(labs[1])).toBe('eve@x/1');
  });

  it('is taken up again at once where its process was killed, and nowhere else by the same user', async () => {
    const { labs, lockOf } = await aWorld();
    const lost = await (await lockOf('ada@laptop#0a')).acquire('run-1', NEVER);
    // From another directory even the same run, of which it may hold a copy, is another process.
    for (const place of ['ada@laptop#0b', 'ada@laptop', 'ada@laptop#0']) {
      const other = (await lockOf(place)).acquire('run-1', NEVER);
      await expect(other).rejects.toMatchObject(LOCKED);
    }
    // One that was killed before it had begun its run leaves no run to go on with.
    const resumed = await (await lockOf('ada@laptop#0a')).acquire('run-2', NEVER);
    await resumed.stillHeld(NEVER);
    expect(lease(labs[0])?.['spec']).toMatchObject({ leaseTransitions: 1 });
    // Whoever was thought dead and is not finds out.
    await lost[Symbol.asyncDispose]();
    expect(holderOf(labs[0])).toBe('ada@laptop#0a/run-2');
  });

  it('is taken over a minute after its holder was heard of last, by the time of the cluster alone', async () => {
    const { labs, lockOf, pass } = await aWorld({ clockSkewSeconds: -7_200 });
    await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    const ahead = await lockOf('bob@desk', ['abc123'], 86_400_000);
    pass(60);
    await expect(ahead.acquire('run-2', NEVER)).rejects.toMatchObject(LOCKED);
    pass(1);
    await ahead.acquire('run-2', NEVER);
    expect(lease(labs[0])?.['spec']).toMatchObject({
      holderIdentity: 'bob@desk/run-2',
      acquireTime: '2026-11-21T23:01:01.000000Z',
      leaseTransitions: 1,
    });
  });

  it.each([
    ['does not say when it was renewed', {}, 'does not say when it ends'],
    [
      'says so in a way nobody understands',
      { renewTime: 'yesterday' },
      'does not say when it ends',
    ],
    [
      'is renewed in the future',
      { renewTime: '2027-01-01T00:00:00.000000Z' },
      'until 2027-01-01T00:01:00.000Z',
    ],
    [
      'lasts longer than ours do',
      { renewTime: '2026-11-22T00:30:00.000000Z', leaseDurationSeconds: 3_600 },
      'until 2026-11-22T01:30:00.000Z',
    ],
    [
      'lasts for no time at all',
      { renewTime: '2026-11-22T00:59:30.000000Z', leaseDurationSeconds: 0 },
      'until 2026-11-22T01:00:30.000Z',
    ],
  ])('is refused where the Lease of another %s', async (_, spec, why) => {
    const leases = [aLease({ holderIdentity: 'eve@x/1', ...spec })];
    const { lockOf } = await aWorld({ objects: { leases } });
    const acquiring = (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    await expect(acquiring).rejects.toMatchObject({ ...LOCKED, message: matching(why) });
  });

  it.each(['get:leases', 'create:leases@kube-system', 'leases'])(
    'is refused, with what to grant, where the cluster forbids %s',
    async (forbidden) => {
      const { lockOf } = await aWorld({ forbidden: [forbidden] });
      const acquiring = (await lockOf('ada@laptop')).acquire('run-1', NEVER);
      await expect(acquiring).rejects.toMatchObject({
        ...LOCKED,
        remediation: [matching('Grant get, create and update on leases.coordination.k8s.io')],
      });
    },
  );

  it('is refused where the Lease may not be updated, or there are no Leases', async () => {
    const { lockOf, labs } = await aWorld({ objects: { leases: [aLease({})] } });
    const [lab] = labs;
    if (lab) lab.cluster.forbidden = ['update:leases'];
    const lock = await lockOf('ada@laptop');
    await expect(lock.acquire('run-1', NEVER)).rejects.toMatchObject(LOCKED);
    if (lab) lab.cluster.missingGroups = ['coordination.k8s.io'];
    await expect(lock.acquire('run-1', NEVER)).rejects.toMatchObject(LOCKED);
  });

  it('is not had where a cluster cannot be reached', async () => {
    const { labs, lockOf } = await aWorld({ name: 'edge' }, { name: 'prod' });
    const lock = await lockOf('ada@laptop');
    await labs[1]?.close();
    await expect(lock.acquire('run-1', NEVER)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
    });
    expect(holderOf(labs[0])).toBe('');
  });

  it.each(['POST', 'PUT'])('is had though the answer to the %s was lost', async (method) => {
    const { labs, lockOf } = await aWorld(
      method === 'PUT' ? { objects: { leases: [aLease({})] } } : {},
    );
    const [lab] = labs;
    if (lab) lab.faults.loseAnswer = { method, resource: 'leases', times: 1 };
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    await held.stillHeld(NEVER);
    expect(holderOf(lab)).toBe('ada@laptop/run-1');
  });

  it('is one where two names stand for the same cluster', async () => {
    const { labs, logged } = await aWorld();
    const kubeconfigText = labs[0]?.kubeconfig() ?? '';
    const clusters = [];
    for (const name of ['prod', 'production']) {
      clusters.push((await open({ name, kubeconfigText })).reader);
    }
    const clock = { now: () => NOW };
    const logger = { log: () => undefined };
    const lock = kubernetesLeases(clusters, ['abc123'], 'ada@laptop', clock, logger);
    const held = await lock.acquire('run-1', NEVER);
    await held.stillHeld(NEVER);
    expect(lease(labs[0])?.['spec']).toMatchObject({ leaseTransitions: 0 });
    await held[Symbol.asyncDispose]();
    expect(holderOf(labs[0])).toBe('');
    expect(logged).toEqual([]);
  });

  it('is not had twice in clusters that were restored from one backup', async () => {
    const spec = { holderIdentity: '', renewTime: '2026-11-22T00:00:00.000000Z' };
    const { labs, lockOf } = await aWorld(
      { name: 'edge', objects: { leases: [aLease(spec)] } },
      { name: 'prod', objects: { leases: [aLease(spec)] } },
    );
    await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    expect(labs.map((lab) => holderOf(lab))).toEqual(['ada@laptop/run-1', 'ada@laptop/run-1']);
  });
});

describe('a lock that is held', () => {
  const renewTime = (lab: KubernetesLab | undefined) =>
    (lease(lab)?.['spec'] as Record<string, unknown> | undefined)?.['renewTime'];

  it('is renewed when it is asked for after fifteen seconds, and not before', async () => {
    const { labs, lockOf, pass } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    pass(14);
    await held.stillHeld(NEVER);
    expect(renewTime(labs[0])).toBe('2026-11-22T01:00:00.000000Z');
    pass(2);
    await held.stillHeld(NEVER);
    expect(lease(labs[0])?.['spec']).toMatchObject({
      renewTime: '2026-11-22T01:00:16.000000Z',
      acquireTime: '2026-11-22T01:00:00.000000Z',
      leaseTransitions: 0,
    });
  });

  it('is renewed in the background, until it is given back', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { labs, lockOf, pass } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    for (let turn = 1; turn <= 8; turn += 1) {
      pass(15);
      vi.advanceTimersByTime(15_000);
      const expected = new Date(NOW.getTime() + turn * 15_000).toISOString().replace('Z', '000Z');
      await expect.poll(() => renewTime(labs[0])).toBe(expected);
    }
    await held.stillHeld(NEVER);
    await held[Symbol.asyncDispose]();
    const asked = labs[0]?.requests.length;
    vi.advanceTimersByTime(60_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(labs[0]?.requests).toHaveLength(asked ?? 0);
  });

  it('is relied on for forty-five seconds where it cannot be renewed, and never again after', async () => {
    const { labs, lockOf, pass, logged } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    const [lab] = labs;
    if (lab) lab.faults.status = { leases: { status: 503 } };
    pass(44);
    await held.stillHeld(NEVER);
    expect(logged).toContainEqual({ level: 'warn', message: matching('was not renewed') });
    pass(2);
    await expect(held.stillHeld(NEVER)).rejects.toMatchObject({
      ...LOCKED,
      message: matching('could not be renewed for 46 s'),
    });
    if (lab) lab.faults.status = {};
    await expect(held.stillHeld(NEVER)).rejects.toMatchObject(LOCKED);
    expect(renewTime(lab)).toBe('2026-11-22T01:00:00.000000Z');
  });

  it('is lost with the machine asleep, whatever the clock of the process says', async () => {
    const { lockOf, pass } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    pass(3_600);
    await expect(held.stillHeld(NEVER)).rejects.toMatchObject(LOCKED);
  });

  it.each([
    ['has another name in it', { holderIdentity: 'eve@x/1', leaseTransitions: 1 }, 'eve@x/1'],
    ['was taken by a second process of this run', { leaseTransitions: 5 }, 'ada@laptop/run-1'],
    ['was emptied', { holderIdentity: '' }, 'given it back'],
  ])('is lost where it %s', async (_, change, who) => {
    const { labs, lockOf, pass } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    const object = lease(labs[0]);
    if (object) object['spec'] = { ...(object['spec'] as object), ...change };
    const taken = structuredClone(object?.['spec']);
    pass(16);
    await expect(held.stillHeld(NEVER)).rejects.toMatchObject({
      ...LOCKED,
      message: matching(who),
    });
    await held[Symbol.asyncDispose]();
    expect(lease(labs[0])?.['spec']).toEqual(taken);
  });

  it('is lost where the Lease was deleted, and is not made anew', async () => {
    const { labs, lockOf, pass } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    labs[0]?.cluster.objects['leases']?.splice(0);
    pass(16);
    await expect(held.stillHeld(NEVER)).rejects.toMatchObject({
      ...LOCKED,
      message: matching('was deleted'),
    });
    expect(lease(labs[0])).toBeUndefined();
  });

  it('is lost in all where it is lost in one', async () => {
    const { labs, lockOf, pass } = await aWorld({ name: 'edge' }, { name: 'prod' });
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    labs[1]?.cluster.objects['leases']?.splice(0);
    pass(16);
    await expect(held.stillHeld(NEVER)).rejects.toMatchObject({
      ...LOCKED,
      message: matching('cluster prod'),
    });
  });

  it('outlives that somebody else writes something on the Lease, and that an answer is lost', async () => {
    const { labs, lockOf, pass } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    const [lab] = labs;
    const object = lease(lab);
    if (object) object.metadata.labels = { team: 'storage' };
    if (lab) lab.faults.loseAnswer = { method: 'PUT', resource: 'leases', times: 1 };
    pass(16);
    await held.stillHeld(NEVER);
    expect(lease(lab)).toMatchObject({
      metadata: { labels: { team: 'storage' } },
      spec: { renewTime: '2026-11-22T01:00:16.000000Z' },
    });
  });

  it('ends by itself where it cannot be given back, which is said and not thrown', async () => {
    const { labs, lockOf, logged } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    await labs[0]?.close();
    await held[Symbol.asyncDispose]();
    expect(logged).toContainEqual({ level: 'warn', message: matching('was not given back') });
  });

  it('is asked for no longer than the caller waits', async () => {
    const { labs, lockOf, pass } = await aWorld();
    const held = await (await lockOf('ada@laptop')).acquire('run-1', NEVER);
    if (labs[0]) labs[0].faults.latencyMs = 1_000;
    pass(16);
    await expect(held.stillHeld(AbortSignal.timeout(20))).rejects.toThrow('abort');
  });
});

it.each([
  ['ABC123', 'truenas-monitor-cleanup-abc123'],
  ['a'.repeat(64), `truenas-monitor-cleanup-${'a'.repeat(64)}`],
  ['_Höst 1!_', 'truenas-monitor-cleanup-h-st-1'],
  ['', 'truenas-monitor-cleanup-unknown'],
  [`${'a'.repeat(199)}-b`, `truenas-monitor-cleanup-${'a'.repeat(199)}`],
])('the Lease of the system %j is called %s', (hostId, name) => {
  expect(leaseName(hostId)).toBe(name);
});
