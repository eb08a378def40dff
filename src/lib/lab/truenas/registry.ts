import { AUTH_METHODS } from './auth.ts';
import { CORE_METHODS } from './core-methods.ts';
import { DATASET_METHODS } from './datasets.ts';
import { ISCSI_METHODS } from './iscsi.ts';
import { type MethodTable } from './method.ts';
import { NVMET_METHODS } from './nvmet.ts';
import { POOL_METHODS } from './pools.ts';
import { SHARE_METHODS } from './shares.ts';
import { SNAPSHOT_METHODS } from './snapshots.ts';
import { SYSTEM_METHODS } from './system.ts';
import { TASK_METHODS } from './tasks.ts';
import { RESOURCE_METHODS } from './zfs-resource.ts';

/** Every method of every version; the version's table says which of them exist. */
export const METHODS: MethodTable = {
  ...AUTH_METHODS,
  ...CORE_METHODS,
  ...SYSTEM_METHODS,
  ...POOL_METHODS,
  ...DATASET_METHODS,
  ...SNAPSHOT_METHODS,
  ...RESOURCE_METHODS,
  ...SHARE_METHODS,
  ...ISCSI_METHODS,
  ...NVMET_METHODS,
  ...TASK_METHODS,
};
