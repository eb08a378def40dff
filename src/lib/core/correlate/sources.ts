import { type DerivedSource, type EvidenceSource } from '../model/evidence.ts';
import { type ClusterSource, type ListSource } from '../model/inventory.ts';

interface Derivation {
  /** Lists it cannot be trusted without. */
  readonly gates: readonly ListSource[];
  /** Lists it also reads where they are there, and does without where they are not. */
  readonly reads: readonly ListSource[];
  /** The lists of every system count, wherever it is asked for. */
  readonly everywhere?: true;
}

/** Lists of what makes pods. */
export const WORKLOAD_LISTS = [
  'deployments',
  'statefulSets',
  'daemonSets',
  'replicaSets',
  'replicationControllers',
  'jobs',
  'cronJobs',
  'virtualMachines',
  'dataVolumes',
] as const satisfies readonly ClusterSource[];

/** What each derived source is made from: decides what is fetched, and when a rule must be skipped. */
export const DERIVATIONS: Readonly<Record<DerivedSource, Derivation>> = {
  clusters: { gates: [], reads: [] },
  systems: { gates: [], reads: [] },
  connections: { gates: [], reads: [] },
  settings: { gates: [], reads: [] },
  installations: {
    gates: ['csiDrivers', 'pods'],
    reads: ['storageClasses', 'driverSecrets', 'persistentVolumes'],
  },
  parents: { gates: [], reads: ['persistentVolumes', 'datasets', 'driverSecrets'] },
  storage: { gates: ['pools'], reads: ['datasets', 'persistentVolumes', 'driverSecrets'] },
  marks: { gates: ['datasets'], reads: [] },
  replications: { gates: ['replicationTasks'], reads: [], everywhere: true },
  claimUse: { gates: ['pods', ...WORKLOAD_LISTS], reads: [] },
  exports: {
    gates: ['nfsShares', 'iscsiTargets', 'iscsiExtents', 'iscsiTargetExtents'],
    reads: ['smbShares', 'nvmetNamespaces', 'nvmetSubsystems'],
  },
  volumeLinks: {
    gates: ['persistentVolumes', 'datasets', 'iscsiTargets', 'iscsiExtents', 'iscsiTargetExtents'],
    reads: ['pods', 'smbShares', 'nvmetNamespaces', 'nvmetSubsystems', 'driverSecrets'],
  },
  snapshotLinks: {
    gates: ['volumeSnapshotContents', 'volumeSnapshots', 'zfsSnapshots', 'datasets'],
    reads: ['persistentVolumes', 'driverSecrets'],
  },
};

export function isDerived(source: EvidenceSource): source is DerivedSource {
  return Object.hasOwn(DERIVATIONS, source);
}

/** Lists whose coverage decides whether a source can be trusted. */
export function gatesOf(source: EvidenceSource): readonly ListSource[] {
  return isDerived(source) ? DERIVATIONS[source].gates : [source];
}

/** Whether a source cannot be trusted in one place without the lists of all others. */
export function isEverywhere(source: EvidenceSource): boolean {
  return isDerived(source) && DERIVATIONS[source].everywhere === true;
}

/** Every list that has to be fetched so that these sources can be had. */
export function listsFor(sources: Iterable<EvidenceSource>): ReadonlySet<ListSource> {
  const lists = new Set<ListSource>();
  for (const source of sources) {
    const needed = isDerived(source)
      ? [...DERIVATIONS[source].gates, ...DERIVATIONS[source].reads]
      : [source];
    for (const list of needed) lists.add(list);
  }
  return lists;
}
