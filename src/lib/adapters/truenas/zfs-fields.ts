/** ZFS properties of a dataset that are used, by the names of ZFS. */
export const DATASET_PROPERTIES: readonly string[] = [
  'creation',
  'used',
  'usedbydataset',
  'usedbysnapshots',
  'usedbyrefreservation',
  'available',
  'compressratio',
  'readonly',
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

/** Until 25.10 a snapshot also tells whether it is to go as soon as nothing needs it; 26 knows no such property. */
export const SNAPSHOT_PROPERTIES_WITH_DEFER: readonly string[] = [
  ...SNAPSHOT_PROPERTIES,
  'defer_destroy',
];

/** More listings than this cost more than one of the whole pool. */
export const MANY_GROUPS = 200;
