/** Drivers whose volume handles are whole dataset paths. */
export type PathDriverName = 'csi.truenas.io' | 'tns.csi.io';
