import { describe, expect, it } from 'vitest';
import { decodePod } from '../../../../src/lib/adapters/kubernetes/decode-pods.ts';
import {
  decodeCsiNode,
  decodeLease,
} from '../../../../src/lib/adapters/kubernetes/decode-surroundings.ts';
import { driverOf } from '../../../../src/lib/core/correlate/installations.ts';
import { type Pod } from '../../../../src/lib/core/model/kubernetes.ts';
import {
  addCluster,
  addNode,
  type ClusterOptions,
} from '../../../../src/lib/lab/scenario/build/cluster.ts';
import {
  addDeployment,
  type DeploymentOptions,
} from '../../../../src/lib/lab/scenario/build/deployment.ts';
import { addPathDriver } from '../../../../src/lib/lab/scenario/build/path-driver.ts';
import { finish } from '../../../../src/lib/lab/scenario/build/site.ts';
import { addNas, HOUR, newStage } from '../../../../src/lib/lab/scenario/build/stage.ts';
import { SCENARIOS } from '../../../../src/lib/lab/scenario/registry.ts';
import { type LabCluster } from '../../../../src/lib/lab/scenario/world.ts';
import { at, list } from '../invariants.ts';

interface Seen {
  readonly cluster: LabCluster;
  readonly controllers: readonly Pod[];
  readonly nodePods: readonly Pod[];
  readonly snapshotControllers: readonly Pod[];
}

function seenIn(cluster: LabCluster): Seen {
  const pods = list(cluster, 'pods').flatMap((pod) => decodePod(pod, 'prod') ?? []);
  const serving = pods.filter(({ containers }) => containers.length > 0);
  const isOn = (kind: string) => (pod: Pod) => pod.owners.some((owner) => owner.kind === kind);
  const isSnapshotController = ({ name }: Pod) => name.startsWith('snapshot-controller');
  return {
    cluster,
    controllers: serving.filter((pod) => isOn('ReplicaSet')(pod) && !isSnapshotController(pod)),
    nodePods: serving.filter(isOn('DaemonSet')),
    snapshotControllers: serving.filter(isSnapshotController),
  };
}

function clusterWith(options: Partial<DeploymentOptions>, more: ClusterOptions = {}): Seen {
  const stage = newStage();
  const built = addCluster(stage, more);
  addDeployment(built, addNas(stage, '25.10'), { protocol: 'nfs', ...options });
  finish({ stage }, []);
  return seenIn(built.cluster);
}

function driversByNode(cluster: LabCluster): Record<string, readonly string[]> {
  const nodes = list(cluster, 'csinodes').flatMap((each) => decodeCsiNode(each, 'prod') ?? []);
  return Object.fromEntries(nodes.map(({ name, drivers }) => [name, drivers]));
}

const DRIVER = 'org.democratic-csi.nfs';

