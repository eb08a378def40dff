import { type Rule } from '../../../core/model/rule.ts';
import { type ResourceRef } from '../../../core/model/resource-ref.ts';
import { isRecord } from '../build/record.ts';
import { objectsOf } from '../build/stage.ts';
import { type KubernetesObject, type LabCluster, type LabSystem, type World } from '../world.ts';
import { type BackedVolume, backedVolumes } from './volumes.ts';

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
  /** Since when it is as it is. */
  readonly since: Date | null;
  /** What comes back when it goes. */
  readonly holds: number;
}

const nameOf = ({ metadata }: KubernetesObject): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;

/** When a volume went from one phase to another. */
function changedAt({ status }: KubernetesObject): string | undefined {
  const at = isRecord(status) ? status['lastPhaseTransitionTime'] : undefined;
  return typeof at === 'string' ? at : undefined;
}

function heldBehind({ metadata }: KubernetesObject, volumes: readonly BackedVolume[]): number {
  const found = volumes.find(({ volume }) => volume === metadata.name);
  const dataset = found?.system.datasets.find(({ id }) => id === found.dataset);
  return dataset === undefined ? 0 : dataset.usedbydataset + dataset.usedbysnapshots;
}

function* inCluster(
  cluster: LabCluster,
  wanted: string,
  volumes: readonly BackedVolume[],
): Iterable<Subject> {
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
        since: new Date(changedAt(object) ?? creationTimestamp),
        holds: heldBehind(object, volumes),
      };
    }
  }
}

interface OnNas {
  readonly type: ResourceRef['type'];
  readonly name: string;
  /** Of the database, where it tells two of one name apart. */
  readonly id?: number;
  readonly createdAt?: string;
  readonly holds?: number;
}

function listOf(system: LabSystem): readonly OnNas[] {
  return [
    ...system.datasets.map(({ id, type, createdAt, usedbydataset, usedbysnapshots }): OnNas => ({
      type: type === 'VOLUME' ? 'Zvol' : 'Dataset',
      name: id,
      createdAt,
      holds: usedbydataset + usedbysnapshots,
    })),
    ...system.snapshots.map(({ id, createdAt, used }): OnNas => ({
      type: 'ZfsSnapshot',
      name: id,
      createdAt,
      holds: used,
    })),
    ...system.nfsShares.map(({ path, id }): OnNas => ({ type: 'NfsShare', name: path, id })),
    ...system.iscsiExtents.map(({ name, id }): OnNas => ({ type: 'IscsiExtent', name, id })),
    ...system.iscsiTargets.map(({ name, id }): OnNas => ({ type: 'IscsiTarget', name, id })),
  ];
}

function onSystem(system: LabSystem, wanted: string): readonly Subject[] {
  return listOf(system)
    .filter(({ name }) => name === wanted)
    .map(({ type, name, id, createdAt, holds = 0 }) => ({
      ref: {
        location: 'truenas',
        system: system.name,
        type,
        name,
        namespace: null,
        discriminator: id === undefined ? null : String(id),
      },
      home: system.hostId,
      since: createdAt === undefined ? null : new Date(createdAt),
      holds,
    }));
}

/** What a rule speaks of by this name; undefined where there is no such thing any more. */
export function findSubject(world: World, rule: Rule, name: string): Subject | undefined {
  const volumes = backedVolumes(world);
  const named = [
    ...world.clusters.flatMap((cluster) => [...inCluster(cluster, name, volumes)]),
    ...world.systems.flatMap((system) => onSystem(system, name)),
  ];
  return named.find(({ ref }) => rule.subjects.includes(ref.type));
}
