import { describe, expect, it } from 'vitest';
import { type CleanupPlan } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { type CleanupSettings } from '../../../src/lib/core/cleanup/settings.ts';
import { addOne, addSound, finish, newSite } from '../../../src/lib/lab/scenario/build/site.ts';
import {
  type KubernetesObject,
  type LabDataset,
  type LabSystem,
  TRUENAS_VERSIONS,
  type TrueNasVersion,
  type World,
} from '../../../src/lib/lab/scenario/world.ts';
import { cleanupSite, type CleanupSite } from '../../support/cleanup-site.ts';
import { crashCase, planned } from '../../support/crash-cases.ts';
import { type Beginning, live, outcomeOf, unexplained } from '../../support/crashing.ts';
import { differences, meaningOf, objectsOf } from '../../support/world-objects.ts';

/*
 * What changes between the plan and its steps, and in the middle of an item.
 */

function systemOf(world: World): LabSystem {
  const [system] = world.systems;
  if (system === undefined) throw new Error('a system');
  return system;
}

function datasetOf(world: World, { items }: CleanupPlan): LabDataset {
  const found = systemOf(world).datasets.find(({ id }) => id === items[0]?.dataset);
  if (found === undefined) throw new Error('a dataset');
  return found;
}

type Event = (world: World, plan: CleanupPlan) => void;

/** Made from a sound neighbour, so that it is a whole one of this system. */
function addLike(system: LabSystem, dataset: LabDataset, over: Partial<LabDataset>): void {
  system.datasets.push({ ...dataset, guid: '77', userProperties: {}, ...over });
}

function addSnapshotOf({ snapshots }: LabSystem, { id, createtxg }: LabDataset): void {
  snapshots.push({
    id: `${id}@by-hand`,
    createdAt: '2026-11-29T00:00:00Z',
    guid: '78',
    createtxg: createtxg + 1_000_000,
    used: 4096,
    referenced: 4096,
    userProperties: {},
  });
}

const FOR_DESTROY: Readonly<Record<string, Event>> = {
  'somebody writes to it': (world, plan) => {
    datasetOf(world, plan).usedbydataset += 4096;
  },
  'a snapshot of it appears': (world, plan) => {
    addSnapshotOf(systemOf(world), datasetOf(world, plan));
  },
  'a child appears below it': (world, plan) => {
    const dataset = datasetOf(world, plan);
    addLike(systemOf(world), dataset, { id: `${dataset.id}/child` });
  },
  'a clone of it appears': (world, plan) => {
    const dataset = datasetOf(world, plan);
    addSnapshotOf(systemOf(world), dataset);
    addLike(systemOf(world), dataset, { id: 'tank/clone', origin: `${dataset.id}@by-hand` });
  },
  'a share of it appears': (world, plan) => {
    const path = `/mnt/${datasetOf(world, plan).id}`;
    systemOf(world).smbShares.push({ id: 90, name: 'mine', path, comment: '', enabled: true });
  },
  'its share is enabled again': (world, plan) => {
    const path = `/mnt/${datasetOf(world, plan).id}`;
    for (const each of systemOf(world).nfsShares) if (each.path === path) each.enabled = true;
  },
  'a task takes snapshots of it': (world, plan) => {
    systemOf(world).snapshotTasks.push({
      id: 90,
      dataset: datasetOf(world, plan).id,
      recursive: false,
      enabled: true,
      lifetimeValue: 2,
      lifetimeUnit: 'WEEK',
      namingSchema: 'auto-%Y-%m-%d_%H-%M',
    });
  },
  'its mark is taken off': (world, plan) => {
    datasetOf(world, plan).userProperties = {};
  },
  'it is deleted and another has its name': (world, plan) => {
    const anew = { guid: '79', createtxg: 9_999_999, createdAt: '2026-11-30T13:00:00Z' };
    Object.assign(datasetOf(world, plan), anew);
  },
  'somebody else has deleted it': (world, plan) => {
    const system = systemOf(world);
    const gone = datasetOf(world, plan);
    system.datasets = system.datasets.filter((each) => each !== gone);
  },
};

