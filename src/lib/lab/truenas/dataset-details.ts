import { DEFAULT_PROPERTIES } from './zfs-properties.ts';
import { datasetEntry } from './dataset-entry.ts';
import { type Fields } from './json.ts';
import { type Call } from './method.ts';
import { datasetOfPath, type DatasetNode } from './view.ts';

/** Groups things by the dataset their path belongs to. */
function byDataset<T>(
  call: Call,
  items: readonly T[],
  pathOf: (item: T) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const id = datasetOfPath(call.view, pathOf(item))?.dataset.id;
    if (id === undefined) continue;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [item]);
    else group.push(item);
  }
  return groups;
}

/** `pool.dataset.details`: the tree of datasets, with what makes use of each. */
export function datasetDetails(call: Call): unknown {
  const { system, table } = call.lab;
  const nfs = byDataset(call, system.nfsShares, ({ path }) => path);
  const smb = byDataset(call, system.smbShares, ({ path }) => path);
  const extents = byDataset(call, system.iscsiExtents, ({ path }) => path);
  const build = (node: DatasetNode): Fields => {
    const { id, type, usedbyrefreservation } = node.dataset;
    const entry = datasetEntry(
      node,
      { properties: DEFAULT_PROPERTIES, userProperties: true },
      table,
    );
    return {
      ...entry,
      snapshot_count: node.snapshots.length,
      thick_provisioned: type === 'VOLUME' && usedbyrefreservation > 0,
      nfs_shares: (nfs.get(id) ?? []).map(({ enabled, path }) => ({ enabled, path })),
      smb_shares: (smb.get(id) ?? []).map(({ enabled, path, name }) => ({
        enabled,
        path,
        share_name: name,
      })),
      iscsi_shares: (extents.get(id) ?? []).map((extent) => ({
        enabled: extent.enabled,
        type: extent.type,
        path: extent.path,
      })),
      vms: [],
      apps: [],
      ...table.detailsExtra,
      replication_tasks_count: system.replicationTasks.filter(({ sources }) => sources.includes(id))
        .length,
      snapshot_tasks_count: system.snapshotTasks.filter(({ dataset }) => dataset === id).length,
      cloudsync_tasks_count: 0,
      rsync_tasks_count: 0,
      children: node.children
        .filter((child) => !table.datasets.hidden.test(child.dataset.id))
        .map(build),
    };
  };
  return call.view.roots.map(build);
}
