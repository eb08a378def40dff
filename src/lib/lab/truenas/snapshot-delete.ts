import { textOf } from './json.ts';
import { worldOf } from './dataset-delete.ts';
import { destroyClones, removeSnapshots } from './destroy.ts';
import { CallError, Errno, invalid } from './errors.ts';
import { type Call, fieldsParam, flagOf, textParam } from './method.ts';
import { findSnapshot } from './snapshot-query.ts';
import { type SnapshotNode, subtree } from './view.ts';

/** The snapshot, and those of the same name below it. */
export function sameNamed({ view }: Call, { node, name }: SnapshotNode): SnapshotNode[] {
  return subtree(node).flatMap(
    ({ dataset }) => view.snapshotById.get(`${dataset.id}@${name}`) ?? [],
  );
}

const clonesOf = ({ view }: Call, { snapshot }: SnapshotNode): readonly string[] =>
  view.clones.get(snapshot.id) ?? [];

const holdsOf = ({ snapshot }: SnapshotNode): readonly string[] => snapshot.holds ?? [];

/** Up to 25.10. */
function refuseByLibzfs(call: Call, entry: SnapshotNode): void {
  const { id } = entry.snapshot;
  const clones = clonesOf(call, entry);
  if (clones.length > 0) {
    const text = `Please set this attribute as '${id}' snapshot has dependent clones: ${clones.join(', ')}`;
    throw invalid('options.defer', text);
  }
  if (holdsOf(entry).length > 0) {
    throw new CallError(`Failed to delete snapshot: cannot destroy '${id}': dataset is busy`);
  }
}

const DESTROY = 'zfs.resource.snapshot.destroy';

/** From 26 on. */
function refuseByResource(call: Call, entry: SnapshotNode): void {
  const { id } = entry.snapshot;
  const clones = clonesOf(call, entry);
  if (clones.length > 0) {
    throw invalid(DESTROY, `'${id}' has the following clones: ${clones.join(',')}`, Errno.EBUSY);
  }
  const tags = holdsOf(entry);
  if (tags.length > 0) {
    throw invalid(DESTROY, `'${id}' has the following holds: ${tags.join(',')}`, Errno.EBUSY);
  }
}

/** With `defer`, what cannot go now is marked, and goes when nothing holds it any more. */
function deferOrDestroy(call: Call, entries: readonly SnapshotNode[]): void {
  const free = new Set<string>();
  for (const entry of entries) {
    if (clonesOf(call, entry).length + holdsOf(entry).length > 0)
      entry.snapshot.deferDestroy = true;
    else free.add(entry.snapshot.id);
  }
  removeSnapshots(worldOf(call), free);
}

/** The recursive program of 26: holds are released, clones destroyed, then the snapshots. */
function destroyWithClones(call: Call, entries: readonly SnapshotNode[]): void {
  const world = worldOf(call);
  const clones = entries
    .flatMap((entry) => clonesOf(call, entry))
    .flatMap((id) => call.view.byId.get(id) ?? []);
  if (!destroyClones(world, clones)) {
    throw invalid(DESTROY, 'cannot destroy snapshots: dataset is busy', Errno.EBUSY);
  }
  removeSnapshots(world, new Set(entries.map(({ snapshot }) => snapshot.id)));
}

function destroy(call: Call, entry: SnapshotNode, defer: boolean, recursive: boolean): void {
  const { deletes } = call.lab.table;
  const entries = recursive ? sameNamed(call, entry) : [entry];
  if (recursive && deletes.recursionTakesClones) {
    destroyWithClones(call, entries);
    return;
  }
  if (!defer) {
    const refuse = deletes.errors === 'libzfs' ? refuseByLibzfs : refuseByResource;
    for (const each of entries) refuse(call, each);
  }
  deferOrDestroy(call, entries);
}

function checkName(call: Call, id: string): void {
  const { deletes, datasets } = call.lab.table;
  if (deletes.errors === 'libzfs') return;
  if (!id.includes('@')) throw invalid(DESTROY, 'Invalid snapshot name');
  if (datasets.hidden.test(id))
    throw invalid(DESTROY, `'${id}' is a protected path.`, Errno.EACCES);
}

/** `zfs.snapshot.delete` and `pool.snapshot.delete`. */
export function deleteSnapshot(call: Call): unknown {
  const id = textParam(call, 0, 'id');
  const options = fieldsParam(call, 1, 'options', ['defer', 'recursive']);
  checkName(call, id);
  const entry = findSnapshot(call, id);
  const recursive = flagOf(options, 'recursive');
  if (call.lab.faults.deletesLie === true) return true;
  destroy(call, entry, flagOf(options, 'defer'), recursive);
  const extra = { recursive };
  call.lab.events.emit({ msg: 'removed', collection: 'pool.snapshot.query', id, extra });
  return true;
}

/** `zfs.resource.snapshot.destroy`. */
export function destroyResourceSnapshot(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data', ['path', 'recursive', 'all_snapshots', 'defer']);
  const path = textOf(data, 'path');
  const recursive = flagOf(data, 'recursive');
  if (flagOf(data, 'all_snapshots')) {
    const node = call.view.byId.get(path);
    if (node === undefined) throw invalid(DESTROY, `'${path}' not found`, Errno.ENOENT);
    const nodes = recursive ? subtree(node) : [node];
    const all = nodes.flatMap(({ snapshots }) => snapshots);
    destroyWithClones(
      call,
      all.flatMap(({ id }) => call.view.snapshotById.get(id) ?? []),
    );
    return null;
  }
  checkName(call, path);
  const entry = call.view.snapshotById.get(path);
  if (entry === undefined) throw invalid(DESTROY, `'${path}' not found`, Errno.ENOENT);
  if (call.lab.faults.deletesLie !== true) destroy(call, entry, flagOf(data, 'defer'), recursive);
  return null;
}

/** `pool.dataset.destroy_snapshots`: all snapshots of a dataset, or those named. */
export function destroyDatasetSnapshots(call: Call): unknown {
  const node = call.view.byId.get(textParam(call, 0, 'name'));
  const data = fieldsParam(call, 1, 'snapshots', ['all', 'recursive', 'snapshots']);
  if (node === undefined) throw invalid('name', 'Dataset not found', Errno.ENOENT);
  const named = new Set(Array.isArray(data['snapshots']) ? data['snapshots'].map(String) : []);
  const entries = (flagOf(data, 'recursive') ? subtree(node) : [node])
    .flatMap(({ snapshots }) => snapshots)
    .flatMap(({ id }) => call.view.snapshotById.get(id) ?? [])
    .filter(({ name }) => flagOf(data, 'all') || named.has(name));
  for (const entry of entries) refuseByLibzfs(call, entry);
  removeSnapshots(worldOf(call), new Set(entries.map(({ snapshot }) => snapshot.id)));
  return entries.map(({ snapshot }) => snapshot.id);
}
