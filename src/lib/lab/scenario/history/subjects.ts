import { type Rule } from '../../../core/model/rule.ts';
import { type ResourceRef } from '../../../core/model/resource-ref.ts';
import { objectsOf } from '../build/stage.ts';
import { type KubernetesObject, type LabCluster, type LabSystem, type World } from '../world.ts';

type Named = readonly [type: ResourceRef['type'], resource: string];

const KUBERNETES: readonly Named[] = [
  ['PersistentVolume', 'persistentvolumes'],
  ['PersistentVolumeClaim', 'persistentvolumeclaims'],
  ['VolumeSnapshotContent', 'volumesnapshotcontents'],
];

/** An object findings may be about, and where it lives. */
export interface Subject {
  readonly ref: ResourceRef;
  /** Uid of its cluster or host id of its system. */
  readonly home: string;
  readonly createdAt: Date | null;
  /** What comes back when it goes. */
  readonly holds: number;
}

const nameOf = ({ metadata }: KubernetesObject): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

function* inCluster(cluster: LabCluster, wanted: string): Iterable<Subject> {
  for (const [type, resource] of KUBERNETES) {
    for (const object of objectsOf(cluster, resource)) {
      if (nameOf(object) !== wanted) continue;
      const { name, namespace = null, creationTimestamp } = object.metadata;
      yield {
        ref: {
          location: 'kubernetes',
          cluster: cluster.name,
          type,
          name,
          namespace,
          discriminator: null,
        },
        home: cluster.uid,
        createdAt: new Date(creationTimestamp),
        holds: 0,
      };
    }
  }
}

function* onSystem(system: LabSystem, wanted: string): Iterable<Subject> {
  const subject = (
    type: ResourceRef['type'],
    { id = null, createdAt, holds = 0 }: { id?: number | null; createdAt?: string; holds?: number },
  ): Subject => ({
    ref: {
      location: 'truenas',
      system: system.name,
      type,
      name: wanted,
      namespace: null,
      discriminator: id === null ? null : String(id),
    },
    home: system.hostId,
    createdAt: createdAt === undefined ? null : new Date(createdAt),
    holds,
  });
  for (const { id, type, createdAt, usedbydataset, usedbysnapshots } of system.datasets) {
    if (id !== wanted) continue;
    const holds = usedbydataset + usedbysnapshots;
    yield subject(type === 'VOLUME' ? 'Zvol' : 'Dataset', { createdAt, holds });
  }
  for (const { id, createdAt, used } of system.snapshots) {
    if (id === wanted) yield subject('ZfsSnapshot', { createdAt, holds: used });
  }
  for (const { path, id } of system.nfsShares)
    if (path === wanted) yield subject('NfsShare', { id });
  for (const { name, id } of system.iscsiExtents) {
    if (name === wanted) yield subject('IscsiExtent', { id });
  }
  for (const { name, id } of system.iscsiTargets) {
    if (name === wanted) yield subject('IscsiTarget', { id });
  }
}

/** What a rule speaks of by this name; undefined where there is no such thing any more. */
export function findSubject(world: World, rule: Rule, name: string): Subject | undefined {
  const named = [
    ...world.clusters.flatMap((cluster) => [...inCluster(cluster, name)]),
    ...world.systems.flatMap((system) => [...onSystem(system, name)]),
  ];
  return named.find(({ ref }) => rule.subjects.includes(ref.type));
}
