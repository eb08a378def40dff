import { datasetAttachments, deleteDataset, destroyResource } from './dataset-delete.ts';
import { datasetDetails } from './dataset-details.ts';
import { findDataset, getDataset, queryDatasets } from './dataset-query.ts';
import { createDataset, renameDataset, updateDataset } from './dataset-write.ts';
import { read, write } from './listing.ts';
import { type MethodTable, textParam } from './method.ts';
import { destroyDatasetSnapshots } from './snapshot-delete.ts';

const READ = ['DATASET_READ'];
const WRITE = ['DATASET_WRITE'];

export const DATASET_METHODS: MethodTable = {
  'pool.dataset.query': {
    audience: READ,
    kind: 'query',
    parameters: ['filters', 'options'],
    run: queryDatasets,
  },
  'pool.dataset.get_instance': read(READ, getDataset, ['id', 'options']),
  'pool.dataset.details': read(READ, datasetDetails),
  'pool.dataset.attachments': read(READ, datasetAttachments, ['id']),
  'pool.dataset.processes': read(
    READ,
    (call) => (findDataset(call, textParam(call, 0, 'id')), []),
    ['id'],
  ),
  'pool.dataset.snapshot_count': read(
    READ,
    (call) => findDataset(call, textParam(call, 0, 'id')).snapshots.length,
    ['id'],
  ),
  'pool.dataset.create': write(WRITE, ['data'], createDataset),
  'pool.dataset.update': write(WRITE, ['id', 'data'], updateDataset),
  'pool.dataset.rename': write(WRITE, ['id', 'data'], renameDataset),
  'pool.dataset.delete': write(['DATASET_DELETE'], ['id', 'options'], deleteDataset),
  'pool.dataset.destroy_snapshots': {
    audience: ['SNAPSHOT_WRITE'],
    kind: 'job',
    parameters: ['name', 'snapshots'],
    run: destroyDatasetSnapshots,
  },
  'zfs.resource.destroy': write(['ZFS_RESOURCE_DELETE'], ['data'], destroyResource),
};
