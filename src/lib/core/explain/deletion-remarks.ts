import { type Coverage } from '../model/coverage.ts';
import { type ResourceRef } from '../model/resource-ref.ts';
import { counted, joined } from '../render/text/format.ts';
import { type Namer } from './blocker-readers.ts';
import { deletedByDriver, place } from './blocker-tree.ts';
import { type ChainNode } from './explanation.ts';
import { type Scene } from './scene.ts';

/*
 * What is to be known before something is deleted and stands in nobody's way: what goes along by itself, what ends with it, and
 * what nobody can see.
 */

/** Objects with whose end the same goes along. */
export type Family = 'volume' | 'snapshot' | 'export' | 'attachment' | 'task' | 'group' | 'class';

/** What needs no resolving: the driver made it, and deletes it with the volume. */
function goingAlong(roots: readonly ChainNode[], name: Namer): string[] {
  const names = [...new Set([...deletedByDriver(roots)].map(name))];
  return names.length === 0
    ? []
    : [`Its driver deletes with the volume what it made for it: ${joined(names)}.`];
}

const TASKS: Readonly<Partial<Record<ResourceRef['type'], string>>> = {
  SnapshotTask:
    'Nothing of its datasets goes along: their snapshots stay, and nothing takes new ones or removes them when they are old.',
  ReplicationTask:
    'Nothing of its datasets goes along: what it copied stays, and nothing brings it up to date any more.',
};

function ifKnown(what: string, coverage: Coverage, say: () => string): string {
  return coverage.state === 'complete' || coverage.state === 'not_applicable'
    ? say()
    : `How many ${what} name it is not known: ${coverage.reason}.`;
}

/** Whoever names a class has what it wants already, unless it still waits for it. */
function onClass(ref: ResourceRef, scene: Scene): string[] {
  if (ref.location !== 'kubernetes') return [];
  const { type, cluster, name } = ref;
  const without = 'they go on as they are, and until a class of that name is there no more are';
  if (type === 'StorageClass') {
    const coverage = scene.coverageOf(['persistentVolumes', 'persistentVolumeClaims'], cluster);
    const count = (source: 'persistentVolumes' | 'persistentVolumeClaims'): number =>
      scene.ofCluster(source, cluster).filter(({ storageClass }) => storageClass === name).length;
    return [
      ifKnown('persistent volumes and persistent volume claims', coverage, () => {
        const volumes = counted(count('persistentVolumes'), 'persistent volume');
        const claims = counted(count('persistentVolumeClaims'), 'persistent volume claim');
        return `${volumes} and ${claims} name it: ${without} made.`;
      }),
    ];
  }
  const coverage = scene.coverageOf(['volumeSnapshots'], cluster);
  const snapshots = scene
    .ofCluster('volumeSnapshots', cluster)
    .filter(({ snapshotClass }) => snapshotClass === name);
  return [
    ifKnown('volume snapshots', coverage, () => {
      const all = counted(snapshots.length, 'volume snapshot');
      return `${all} name it: ${without} taken.`;
    }),
  ];
}

const FILE_SHARES: readonly string[] = ['NfsShare', 'SmbShare'];

/** Of file systems only: whoever is connected to a disk is listed. */
function clients(
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
  families: readonly Family[],
): string[] {
  const shared =
    families.includes('volume') &&
    [...place(roots)].some(
      ({ node: { state, kind } }) => state === 'present' && FILE_SHARES.includes(kind),
    );
  return shared || subjects.some(({ type }) => FILE_SHARES.includes(type))
    ? ['Who has an NFS or SMB share mounted cannot be read; ask before you delete it.']
    : [];
}

export function remarksOn(
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
  families: readonly Family[],
  scene: Scene,
  name: Namer,
): readonly string[] {
  const classes = families.includes('class') ? subjects.flatMap((ref) => onClass(ref, scene)) : [];
  return [
    ...(families.includes('volume') ? goingAlong(roots, name) : []),
    ...new Set(subjects.flatMap(({ type }) => TASKS[type] ?? [])),
    ...classes,
    ...clients(roots, subjects, families),
  ];
}
