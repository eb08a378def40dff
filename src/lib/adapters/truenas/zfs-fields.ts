/** ZFS properties of a dataset that are used, by the names of ZFS. */
export const DATASET_PROPERTIES: readonly string[] = [
  'creation',
  'used',
  'usedbydataset',
  'usedbysnapshots',
  'usedbyrefreservation',
  'refquota',
  'volsize',
  'origin',
  'mountpoint',
];

/** Until 25.04 `locked` is told only where all of these are asked for. */
export const LOCK_PROPERTIES: readonly string[] = [
  'encryption',
  'encryptionroot',
  'keyformat',
  'keystatus',
];

export const SNAPSHOT_PROPERTIES: readonly string[] = ['creation', 'used', 'referenced'];

/** More listings than this cost more than one of the whole pool. */
export const MANY_GROUPS = 200;
