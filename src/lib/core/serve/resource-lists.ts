import { type FullReport } from '../model/full-report.ts';
import { claimRows } from './lists/claims.ts';
import { datasetRows } from './lists/datasets.ts';
import { FindingIds } from './lists/finding-ids.ts';
import { type Listed, type Seen, volumesByName } from './lists/listed.ts';
import { poolRows } from './lists/pools.ts';
import { type Row } from './lists/row-parts.ts';
import { snapshotRows } from './lists/snapshots.ts';
import { storageClassRows } from './lists/storage-classes.ts';
import { volumeRows } from './lists/volumes.ts';
import { zfsSnapshotRows } from './lists/zfs-snapshots.ts';
import { type Packing } from './packed-text.ts';
import { type ResourceList } from './served-scan.ts';
import { type ServedList, servedList } from './served-rows.ts';

const LISTS = {
  'resources/pvs': volumeRows,
  'resources/pvcs': claimRows,
  'resources/snapshots': snapshotRows,
  'resources/storageclasses': storageClassRows,
  'truenas/volumes': datasetRows,
  'truenas/snapshots': zfsSnapshotRows,
  'truenas/pools': poolRows,
} as const satisfies Record<ResourceList, (listed: Listed) => Iterable<Row<unknown>>>;

/** The lists of what a scan saw, each row with both sides of what it is about. Rows are written one by one: there are many. */
export function listsOf(
  full: FullReport,
  seen: Seen,
  packing: Pick<Packing, 'pack'>,
): Readonly<Record<ResourceList, ServedList>> {
  const listed: Listed = {
    full,
    seen,
    findings: new FindingIds(full.report.findings),
    volumes: volumesByName(seen.inventory),
  };
  const rows = (list: ResourceList): ServedList => servedList(LISTS[list](listed), packing);
  return {
    'resources/pvs': rows('resources/pvs'),
    'resources/pvcs': rows('resources/pvcs'),
    'resources/snapshots': rows('resources/snapshots'),
    'resources/storageclasses': rows('resources/storageclasses'),
    'truenas/volumes': rows('truenas/volumes'),
    'truenas/snapshots': rows('truenas/snapshots'),
    'truenas/pools': rows('truenas/pools'),
  };
}
