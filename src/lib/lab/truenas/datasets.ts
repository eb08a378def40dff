import { read } from './listing.ts';
import { type MethodTable } from './method.ts';
import { getDataset, queryDatasets } from './dataset-query.ts';

const READ = ['DATASET_READ'];

export const DATASET_METHODS: MethodTable = {
  'pool.dataset.query': {
    audience: READ,
    kind: 'query',
    parameters: ['filters', 'options'],
    run: queryDatasets,
  },
  'pool.dataset.get_instance': read(READ, getDataset, ['id', 'options']),
};
