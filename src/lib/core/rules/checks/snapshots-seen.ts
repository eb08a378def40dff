import { combineCoverage, partial, type Coverage } from '../../model/coverage.ts';
import { type Consulted } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { formatBytes } from '../../render/text/format.ts';

/** ZFS counts a little for snapshots that go while it is asked. */
const TRIFLE = 1 << 20;

/** Whether the snapshots of a dataset were read, by its own figures too: a key may see datasets and no snapshots. */
export function snapshotsSeen(
  dataset: Dataset,
  { coverage, value }: Consulted<'snapshotLinks'>,
): Coverage {
  const held = dataset.usedBySnapshots?.bytes;
  if (held === undefined || held <= TRIFLE || value.snapshotsOf(dataset).length > 0) {
    return coverage;
  }
  const hidden = partial(`snapshots hold ${formatBytes(held)}, yet none is listed`);
  return combineCoverage([coverage, hidden]);
}
