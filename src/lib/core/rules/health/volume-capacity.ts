import { type Severity } from '../../model/finding.ts';
import { type Thresholds } from '../../model/settings.ts';
import { counted, firstFew } from '../../render/text/format.ts';
import { type PromisedVolume, volumesByPool } from '../checks/driver-volumes.ts';
import { refToPool } from '../checks/pools-in-use.ts';
import { unseenDrivers } from '../checks/unseen-drivers.ts';
import { be, percent } from '../checks/wording.ts';
import { leafName } from '../../correlate/paths.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const NAMED = 5;

interface FullVolume {
  readonly name: string;
  readonly used: number;
  readonly severity: Severity;
}

/**
 * Blocks that were written once stay written unless the file system inside gives them back, so a zvol that is full for ZFS need
 * not be full for whoever uses it.
 */
function severityOf(used: number, isZvol: boolean, thresholds: Thresholds): Severity | undefined {
  const { volumeWarning, volumeCritical } = thresholds;
  if (isZvol) return used >= volumeCritical ? 'low' : undefined;
  if (used >= volumeCritical) return 'high';
  return used >= volumeWarning ? 'medium' : undefined;
}

function fullOnes(volumes: readonly PromisedVolume[], thresholds: Thresholds): FullVolume[] {
  return volumes.flatMap(({ dataset, promised }) => {
    const { id, kind, usedByDataset } = dataset;
    if (usedByDataset === null) return [];
    const used = usedByDataset.bytes / promised;
    const severity = severityOf(used, kind === 'volume', thresholds);
    return severity === undefined ? [] : [{ name: leafName(id), used, severity }];
  });
}

const WORST = ['high', 'medium', 'low'] as const;

function judge(
  pool: string,
  volumes: readonly PromisedVolume[],
  thresholds: Thresholds,
  unseen: string | undefined,
): Omit<Inspection, 'subject'> {
  if (volumes.length === 0 && unseen !== undefined) {
    return { sound: undefined, seen: `pool ${pool}: no volume was found: ${unseen}` };
  }
  const full = fullOnes(volumes, thresholds);
  const severity = WORST.find((each) => full.some((volume) => volume.severity === each));
  if (severity === undefined) {
    return {
      sound: true,
      seen: `pool ${pool}: ${counted(volumes.length, 'volume')}, none of them nearly full`,
    };
  }
  const rank = (volume: FullVolume): number => WORST.findIndex((each) => each === volume.severity);
  const worst = full
    .toSorted((a, b) => rank(a) - rank(b) || b.used - a.used || (a.name < b.name ? -1 : 1))
    .map(({ name, used }) => `${name} (${percent(used)})`);
  return {
    sound: false,
    severity,
    seen: `${full.length} of ${counted(volumes.length, 'volume')} on pool ${pool} ${be(full.length)} nearly full: ${firstFew(worst, NAMED)}`,
  };
}

export const volumeCapacity = defineCheck({
  id: 'volume-capacity',
  category: 'health',
  severity: 'high',
  component: 'capacity',
  title: 'No volume is nearly full',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools', 'datasets', 'parents'],
  consults: ['persistentVolumes', 'driverSecrets'],
  steps: [
    'Expand the claim where its StorageClass allows it: `kubectl patch pvc NAME -p` with a larger `spec.resources.requests.storage`.',
    'Or delete data in the volume; on a zvol run `fstrim` where it is mounted, so that ZFS learns of it.',
  ],

  *inspect({ pools, datasets, parents, ...traces }, { policy }) {
    const unseen = unseenDrivers(traces);
    const volumes = volumesByPool(datasets, parents);
    for (const pool of pools) {
      yield {
        subject: refToPool(pool),
        ...judge(pool.name, volumes.get(pool.name) ?? [], policy.thresholds, unseen),
      };
    }
  },
});
