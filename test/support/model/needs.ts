import {
  type KubernetesObject,
  type LabCluster,
  type LabDataset,
  type LabSystem,
  type World,
} from '../../../src/lib/lab/scenario/world.ts';

/*
 * The truth: who needs a thing, told from the world itself and not from what a driver or this tool makes of it. Names of volumes are
 * unique in a world, so that whoever mentions one of them, in any field and in any spelling, means it.
 */

/** Somebody who needs a thing. */
export interface Need {
  readonly who: string;
  /** The list by which one learns of it: `<cluster> <plural>` or `<system> <method>`. */
  readonly list: string;
  /** It keeps what is needed from being destroyed, and not from being put aside. */
  readonly onlyAgainstDestruction?: boolean;
}

/** What a change is about on a system: where the data lies, and by what names it is known besides. */
export interface Thing {
  readonly system: string;
  readonly dataset: string | null;
  readonly snapshot: string | null;
  readonly names: readonly string[];
}

const FOREIGN = 'democratic-csi:volume_context_provisioner_instance_id';
export const LISTS = {
  datasets: 'datasets',
  snapshots: 'snapshots',
  tasks: 'pool.snapshottask.query',
  replications: 'replication.query',
  iscsiSessions: 'iscsi.global.sessions',
  nvmetSessions: 'nvmet.global.sessions',
  attachments: 'pool.dataset.attachments',
} as const;

/** What is attached to a dataset is asked for by itself. */
export function attachmentsOf(system: string, dataset: string): string {
  return `${system} ${LISTS.attachments} ${dataset}`;
}

function mentions(value: unknown, terms: readonly string[]): boolean {
  if (typeof value === 'string') return terms.some((term) => value.includes(term));
  if (Array.isArray(value)) return value.some((each) => mentions(each, terms));
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => mentions(each, terms));
}

function objectsOf({ objects }: LabCluster, plural: string): readonly KubernetesObject[] {
  return objects[plural] ?? [];
}

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What holds the detached snapshots of a volume has its name, and is no part of it. */
const CONTAINER = /\/snaps\/[^/]+$/u;

function termsOf({ dataset, snapshot, names }: Thing): readonly string[] {
  if (snapshot !== null) return [snapshot.slice(snapshot.indexOf('@') + 1)];
  if (dataset !== null && CONTAINER.test(dataset)) return [`${leafOf(dataset)}/`, dataset];
  return [...(dataset === null ? [] : [leafOf(dataset)]), ...names];
}

/**
 * What is not there serves no pod that mounts it by its path and no snapshot of it; whoever deletes its share takes nothing from them, and
 * can make it again. A PersistentVolume of it is a volume all the same, whose data may come back.
 */
function neededInCluster(cluster: LabCluster, thing: Thing, isThere: boolean): readonly Need[] {
  const terms = termsOf(thing);
  const { name } = cluster;
  const need = (plural: string, object: KubernetesObject): Need => ({
    who: `${plural} ${object.metadata.namespace ?? ''}/${object.metadata.name}`,
    list: `${name} ${plural}`,
  });
  const pvs = objectsOf(cluster, 'persistentvolumes').filter((pv) => mentions(pv['spec'], terms));
  const contents = objectsOf(cluster, 'volumesnapshotcontents').filter(
    (content) => mentions(content['spec'], terms) || mentions(content['status'], terms),
  );
  const pods = objectsOf(cluster, 'pods').filter((pod) => mentions(pod['spec'], terms));
  if (!isThere) return pvs.map((pv) => need('persistentvolumes', pv));
  return [
    ...pvs.map((pv) => need('persistentvolumes', pv)),
    ...contents.map((content) => need('volumesnapshotcontents', content)),
    ...pods.map((pod) => need('pods', pod)),
  ];
}

function isWithin(path: string, dataset: string): boolean {
  return path.startsWith(`${dataset}/`);
}

function sessionsOn(system: LabSystem, dataset: string): readonly Need[] {
  const device = `zvol/${dataset.replaceAll(' ', '+')}`;
  const extents = system.iscsiExtents.filter(({ path }) => path === device).map(({ id }) => id);
  const targets = system.iscsiTargetExtents
    .filter(({ extent }) => extents.includes(extent))
    .map(({ target }) => system.iscsiTargets.find(({ id }) => id === target)?.name);
  const subsystems = system.nvmetNamespaces
    .filter(({ devicePath }) => devicePath === device)
    .map(({ subsystem }) => subsystem);
  return [
    ...system.iscsiSessions
      .filter(({ target }) => targets.includes(target.slice(target.lastIndexOf(':') + 1)))
      .map(({ initiator }) => ({
        who: `session of ${initiator}`,
        list: `${system.name} ${LISTS.iscsiSessions}`,
      })),
    ...(system.nvmetSessions ?? [])
      .filter(({ subsystem }) => subsystems.includes(subsystem))
      .map(({ hostnqn }) => ({
        who: `session of ${hostnqn}`,
        list: `${system.name} ${LISTS.nvmetSessions}`,
      })),
  ];
}

