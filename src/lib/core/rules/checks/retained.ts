import { type KnownParent } from '../../correlate/known-parent.ts';
import { type Check } from '../../model/check.ts';
import { type Consulted } from '../../model/rule.ts';
import { absenceOf } from './absence.ts';

/** Velero deletes contents and makes them again when it restores: what it takes stays on the NAS without any. */
const VELERO = 'velero.io/';

/**
 * That snapshots without a content are nobody's by design. Where a class keeps what is deleted, or is marked for backups, somebody
 * may well count on one that Kubernetes no longer shows, and nothing on the NAS tells it from the others.
 *
 * @param detached whether it is about copies apart from the volume
 */
export function noClassKeeps(
  detached: boolean,
  parent: KnownParent,
  { items, coverage }: Consulted<'volumeSnapshotClasses'>,
): Check {
  const keeping = items.filter(
    ({ driver, deletionPolicy, labels, ...each }) =>
      each.detached === detached &&
      parent.drivers.includes(driver) &&
      (deletionPolicy === 'Retain' || Object.keys(labels).some((key) => key.startsWith(VELERO))),
  );
  return absenceOf(
    'no-class-keeps-snapshots',
    keeping.map(({ name }) => `VolumeSnapshotClass ${name}`),
    [coverage],
  );
}
