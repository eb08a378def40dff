import { type LabSnapshot, type LabSystem } from '../scenario/world.ts';
import { Errno } from './errors.ts';
import { type TrueNasFaults } from './faults.ts';
import { type DatasetNode, type SnapshotNode, subtree, type View } from './view.ts';

/** Why ZFS did not destroy something. */
export interface ZfsFailure {
  readonly message: string;
  readonly errno: number;
}

export interface World {
  readonly system: LabSystem;
  readonly view: View;
  readonly faults: TrueNasFaults;
}

const datasetOf = ({ id }: LabSnapshot): string => id.slice(0, id.indexOf('@'));

function cutDatasets(system: LabSystem, gone: ReadonlySet<string>): void {
  system.datasets = system.datasets.filter(({ id }) => !gone.has(id));
  system.snapshots = system.snapshots.filter(({ id }) => !gone.has(id.slice(0, id.indexOf('@'))));
}

/** Drops snapshots, and gives back what only they held. */
function dropSnapshots(system: LabSystem, isGone: (snapshot: LabSnapshot) => boolean): void {
  const gone = system.snapshots.filter(isGone);
  if (gone.length === 0) return;
  system.snapshots = system.snapshots.filter((snapshot) => !isGone(snapshot));
  const left = new Set(system.snapshots.map(datasetOf));
  const freed = Map.groupBy(gone, datasetOf);
  for (const dataset of system.datasets) {
    const used = (freed.get(dataset.id) ?? []).reduce((sum, each) => sum + each.used, 0);
    if (!freed.has(dataset.id)) continue;
    // What several snapshots held together goes with the last of them.
    dataset.usedbysnapshots = left.has(dataset.id)
      ? Math.max(0, dataset.usedbysnapshots - used)
      : 0;
  }
}

/** Snapshots marked for destruction go when nothing holds them any more. */
function reapDeferred(system: LabSystem): void {
  const origins = new Set(system.datasets.map(({ origin }) => origin));
  dropSnapshots(
    system,
    ({ id, deferDestroy, holds }) =>
      deferDestroy === true && !origins.has(id) && (holds ?? []).length === 0,
  );
}

/** Destroys datasets with their snapshots. */
export function removeDatasets({ system }: World, nodes: readonly DatasetNode[]): void {
  cutDatasets(system, new Set(nodes.map(({ dataset }) => dataset.id)));
  reapDeferred(system);
}

export function removeSnapshots({ system }: World, ids: ReadonlySet<string>): void {
  dropSnapshots(system, ({ id }) => ids.has(id));
}

export function setHolds({ system }: World, { snapshot }: SnapshotNode, tags: string[]): void {
  snapshot.holds = tags;
  reapDeferred(system);
}

export function isBusy({ faults }: World, node: DatasetNode): boolean {
  return faults.busyDatasets?.includes(node.dataset.id) === true;
}

/** The clones of snapshots in a tree that live outside of it. */
export function outsideClones({ view }: World, nodes: readonly DatasetNode[]): DatasetNode[] {
  const inside = new Set(nodes);
  return nodes
    .flatMap(({ snapshots }) => snapshots)
    .flatMap(({ id }) => view.clones.get(id) ?? [])
    .flatMap((id) => view.byId.get(id) ?? [])
    .filter((node) => !inside.has(node));
}

/** `zfs destroy -r`: stops at clones outside and at holds. */
export function destroyTree(world: World, root: DatasetNode): ZfsFailure | null {
  const nodes = subtree(root);
  const { id } = root.dataset;
  const clones = outsideClones(world, nodes).map(({ dataset }) => dataset.id);
  if (clones.length > 0) {
    const hint = `use '-R' to destroy the following datasets:\n${clones.join('\n')}`;
    return {
      message: `cannot destroy '${id}': filesystem has dependent clones\n${hint}`,
      errno: Errno.EFAULT,
    };
  }
  const held = nodes.some(({ snapshots }) => snapshots.some((s) => (s.holds ?? []).length > 0));
  if (held || nodes.some((node) => isBusy(world, node))) {
    return { message: `cannot destroy '${id}': dataset is busy`, errno: Errno.EBUSY };
  }
  removeDatasets(world, nodes);
  return null;
}

/** Destroys clones wherever they are; false where one has children or snapshots of its own, or is busy. */
export function destroyClones(world: World, clones: readonly DatasetNode[]): boolean {
  const free = clones.filter(
    (node) => node.children.length === 0 && node.snapshots.length === 0 && !isBusy(world, node),
  );
  removeDatasets(world, free);
  return free.length === clones.length;
}

/** The recursive channel program of 26: releases holds, and destroys clones all over the pool. */
export function destroyTreeAndClones(world: World, root: DatasetNode): ZfsFailure | null {
  const nodes = subtree(root);
  const { id } = root.dataset;
  const cloneFree = destroyClones(world, outsideClones(world, nodes));
  if (!cloneFree || nodes.some((node) => isBusy(world, node))) {
    return { message: `cannot destroy '${id}': dataset is busy`, errno: Errno.EBUSY };
  }
  removeDatasets(world, nodes);
  return null;
}
