import { type DriverSecret } from '../../model/kubernetes.ts';
import { parentPath, trimSlashes } from '../../correlate/paths.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Dataset } from '../../model/truenas.ts';
import { tallied, TallyByParent } from '../checks/by-parent.ts';
import { parentsOn, unlessDoubtful } from '../checks/judged-parents.ts';
import { defineCheck } from '../define-check.ts';

/** Drivers whose volumes are filesystems. */
const OF_FILES = /-(?:nfs|smb)$/;

/** Parents in which every driver that is configured for them sets quotas. */
function parentsWithQuotas(secrets: readonly DriverSecret[]): ReadonlySet<string> {
  const paths = new Map<string, boolean>();
  for (const { parent, kind, settings } of secrets) {
    if (parent === null) continue;
    const path = trimSlashes(parent);
    const sets = OF_FILES.test(kind) && settings.enableQuotas === true;
    paths.set(path, sets && paths.get(path) !== false);
  }
  return new Set([...paths].flatMap(([path, sets]) => (sets ? [path] : [])));
}

/** TrueNAS says 0 for no quota in places. */
function hasQuota({ refquota }: Dataset): boolean {
  return refquota !== null && refquota.bytes > 0;
}

export const volumeQuota = defineCheck({
  id: 'volume-quota',
  category: 'validation',
  severity: 'low',
  component: 'capacity',
  title: 'Volumes have the quota their driver is to give them',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'driverSecrets', 'parents', 'volumeLinks'],
  consults: [],
  steps: [
    'Set `refquota` on each of them to the size of its PersistentVolume: until then it can grow until the pool is full.',
    'Check first that it does not hold more than that: nothing more can be written to a volume beyond its quota.',
  ],

  *inspect({ datasets, driverSecrets, parents, volumeLinks }, { home }) {
    const wanted = parentsWithQuotas(driverSecrets);
    const judged = new Map(
      parentsOn(home, parents, datasets)
        .filter(({ parent }) => wanted.has(parent.path))
        .map(({ parent, doubt }) => [parent.path, doubt]),
    );
    if (judged.size === 0) return;
    const tallies = new TallyByParent();
    for (const dataset of datasets) {
      if (dataset.kind !== 'filesystem' || !judged.has(parentPath(dataset.id))) continue;
      // One in the making gets its quota a moment later.
      if (!volumeLinks.isManaged(dataset) || !volumeLinks.isFinished(dataset)) continue;
      tallies.add(dataset, hasQuota(dataset), dataset.id);
    }
    for (const tally of tallies.all()) {
      const seen = tallied(tally, 'volume', 'without a quota', 'with a quota');
      yield {
        subject: refOnSystem('Dataset', home, tally.path),
        ...unlessDoubtful(tally.faulty.length === 0, seen, judged.get(tally.path)),
      };
    }
  },
});
