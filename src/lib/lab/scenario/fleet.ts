import { certain, defineScenario, type Built } from './build/define.ts';
import { addDeployment, type Deployment } from './build/deployment.ts';
import { unclaimed } from './build/expect.ts';
import { numberOf } from './build/identity.ts';
import { addFurtherClass } from './build/release.ts';
import { addSnapshot } from './build/snapshot.ts';
import { addCluster } from './build/cluster.ts';
import { addNas, CLEANUP_ROLES, GIB, MIB, newStage } from './build/stage.ts';
import { addVolume, type Volume } from './build/volume.ts';
import { type VolumeOptions } from './build/volume-options.ts';
import { addPendingClaim } from './build/claim.ts';
import { finish } from './build/site.ts';
import { type ExpectedFinding, type Scenario, type TrueNasVersion } from './world.ts';

/** Volumes of a namespace: larger fleets have more namespaces, not larger ones. */
const NAMESPACE_SIZE = 40;
const APPS = ['postgres', 'redis', 'grafana', 'registry', 'minio', 'keycloak', 'mysql', 'nats'];

/** PersistentVolumes among what `addFaults` makes. */
const FAULTY_VOLUMES = 5;

/** How many of each fault a fleet of `n` volumes has: a few however large it is, none where it is tiny. */
function faultsOf(n: number): number {
  if (n >= 100) return 3;
  return n >= 20 ? 1 : 0;
}

interface Fleet {
  readonly nfs: Deployment;
  readonly iscsi: Deployment;
  readonly expected: ExpectedFinding[];
  /** Number of the next volume. */
  index: number;
}

/** What a fleet has beside its volumes. */
export interface FleetSurroundings {
  readonly machines?: number;
  readonly storageClasses?: number;
}

/**
 * A fleet of `n` PersistentVolumes, `n` claims and 2`n` snapshots, 70 % of it NFS and 30 % iSCSI, with
 * a few faults of each kind.
 */
export function fleet(n: number, surroundings: FleetSurroundings = {}): Scenario {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not a fleet size: ${n}`);
  return defineScenario({
    name: `fleet-${n}`,
    description: `a fleet of ${n} volumes with ${faultsOf(n)} of each fault`,
    row: null,
    build: (version) => buildFleet(n, version, 'whole', surroundings),
    expect: () => buildFleet(n, '25.10', 'faults', surroundings).expected,
  });
}

/** @param extent `faults` builds no more than it takes to know what is expected */
function buildFleet(
  n: number,
  version: TrueNasVersion,
  extent: 'whole' | 'faults',
  { machines = 3, storageClasses = 2 }: FleetSurroundings,
): Built {
  const stage = newStage();
  const nas = addNas(stage, version, {
    pools: ['tank', 'flash'],
    poolSize: 2 ** 50,
    roles: CLEANUP_ROLES,
  });
  const cluster = addCluster(stage, {
    machines: Array.from({ length: machines }, (_, index) => `worker-${index + 1}`),
  });
  const state: Fleet = {
    nfs: addDeployment(cluster, nas, { protocol: 'nfs', instanceId: 'prod' }),
    iscsi: addDeployment(cluster, nas, {
      protocol: 'iscsi',
      parent: 'flash/k8s/iscsi/vols',
      instanceId: 'prod',
    }),
    expected: [],
    index: 0,
  };
  for (let count = 2; count < storageClasses; count += 1) {
    addFurtherClass(state.nfs, `nas-nfs-${count}`);
  }
  const faults = faultsOf(n);
  for (let count = 0; count < faults; count += 1) addFaults(state);
  const sound = extent === 'whole' ? n - FAULTY_VOLUMES * faults : 0;
  for (let count = 0; count < sound; count += 1) {
    // A volume without its dataset has no snapshots: these make up for them.
    addSnapshots(addNext(state), count < faults ? 4 : 2);
  }
  return finish({ stage }, state.expected);
}

/** Adds the next volume, with everything about it derived from its number. */
function addNext(
  state: Fleet,
  options: Partial<VolumeOptions> = {},
  deployment = state.index % 10 < 7 ? state.nfs : state.iscsi,
): Volume {
  const { index } = state;
  state.index += 1;
  const size = (1 + numberOf(`size ${index}`, 64)) * GIB;
  return addVolume(deployment, {
    claim: claimOf(index),
    size,
    used: Math.floor(size / (2 + numberOf(`used ${index}`, 9))),
    days: 60 + numberOf(`age ${index}`, 600_000) / 1000,
    releasedDays: 12,
    ...options,
  });
}

function claimOf(index: number): string {
  const team = String(Math.floor(index / NAMESPACE_SIZE)).padStart(3, '0');
  return `team-${team}/data-${APPS[index % APPS.length] ?? 'app'}-${index}`;
}

function addSnapshots(volume: Volume, count: number): void {
  for (let number = 1; number <= count; number += 1) {
    addSnapshot(volume, { name: `${volume.claimName}-${number}`, days: number * 7, used: MIB });
  }
}

/** One fault of each kind, and what is to be found of it. */
function addFaults(state: Fleet): void {
  const found = (rule: string, name: string): void => {
    state.expected.push(certain(rule, name));
  };
  found('pv-backend-missing', addNext(state, { gone: ['dataset', 'share'] }).name);
  const unshared = addNext(state, { gone: ['share'] });
  const released = addNext(state, { gone: ['claim'] });
  const failed = addNext(state, {
    gone: ['claim'],
    phase: 'Failed',
    statusMessage: 'error deleting volume: rpc error: code = Internal desc = pool is busy',
  });
  found('share-missing', unshared.name);
  found('pv-released', released.name);
  found('pv-failed', failed.name);
  found('delete-blocked', failed.name);
  for (const volume of [unshared, released, failed]) addSnapshots(volume, 2);

  const sound = addNext(state);
  addSnapshots(sound, 1);
  const lost = addSnapshot(sound, { name: `${sound.claimName}-lost`, days: 20, gone: ['backend'] });
  found('snapshot-content-backend-missing', lost.contentName);
  const left = addSnapshot(sound, {
    name: `${sound.claimName}-left`,
    days: 21,
    used: MIB,
    gone: ['content', 'snapshot'],
  });
  found('zfs-snapshot-unclaimed', left.id);

  addFaultsWithoutVolume(state, found);
}

/** Faults in which Kubernetes has no PersistentVolume: they come on top of the fleet's number. */
function addFaultsWithoutVolume(state: Fleet, found: (rule: string, name: string) => void): void {
  state.expected.push(...unclaimed(addNext(state, { gone: ['pv', 'claim'] })));
  found('dataset-half-provisioned', addNext(state, { stopsAt: 'share', gone: ['claim'] }).dataset);
  const share = addNext(state, { gone: ['pv', 'claim', 'dataset'] }, state.nfs);
  found('nfs-share-dangling', `/mnt/${share.dataset}`);
  const extent = addNext(state, { gone: ['pv', 'claim', 'dataset'] }, state.iscsi);
  found('iscsi-extent-dangling', extent.assets);
  const lost = addNext(state, { gone: ['pv', 'dataset', 'share'] });
  found('pvc-lost', `${lost.namespace}/${lost.claimName}`);
  const pending = claimOf(state.index);
  state.index += 1;
  addPendingClaim(state.nfs, { claim: pending, size: 8 * GIB, days: 3 });
  found('pvc-pending', pending);
}
