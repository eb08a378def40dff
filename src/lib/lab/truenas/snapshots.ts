import { read, write } from './listing.ts';
import { type Method, type MethodTable } from './method.ts';
import { deleteSnapshot } from './snapshot-delete.ts';
import { getSnapshot, querySnapshots } from './snapshot-query.ts';
import { createSnapshot, holdSnapshot, releaseSnapshot } from './snapshot-write.ts';

const READ = ['SNAPSHOT_READ'];
const WRITE = ['SNAPSHOT_WRITE'];

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
    [`${service}.create`]: write(WRITE, ['data'], createSnapshot),
    [`${service}.hold`]: write(WRITE, ['id', 'options'], holdSnapshot),
    [`${service}.release`]: write(WRITE, ['id', 'options'], releaseSnapshot),
    [`${service}.delete`]: write(['SNAPSHOT_DELETE'], ['id', 'options'], deleteSnapshot),
  };
}

export const SNAPSHOT_METHODS: MethodTable = {
  ...family('zfs.snapshot'),
  ...family('pool.snapshot'),
};