function ofItself(system: LabSystem, { userProperties }: LabDataset): readonly Need[] {
  const list = `${system.name} ${LISTS.datasets}`;
  const instance = userProperties[FOREIGN];
  const ignore = userProperties['truenas-monitor:ignore'];
  return [
    ...(instance === undefined ? [] : [{ who: `another cluster, ${instance}`, list }]),
    ...(ignore === undefined ? [] : [{ who: 'somebody who marked it to be left alone', list }]),
  ];
}

function neededOnSystem(system: LabSystem, dataset: string): readonly Need[] {
  const { name, datasets, snapshots, snapshotTasks, replicationTasks } = system;
  const list = `${name} ${LISTS.datasets}`;
  return [
    ...datasets.filter(({ id }) => id === dataset).flatMap((each) => ofItself(system, each)),
    ...datasets
      .filter(({ origin }) => origin?.startsWith(`${dataset}@`) === true)
      .map(({ id }) => ({ who: `clone ${id}`, list })),
    ...datasets
      .filter(({ id }) => isWithin(id, dataset))
      .map(({ id }) => ({ who: `child ${id}`, list })),
    ...snapshots
      .filter(({ id, holds = [] }) => id.startsWith(`${dataset}@`) && holds.length > 0)
      .map(({ id }) => ({
        who: `hold on ${id}`,
        list: `${name} ${LISTS.snapshots}`,
        onlyAgainstDestruction: true,
      })),
    ...sessionsOn(system, dataset),
    ...snapshotTasks
      .filter((task) => task.dataset === dataset)
      .map(({ id }) => ({ who: `task ${id}`, list: `${name} ${LISTS.tasks}` })),
    ...replicationTasks
      .filter(({ sources }) => sources.includes(dataset))
      .map(({ id }) => ({ who: `replication ${id}`, list: `${name} ${LISTS.replications}` })),
    ...(system.otherAttachments ?? [])
      .filter((each) => each.dataset === dataset)
      .map((each) => ({
        who: `${each.type} ${each.name}`,
        list: attachmentsOf(name, dataset),
      })),
  ];
}

/** A snapshot is needed by who names it, holds it, or was cloned from it; its dataset goes on without it. */
function neededForSnapshot(system: LabSystem, snapshot: string): readonly Need[] {
  return [
    ...system.datasets
      .filter(({ origin }) => origin === snapshot)
      .map(({ id }) => ({ who: `clone ${id}`, list: `${system.name} ${LISTS.datasets}` })),
    ...system.snapshots
      .filter(({ id, holds = [] }) => id === snapshot && holds.length > 0)
      .map(({ id }) => ({ who: `hold on ${id}`, list: `${system.name} ${LISTS.snapshots}` })),
  ];
}

/** Everybody who needs a thing at this instant. */
export function needsOf({ clusters, systems }: World, thing: Thing): readonly Need[] {
  const { dataset, snapshot } = thing;
  const system = systems.find(({ name }) => name === thing.system);
  const isThere = system?.datasets.some(({ id }) => id === dataset) === true;
  const inClusters = clusters.flatMap((cluster) => neededInCluster(cluster, thing, isThere));
  if (system === undefined || dataset === null || !isThere) return inClusters;
  const onSystem =
    snapshot === null ? neededOnSystem(system, dataset) : neededForSnapshot(system, snapshot);
  return [...inClusters, ...onSystem];
}

/** Whether anybody can reach a dataset over the network. */
export function isReachable(system: LabSystem, dataset: string): boolean {
  const device = `zvol/${dataset.replaceAll(' ', '+')}`;
  const mapped = new Set(system.iscsiTargetExtents.map(({ extent }) => extent));
  return (
    [...system.nfsShares, ...system.smbShares].some(
      ({ path, enabled }) => enabled && path === `/mnt/${dataset}`,
    ) ||
    system.iscsiExtents.some(
      ({ id, path, enabled }) => enabled && path === device && mapped.has(id),
    ) ||
    system.nvmetNamespaces.some(({ devicePath, enabled }) => enabled && devicePath === device)
  );
}
