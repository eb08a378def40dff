import { read } from './listing.ts';
import { type Method, type MethodTable } from './method.ts';
import { getSnapshot, querySnapshots } from './snapshot-query.ts';

const READ = ['SNAPSHOT_READ'];

const query: Method = {
  audience: READ,
  kind: 'query',
  parameters: ['filters', 'options'],
  run: querySnapshots,
};

/** The same methods under the name of each generation. */
function family(service: string): MethodTable {
  return {
    [`${service}.query`]: query,
    [`${service}.get_instance`]: read(READ, getSnapshot, ['id', 'options']),
  };
}

export const SNAPSHOT_METHODS: MethodTable = {
  ...family('zfs.snapshot'),
  ...family('pool.snapshot'),
};
