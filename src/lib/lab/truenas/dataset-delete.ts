import { textOf } from './json.ts';
import { listAttachments, removeAttachments } from './attachments.ts';
import { findDataset } from './dataset-query.ts';
import {
  destroyTree,
  destroyTreeAndClones,
  isBusy,
  removeDatasets,
  type World,
  type ZfsFailure,
} from './destroy.ts';
import { CallError, Errno, invalid } from './errors.ts';
import { type Call, fieldsParam, flagOf, textParam } from './method.ts';
import { type DatasetNode } from './view.ts';
import { findPath } from './zfs-resource.ts';

export function worldOf({ lab, view }: Call): World {
  return { system: lab.system, faults: lab.faults, view };
}

function destroyAlone(world: World, node: DatasetNode): ZfsFailure | null {
  const { id } = node.dataset;
  if (isBusy(world, node)) {
    return { message: `cannot destroy '${id}': dataset is busy`, errno: Errno.EBUSY };
  }
  removeDatasets(world, [node]);
  return null;
}

function failedToDelete({ message, errno }: ZfsFailure): CallError {
  return new CallError(`Failed to delete dataset: ${message}`, errno);
}

/** Up to 25.10: `zfs destroy`, whose failures are raised. */
function destroyByCommand(call: Call, node: DatasetNode, recursive: boolean): void {
  const { id } = node.dataset;
  const snapshots = node.snapshots.map((snapshot) => snapshot.id).join('\n');
  if (!recursive && snapshots !== '') {
    throw failedToDelete({
      message: `cannot destroy '${id}': filesystem has children\nuse '-r' to destroy the following datasets:\n${snapshots}`,
      errno: Errno.EFAULT,
    });
  }
  const world = worldOf(call);
  // The root of a pool stays; what is below it goes.
  const targets = node.parent === null && recursive ? node.children : [node];
  for (const target of targets) {
    const failure = recursive ? destroyTree(world, target) : destroyAlone(world, target);
    if (failure !== null) throw failedToDelete(failure);
  }
}

const DESTROY = 'zfs.resource.destroy';

/** From 26 on: checks, then ZFS itself, whose failure the caller may or may not look at. */
function destroyByLibrary(call: Call, node: DatasetNode, recursive: boolean): ZfsFailure | null {
  const { id } = node.dataset;
  if (node.parent === null)
    throw invalid(DESTROY, 'Destroying the root filesystem is not allowed.');
  if (!recursive && node.children.length > 0) {
    throw invalid(
      DESTROY,
      `'${id}' has children. Set recursive=True to remove them.`,
      Errno.ENOTEMPTY,
    );
  }
  if (!recursive && node.snapshots.length > 0) {
    throw invalid(
      DESTROY,
      `'${id}' has snapshots. Set recursive=True to remove them.`,
      Errno.ENOTEMPTY,
    );
  }
  const world = worldOf(call);
  return recursive ? destroyTreeAndClones(world, node) : destroyAlone(world, node);
}

/** `pool.dataset.delete`. Everything enabled on the dataset is gone before ZFS is even asked. */
export function deleteDataset(call: Call): unknown {
  const { lab } = call;
  const { deletes, datasets } = lab.table;
  const id = textParam(call, 0, 'id');
  const options = fieldsParam(call, 1, 'options', ['recursive', 'force']);
  if (deletes.errors === 'zfs.resource' && datasets.hidden.test(id)) {
    throw invalid(DESTROY, `'${id}' is an invalid location`);
  }
  const node = findDataset(call, id);
  const recursive = flagOf(options, 'recursive');
  if (!recursive && node.children.length > 0) {
    const reason = `cannot destroy '${id}': filesystem has children`;
    throw failedToDelete({ message: reason, errno: Errno.ENOTEMPTY });
  }
  if (lab.faults.deletesLie === true) return true;
  removeAttachments(lab.system, id);
  if (deletes.errors === 'libzfs') destroyByCommand(call, node, recursive);
  else {
    const failure = destroyByLibrary(call, node, recursive);
    // The result of the destroy is dropped there: the reply is the same either way.
    if (failure !== null && !deletes.failuresAreHidden) throw failedToDelete(failure);
    if (failure !== null) return true;
  }
  lab.events.emit({ msg: 'removed', collection: 'pool.dataset.query', id });
  return true;
}

/** `zfs.resource.destroy`: the same destruction without attachments, and without silence. */
export function destroyResource(call: Call): unknown {
  const data = fieldsParam(call, 0, 'data', ['path', 'recursive']);
  const path = textOf(data, 'path');
  if (path.includes('@'))
    throw invalid(DESTROY, 'Use `zfs.resource.snapshot.destroy` for snapshots');
  if (call.lab.table.datasets.hidden.test(path)) {
    throw invalid(DESTROY, `'${path}' is a protected path.`, Errno.EACCES);
  }
  const node = findPath(call, path, DESTROY);
  if (call.lab.faults.deletesLie === true) return null;
  const failure = destroyByLibrary(call, node, flagOf(data, 'recursive'));
  if (failure !== null) throw invalid(DESTROY, failure.message, failure.errno);
  return null;
}

/** `pool.dataset.attachments`. */
export function datasetAttachments(call: Call): unknown {
  const { dataset } = findDataset(call, textParam(call, 0, 'id'));
  return listAttachments(call.lab.system, dataset.id);
}