/** Changes the world between the plan and its run, which must then leave everything alone. */
async function isSkipped(
  name: string,
  version: TrueNasVersion,
  event: Event,
): Promise<readonly (string | null)[]> {
  const each = crashCase(name);
  await using site = await cleanupSite(each.build(version), each.options);
  const plan = await each.plan(site);
  event(site.running.world, plan);
  const start = site.freeze().world;
  const sent = site.sent.length;
  const run = await site.apply(plan);
  expect(run.state).toBe('done');
  expect(run.steps.map(({ state }) => state)).toEqual(plan.steps.map(() => 'skipped'));
  expect(site.sent.slice(sent)).toEqual([]);
  expect(differences(objectsOf(start), objectsOf(site.freeze().world))).toEqual([]);
  return run.steps.map(({ detail }) => detail);
}

const isExhaustive = process.env['EXHAUSTIVE'] === '1';

/** Each on one version after the other, unless there is time for all. */
function eventsOn(version: TrueNasVersion): readonly (readonly [string, Event])[] {
  const turn = TRUENAS_VERSIONS.indexOf(version);
  return Object.entries(FOR_DESTROY).filter(
    (_, index) => isExhaustive || index % TRUENAS_VERSIONS.length === turn,
  );
}

describe.each(TRUENAS_VERSIONS)('a destruction over TrueNAS %s', (version) => {
  it.each(eventsOn(version))('is left alone where %s', async (_, event) => {
    await isSkipped('destroy over nfs', version, event);
  });

  it('is left alone where somebody connects to its target', async () => {
    await isSkipped('destroy over iscsi', version, (world, plan) => {
      const system = systemOf(world);
      const zvol = `zvol/${datasetOf(world, plan).id}`;
      const extent = system.iscsiExtents.find(({ path }) => path === zvol);
      const mapping = system.iscsiTargetExtents.find((each) => each.extent === extent?.id);
      const target = system.iscsiTargets.find(({ id }) => id === mapping?.target);
      system.iscsiSessions.push({
        initiator: 'iqn.2004-10.com.ubuntu:01:worker-9',
        initiatorAddress: '10.10.0.29',
        target: `${system.iscsiBasename}:${target?.name ?? ''}`,
      });
    });
  });
});

