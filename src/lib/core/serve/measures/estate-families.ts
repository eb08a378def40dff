import { type StorageAnalysis } from '../../model/analysis.ts';
import { type SourceStatus } from '../../model/report.ts';
import { isWhole } from '../../report/build-report.ts';
import { type Family, family, type Measured, single } from './family.ts';

type Number = (analysis: StorageAnalysis) => number | null;

const NUMBERS: readonly (readonly [Family, Number])[] = [
  [
    family(
      'storage_efficiency_percent',
      'Part of what was promised to volumes that nobody has taken yet, 0 to 100.',
    ),
    ({ thinProvisioningEfficiency }) =>
      thinProvisioningEfficiency === null ? null : thinProvisioningEfficiency * 100,
  ],
  [
    family('capacity_bytes', 'Usable bytes of all pools with volumes.'),
    ({ totalCapacity }) => totalCapacity,
  ],
  [
    family('provisioned_bytes', 'Bytes that were promised to volumes.'),
    ({ totalAllocated }) => totalAllocated,
  ],
  [family('used_bytes', 'Bytes that volumes take, snapshots apart.'), ({ totalUsed }) => totalUsed],
  [
    family('snapshot_bytes', 'Bytes that only snapshots of volumes hold.'),
    ({ totalSnapshots }) => totalSnapshots,
  ],
  [
    family('overcommit_ratio', 'What was promised to volumes against the capacity of their pools.'),
    ({ poolOvercommitmentRatio }) => poolOvercommitmentRatio,
  ],
  [
    family('snapshots', 'ZFS snapshots on the pools that are shown.'),
    ({ snapshots }) => snapshots.count,
  ],
  [
    family('snapshots_mapped', 'ZFS snapshots that a VolumeSnapshot of Kubernetes stands behind.'),
    ({ snapshots }) => snapshots.mapped,
  ],
  [
    family('snapshots_beyond_retention', 'Snapshots older than monitor.snapshot_retention allows.'),
    ({ snapshots }) => snapshots.beyondRetention,
  ],
  [
    family('snapshots_stuck', 'Snapshots that are neither usable nor gone.'),
    ({ snapshots, sources }) => (snapshotsRead(sources) ? snapshots.stuck.length : null),
  ],
  [
    family('anomalies', 'Days on which something grew or shrank far beyond its habit.'),
    ({ anomalies, history }) => (history.days === 0 ? null : anomalies.length),
  ],
  [
    family('history_points', 'Days with a scan that growth and forecasts rest on.'),
    ({ history }) => history.days,
  ],
];

export const ESTATE_FAMILIES = NUMBERS.map(([each]) => each);

/** What is said of everything together. */
export function estateMeasures(analysis: StorageAnalysis): readonly Measured[] {
  return NUMBERS.map(([each, valueOf]) => single(each, valueOf(analysis)));
}

/** That none is stuck can be said only where all of them were read. */
function snapshotsRead(sources: readonly SourceStatus[]): boolean {
  const lists = sources.filter(
    ({ name }) => name === 'volumeSnapshots' || name === 'volumeSnapshotContents',
  );
  return lists.length > 0 && lists.every(isWhole);
}
