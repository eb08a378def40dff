import { type ExportIndex } from '../../correlate/match-shares.ts';
import { type Check } from '../../model/check.ts';
import { type Remedy } from '../../model/remedy.ts';
import { type Consulted } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { counted } from '../../render/text/format.ts';
import { mindOfDoubts } from './doubts.ts';
import { snapshotsSeen } from './snapshots-seen.ts';

/*
 * The order in which a volume is taken off the NAS: what exports it, from the leaf to the root, then its snapshots, then itself.
 */

/** What exports a volume, in the words of a step. */
export interface ExportWords {
  /** What is switched off. */
  readonly name: string;
  /** What is deleted, in this order. */
  readonly parts: string;
}

const EXTENT: ExportWords = { name: 'iSCSI extent', parts: 'mapping, the extent and the target' };
const NAMESPACE: ExportWords = {
  name: 'NVMe-oF namespace',
  parts: 'namespace, and the subsystem if it serves nothing else',
};

/** Undefined where nothing exports it. */
export function exportWords(dataset: Dataset, exports: ExportIndex): ExportWords | undefined {
  if (exports.extentsOf(dataset).length > 0) return EXTENT;
  if (exports.namespacesOf(dataset).length > 0) return NAMESPACE;
  const share =
    (exports.nfsSharesOf(dataset).length > 0 && 'NFS share') ||
    (exports.smbSharesOf(dataset).length > 0 && 'SMB share');
  return share === false ? undefined : { name: share, parts: share };
}

const LISTED = 5;
const REFUSED =
  'ZFS deletes no dataset that has one, and the recursive option would take them unseen';

/** What to do about a dataset's own snapshots, without which ZFS does not let it go. */
export function snapshotSteps(
  dataset: Dataset,
  snapshotLinks: Consulted<'snapshotLinks'>,
): readonly string[] {
  const names = snapshotLinks.value.snapshotsOf(dataset).map(({ name }) => `@${name}`);
  if (names.length === 0) {
    return snapshotsSeen(dataset, snapshotLinks).state === 'complete'
      ? []
      : [`Delete its snapshots, if it has any, each by its name after a look: ${REFUSED}.`];
  }
  const shown = names.toSorted().slice(0, LISTED).join(', ');
  const rest = names.length > LISTED ? ` and ${String(names.length - LISTED)} more` : '';
  return [
    `Look at its ${counted(names.length, 'snapshot')}, ${shown}${rest}, and delete each by its name once nobody needs it: ${REFUSED}.`,
  ];
}

export const DELETE_DATASET =
  'Delete the dataset without the recursive option, and check that it is gone.';

/** What is left to do about a volume that was put aside and that nobody came for. */
export function destruction(
  dataset: Dataset,
  snapshotLinks: Consulted<'snapshotLinks'>,
  checks: readonly Check[],
): Remedy {
  const steps = [
    'Delete its share, or its mapping, extent and target, each by its path or name.',
    ...snapshotSteps(dataset, snapshotLinks),
    `Delete ${dataset.id} without the recursive and force options, and check that it is gone.`,
  ];
  return mindOfDoubts({ action: 'destroy-dataset', safe: true, steps, command: null }, checks);
}
