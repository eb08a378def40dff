import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openCluster } from '../../../src/lib/adapters/kubernetes/cluster-reader.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type KubernetesFaults } from '../../../src/lib/lab/kubernetes/faults.ts';
import { type KubernetesLab, startKubernetesLab } from '../../../src/lib/lab/kubernetes/server.ts';
import { type LabCluster } from '../../../src/lib/lab/scenario/world.ts';
import { aClaim, aCluster, aVolume, NEVER, NOW } from './support.ts';

const PATIENCE = { timeout: 15_000, interval: 10 };

interface Watched {
  readonly lab: KubernetesLab;
  readonly told: string[];
  readonly log: string[];
  readonly read: () => Promise<void>;
  readonly end: () => Promise<void>;
}

async function watched(
  over: Partial<LabCluster> = {},
  faults: KubernetesFaults = {},
): Promise<Watched> {
  const lab = await startKubernetesLab(aCluster({ objects: {}, ...over }), {
    now: () => NOW,
    faults,
  });
  onTestFinished(() => lab.close());
  const log: string[] = [];
  const cluster = await openCluster(
    {
      name: 'prod',
      kubeconfig: null,
      kubeconfigText: lab.kubeconfig(),
      context: null,
      inCluster: false,
      namespaces: [],
      timeout: millis(5_000),
      logger: { log: (level, message) => log.push(`${level} ${message}`) },
    },
    {
      rootDirectory: '',
      timing: {
        random: () => 0,
        // As long as ever a test wants to wait; what is tried rarely is not tried again here.
        sleep: async (span, signal) => {
          await wait(span >= 600_000 ? span : Math.min(span, 20), undefined, { signal });
        },
      },
    },
  );
  const told: string[] = [];
  const ending = new AbortController();
  const ready = Promise.withResolvers<undefined>();
  const done = cluster.watcher.watch(
    {
      changed: (what) => told.push(what),
      ready: () => {
        ready.resolve(undefined);
      },
    },
    ending.signal,
  );
  const end = async (): Promise<void> => {
    ending.abort();
    await done;
    await cluster.close();
  };
  onTestFinished(end);
  await ready.promise;
  await vi.waitFor(() => {
    expect(watchesOf(lab)).toBeGreaterThan(0);
  }, PATIENCE);
  const read = async (): Promise<void> => {
    await cluster.identify(NEVER);
    await cluster.list('persistentVolumes', NEVER);
    await cluster.list('permissions', NEVER);
  };
  return { lab, told, log, read, end };
}

function watchesOf(lab: KubernetesLab): number {
  return lab.requests.filter(({ path }) => path.includes('watch=1')).length;
}

function ofObjects(told: readonly string[]): readonly string[] {
  return told.filter((what) => !what.includes('are watched'));
}

async function hears({ told }: Watched, what: string): Promise<void> {
  await vi.waitFor(() => {
    expect(told).toContain(what);
  }, PATIENCE);
}

function add({ lab }: Watched, name: string): void {
  (lab.cluster.objects['persistentvolumes'] ??= []).push(aVolume(name));
  lab.refresh();
}

describe('the watches of a cluster', () => {
  test('tell of volumes, claims and snapshots that come, change and go', async () => {
    const each = await watched({ objects: { persistentvolumeclaims: [aClaim('data')] } });
    add(each, 'pv-1');
    await hears(each, 'persistentvolumes pv-1 was added');
    each.lab.cluster.objects['persistentvolumeclaims'] = [];
    each.lab.refresh();
    await hears(each, 'persistentvolumeclaims databases/data was deleted');
  });

  test('say nothing while nothing changes, however often it is read', async () => {
    const each = await watched({ objects: { persistentvolumes: [aVolume('pv-1')] } });
    for (let scan = 0; scan < 5; scan += 1) await each.read();
    await wait(100);
    expect(ofObjects(each.told)).toEqual([]);
  });

  test('take an object that is written again as it was for no change', async () => {
    const each = await watched({ objects: { persistentvolumes: [aVolume('pv-1')] } });
    const [volume] = each.lab.cluster.objects['persistentvolumes'] ?? [];
    for (const leader of ['a', 'b', 'c', 'd']) {
      if (volume === undefined) throw new Error('there is a volume');
      volume.metadata.annotations = { 'control-plane.alpha.kubernetes.io/leader': leader };
      each.lab.refresh();
      await wait(20);
    }
    add(each, 'pv-2');
    await hears(each, 'persistentvolumes pv-2 was added');
    // The first time nobody can tell what it was before.
    expect(ofObjects(each.told)).toEqual([
      'persistentvolumes pv-1 was changed',
      'persistentvolumes pv-2 was added',
    ]);
  });

  test('begin anew through a storm of 410, and hear what comes after it', async () => {
    const each = await watched({}, { expireWatches: 12 });
    await vi.waitFor(() => {
      expect(each.lab.faults.expireWatches).toBe(0);
    }, PATIENCE);
    await wait(100);
    add(each, 'pv-1');
    await hears(each, 'persistentvolumes pv-1 was added');
  });

  test('miss nothing that happens while the server is away', async () => {
    const each = await watched();
    const before = each.told.length;
    each.lab.faults.dropAfterBytes = { resource: 'persistentvolumes', bytes: 20, times: 1 };
    // The watch that is open is cut by the next thing it tells, in the middle of a line.
    add(each, 'pv-1');
    await wait(50);
    add(each, 'pv-2');
    await hears(each, 'persistentvolumes pv-2 was added');
    expect(each.told.length).toBeGreaterThan(before);
  });

  test('are none of what may not be listed, which is said once', async () => {
    const each = await watched({}, { status: { persistentvolumes: { status: 403 } } });
    (each.lab.cluster.objects['persistentvolumeclaims'] ??= []).push(aClaim('late'));
    each.lab.refresh();
    await hears(each, 'persistentvolumeclaims databases/late was added');
    expect(each.log.filter((line) => line.includes('persistentvolumes may not'))).toHaveLength(1);
  });

  test('do not keep the connection from being closed', async () => {
    const each = await watched();
    const began = performance.now();
    await each.end();
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
