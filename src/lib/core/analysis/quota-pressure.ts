import { type Thresholds } from '../model/settings.ts';
import { type Dataset } from '../model/truenas.ts';

/** What ZFS itself holds a volume to; null where nothing does, whatever Kubernetes says of its size. */
export function limitOf({ volsize, refquota }: Dataset): number | null {
  const limit = (volsize ?? refquota)?.bytes ?? 0;
  return limit === 0 ? null : limit;
}

/** As the check `volume-capacity` sees it: blocks of a zvol stay written when what was in them is gone. */
export function pressureOn(
  { kind }: Pick<Dataset, 'kind'>,
  used: number,
  limit: number | null,
  { volumeWarning, volumeCritical }: Thresholds,
): 'warning' | 'critical' | null {
  if (limit === null) return null;
  const ratio = used / limit;
  if (kind === 'volume') return ratio >= volumeCritical ? 'warning' : null;
  if (ratio >= volumeCritical) return 'critical';
  return ratio >= volumeWarning ? 'warning' : null;
}