describe('a driver in a cluster', () => {
  it('has a controller, a pod on each machine, and leaders that were heard of just now', () => {
    const { cluster, controllers, nodePods } = clusterWith({});
    expect(controllers.map(driverOf)).toEqual([DRIVER]);
    expect(nodePods.map(driverOf)).toEqual([DRIVER, DRIVER, DRIVER]);
    expect(nodePods.map(({ node }) => node)).toEqual(['worker-1', 'worker-2', 'worker-3']);
    expect(driversByNode(cluster)).toEqual({
      'worker-1': [DRIVER],
      'worker-2': [DRIVER],
      'worker-3': [DRIVER],
    });
    for (const pod of [...controllers, ...nodePods]) {
      expect(pod).toMatchObject({ ready: true, phase: 'Running' });
      for (const container of pod.containers) {
        expect(container).toMatchObject({ ready: true, restarts: 0, waiting: null });
        expect(container.image).toMatch(/^registry\.example\/[\w/-]+:v\d+\.\d+\.\d+$/);
      }
    }
    const leases = list(cluster, 'leases').flatMap((each) => decodeLease(each, 'prod') ?? []);
    expect(leases.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'democratic-csi/org-democratic-csi-nfs',
      'democratic-csi/external-attacher-leader-org-democratic-csi-nfs',
      'democratic-csi/external-resizer-org-democratic-csi-nfs',
      'democratic-csi/external-snapshotter-leader-org-democratic-csi-nfs',
      'snapshot-controller/snapshot-controller-leader',
    ]);
    const now = newStage().now;
    for (const { renewedAt } of leases) expect(now - (renewedAt?.getTime() ?? 0)).toBe(4_000);
  });

  it('lies in a namespace that admits its pods', () => {
    const { cluster } = clusterWith({});
    const admitting = list(cluster, 'namespaces').filter(
      ({ metadata }) => metadata.labels?.['pod-security.kubernetes.io/enforce'] === 'privileged',
    );
    expect(admitting.map(({ metadata }) => metadata.name)).toEqual(['democratic-csi']);
    const strict = list(clusterWith({ podSecurity: 'baseline' }).cluster, 'namespaces');
    expect(strict.filter(({ metadata }) => metadata.name === 'democratic-csi')).toMatchObject([
      { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } },
    ]);
  });

  it.each(['csi.truenas.io', 'tns.csi.io'] as const)('may be %s', (driver) => {
    const stage = newStage();
    const built = addCluster(stage);
    addPathDriver(built, addNas(stage, '25.10'), { driver, protocol: 'nfs' });
    finish({ stage }, []);
    const { cluster, controllers, nodePods } = seenIn(built.cluster);
    expect(controllers).toHaveLength(1);
    expect(nodePods.map(driverOf)).toEqual([driver, driver, driver]);
    expect(driversByNode(cluster)).toMatchObject({ 'worker-2': [driver] });
  });

  it('may be ill in each of its parts', () => {
    const { cluster, controllers, nodePods } = clusterWith({
      health: {
        image: 'registry.example/democratic-csi/democratic-csi:latest',
        sidecars: { 'external-provisioner': 'v3.6.0' },
        controller: { restarts: 40, endedDays: HOUR, waiting: 'CrashLoopBackOff' },
        nodes: { 'worker-2': null, 'worker-3': { ready: false } },
        unregisteredOn: ['worker-1'],
        silentDays: HOUR,
      },
    });
    const [controller] = controllers;
    expect(controller?.ready).toBe(false);
    const named = Object.fromEntries(controller?.containers.map((each) => [each.name, each]) ?? []);
    expect(named['csi-driver']).toMatchObject({
      image: 'registry.example/democratic-csi/democratic-csi:latest',
      ready: false,
      restarts: 40,
      lastEndedAt: new Date('2026-11-22T11:00:00Z'),
      waiting: 'CrashLoopBackOff',
    });
    expect(named['external-provisioner']?.image).toMatch(/:v3\.6\.0$/);
    expect(nodePods.map(({ node, ready }) => [node, ready])).toEqual([
      ['worker-1', true],
      ['worker-3', false],
    ]);
    expect(driversByNode(cluster)).toEqual({
      'worker-1': [],
      'worker-2': [],
      'worker-3': [DRIVER],
    });
    const [lease] = list(cluster, 'leases');
    expect(at(lease, 'spec', 'renewTime')).toBe('2026-11-22T11:00:00.000000Z');
    expect(at(lease, 'spec', 'holderIdentity')).not.toBe(controller?.name);
    expect(clusterWith({ health: { controller: null } }).controllers).toEqual([]);
  });

  it('is on a machine that is lost as well, where it is not ready', () => {
    const stage = newStage();
    const built = addCluster(stage, { machines: ['one'] });
    addDeployment(built, addNas(stage, '25.10'), { protocol: 'nfs' });
    addNode(built, 'two', 30, false);
    finish({ stage }, []);
    const { cluster, nodePods } = seenIn(built.cluster);
    expect(nodePods.map(({ node, ready }) => [node, ready])).toEqual([
      ['one', true],
      ['two', false],
    ]);
    expect(driversByNode(cluster)).toEqual({ one: [DRIVER], two: [DRIVER] });
  });

  it('has classes as they are asked for', () => {
    const { cluster } = clusterWith({
      classes: {
        isDefault: true,
        allowsExpansion: false,
        parameters: { fsTypo: 'ext4' },
        mountOptions: [],
        snapshotDefaults: true,
      },
    });
    expect(list(cluster, 'storageclasses')).toMatchObject([
      {
        metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        allowVolumeExpansion: false,
        parameters: { fsTypo: 'ext4', fsType: 'nfs' },
        mountOptions: [],
      },
    ]);
    const marked = list(cluster, 'volumesnapshotclasses').map(
      ({ metadata }) => metadata.annotations?.['snapshot.storage.kubernetes.io/is-default-class'],
    );
    expect(marked).toEqual(['true', 'true']);
  });
});

describe('the snapshot controller', () => {
  it('is one, with two pods of which one leads', () => {
    const { snapshotControllers } = clusterWith({});
    expect(snapshotControllers.map(({ namespace, ready }) => [namespace, ready])).toEqual([
      ['snapshot-controller', true],
      ['snapshot-controller', true],
    ]);
  });

  it('may be missing, be there twice, be old, or be silent', () => {
    const count = (snapshotController: ClusterOptions['snapshotController'] & object) =>
      clusterWith({}, { snapshotController }).snapshotControllers;
    expect(count({ namespaces: [] })).toEqual([]);
    expect(count({ namespaces: ['one', 'two'] })).toHaveLength(4);
    const [old] = count({ version: 'v6.3.0', health: { ready: false }, silentDays: 1 });
    expect(old).toMatchObject({ ready: false });
    expect(old?.containers[0]?.image).toMatch(/:v6\.3\.0$/);
  });

  it('is not there without its API', () => {
    const stage = newStage();
    const built = addCluster(stage);
    built.cluster.missingGroups = ['snapshot.storage.k8s.io'];
    finish({ stage }, []);
    expect(seenIn(built.cluster).snapshotControllers).toEqual([]);
  });
});

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  'in %s',
  (_, scenario) => {
    it('every driver is well on every machine that is', () => {
      for (const cluster of scenario.build('25.10').clusters) {
        const { controllers, nodePods } = seenIn(cluster);
        const lost = list(cluster, 'nodes').flatMap((node) =>
          at(node, 'spec', 'taints') === undefined ? [] : node.metadata.name,
        );
        for (const pod of [...controllers, ...nodePods]) {
          expect(pod.ready).toBe(!lost.includes(pod.node ?? ''));
        }
        const machines = list(cluster, 'nodes').map(({ metadata }) => metadata.name);
        for (const driver of new Set(nodePods.map(driverOf))) {
          const on = nodePods.filter((pod) => driverOf(pod) === driver).map(({ node }) => node);
          expect(on).toEqual(machines);
          for (const drivers of Object.values(driversByNode(cluster))) {
            expect(drivers).toContain(driver);
          }
        }
      }
    });
  },
);