describe('what is planned is left alone', () => {
  it('where a snapshot is held meanwhile', async () => {
    await isSkipped('delete a snapshot', '25.10', (world, plan) => {
      const name = plan.steps[0]?.subject.name;
      for (const each of systemOf(world).snapshots) if (each.id === name) each.holds = ['keep'];
    });
  });

  it('where a snapshot is cloned meanwhile', async () => {
    await isSkipped('delete a snapshot', '26', (world, plan) => {
      const origin = plan.steps[0]?.subject.name ?? '';
      const [dataset] = systemOf(world).datasets.filter(({ id }) => origin.startsWith(`${id}@`));
      if (dataset === undefined) throw new Error('a dataset');
      addLike(systemOf(world), dataset, { id: 'tank/clone', origin });
    });
  });

  it('where another tool says meanwhile that it is its own', async () => {
    const details = await isSkipped('delete a volume without data', '25.10', (world, plan) => {
      const volume = world.clusters[0]?.objects['persistentvolumes']?.find(
        ({ metadata }) => metadata.name === plan.steps[0]?.subject.name,
      );
      if (volume === undefined) throw new Error('a volume');
      volume.metadata.labels = {
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': 'data-1.0.0',
      };
      volume.metadata.annotations = { 'meta.helm.sh/release-name': 'data' };
    });
    expect(details[0]).toMatch(/manage/);
  });

  it('where it is protected meanwhile', async () => {
    const each = crashCase('quarantine over nfs');
    await using first = await cleanupSite(each.build('25.10'), each.options);
    const plan = await each.plan(first);
    const { world, disk, firstSeen } = first.freeze();
    const protect: CleanupSettings['protect'] = [{ path: 'tank/**', namespace: null, name: null }];
    const settings = { protect };
    await using site = await cleanupSite(world, { disk, firstSeen, settings });
    const start = objectsOf(site.freeze().world);
    const run = await site.apply(plan);
    expect(run.steps.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
    expect(run.steps[0]?.detail).toMatch(/protect/);
    expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
  });
});

describe('a source that cannot be read', () => {
  it.each(TRUENAS_VERSIONS)(
    'stops a run over TrueNAS %s, which is gone on with',
    async (version) => {
      const each = crashCase('quarantine over nfs');
      await using site = await cleanupSite(each.build(version), each.options);
      const plan = await each.plan(site);
      const start = objectsOf(site.freeze().world);
      const [cluster] = site.running.clusters;
      if (cluster === undefined) throw new Error('a cluster');
      cluster.faults.status = { persistentvolumes: { status: 500 } };
      const run = await site.apply(plan);
      expect(run.state).toBe('stopped');
      expect(run.reason).toContain('not everything could be read');
      expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
      cluster.faults.status = undefined;
      expect(await site.apply(plan)).toMatchObject({ id: run.id, state: 'done' });
    },
  );
});

interface Twins {
  readonly world: World;
  /** The objects with which the first comes back to life. */
  readonly volume: KubernetesObject;
}

/** Two forgotten volumes, of which the first will be claimed again. */
function twins(version: TrueNasVersion): Twins {
  const site = newSite(version);
  addSound(site.nfs, 5);
  const options = { gone: ['claim'], releasedDays: 60.5, policy: 'Retain' } as const;
  const volumes = ['apps/lost', 'apps/lost-too'].map((claim) => addOne(site.nfs, claim, options));
  const { world } = finish(site, []);
  const objects = world.clusters[0]?.objects ?? {};
  const names = new Set(volumes.map(({ name }) => name));
  const all = objects['persistentvolumes'] ?? [];
  objects['persistentvolumes'] = all.filter(({ metadata }) => !names.has(metadata.name));
  const lost = all.filter(({ metadata }) => names.has(metadata.name));
  const [first] = lost;
  if (first === undefined) throw new Error('a volume');
  return { world, volume: first };
}

async function halfWay(version: TrueNasVersion): Promise<Beginning & { plan: CleanupPlan }> {
  const { world, volume } = twins(version);
  await using site: CleanupSite = await cleanupSite(world);
  const plan = await planned(site);
  const handle = (volume['spec'] as { csi: { volumeHandle: string } }).csi.volumeHandle;
  const item = plan.items.find(({ dataset }) => dataset?.endsWith(handle));
  const first = plan.steps.find((step) => step.item === item?.id)?.id;
  expect(plan.items.length).toBe(2);
  return {
    plan,
    frozen: site.freeze(),
    options: {},
    deed: async (at, atMoment) => await at.apply(plan, atMoment),
    steps: plan.steps,
    meanwhile: (entry, now) => {
      if (entry.type !== 'outcome' || entry.step !== first) return false;
      now.clusters[0]?.objects['persistentvolumes']?.push(structuredClone(volume));
      return true;
    },
  };
}

const TAKEN_BACK = isExhaustive ? TRUENAS_VERSIONS : (['26'] as const);

describe('an item that cannot be finished', () => {
  it.each(TAKEN_BACK)(
    'is taken back, and the others go on, however often it is killed on TrueNAS %s',
    async (version) => {
      const beginning = await halfWay(version);
      const { plan, frozen } = beginning;
      const calm = await live(beginning, []);
      expect(calm.run.state).toBe('done');
      const taken = calm.run.steps.filter(({ state }) => state === 'rolled_back');
      const skipped = calm.run.steps.filter(({ state }) => state === 'skipped');
      const done = calm.run.steps.filter(({ state }) => state === 'done');
      expect([taken.length, skipped.length, done.length]).toEqual([1, 1, 2]);
      const dataset = plan.items.find(({ id }) => id === taken[0]?.step.item)?.dataset ?? '';
      const share = (world: World) =>
        systemOf(world).nfsShares.find(({ path }) => path === `/mnt/${dataset}`);
      expect(share(calm.world)).toEqual(share(frozen.world));
      const [count = 0] = calm.moments;
      for (let moment = 0; moment < count; moment += 1) {
        const ending = await live(beginning, [moment]);
        const told = `killed at moment ${String(moment)} of ${String(count)}`;
        expect(outcomeOf(ending), told).toEqual(outcomeOf(calm));
        expect(meaningOf(ending.world), told).toEqual(meaningOf(calm.world));
        expect(ending.sent.toSorted(), told).toEqual(calm.sent.toSorted());
        const others = unexplained(beginning, ending).filter(
          (key) => !key.startsWith('persistentvol'),
        );
        expect(others, told).toEqual([]);
      }
    },
    600_000,
  );
});
