import { numberOf } from '../build/identity.ts';
import { GIB } from '../build/stage.ts';
import { type LabDataset } from '../world.ts';
import { DAY } from './instants.ts';
import { type Shape, STILL } from './shape.ts';
import { type BackedVolume } from './volumes.ts';

const perDay = (gibibytes: number, more: Omit<Shape, 'perDay'> = {}): Shape => ({
  perDay: gibibytes * GIB,
  ...more,
});

/** By dataset, of what is no volume. */
const NEIGHBOURS: Readonly<Record<string, Shape>> = {
  'tank/cameras': perDay(44, { spread: 0.12 }),
  'tank/office': perDay(2.5),
};

/** By claim. */
const VOLUMES: Readonly<Record<string, Shape>> = {
  'media/jellyfin-media': perDay(16, { spread: 0.35 }),
  // Somebody queued a whole series.
  'media/downloads': perDay(0.6, { jumps: [{ daysAgo: 5, bytes: 241 * GIB }] }),
  'nextcloud/nextcloud-data': perDay(3.5),
  // Backups are made on weekdays, and pruned on Saturday and Sunday.
  'backup/velero-store': perDay(5, { weekend: -0.7, spread: 0.08 }),
  'gitlab/gitlab-artifacts': perDay(0.9, { weekend: 0.1 }),
  'gitlab/gitlab-lfs': perDay(0.6, { weekend: 0.1 }),
  'gitlab/registry-storage': perDay(1.5, { weekend: 0.1 }),
  'monitoring/prometheus-db-prometheus-0': perDay(1.3, { spread: 0.15 }),
  'monitoring/storage-loki-0': perDay(0.65),
  'gitlab/repo-data-gitlab-gitaly-0': perDay(0.5),
  'databases/data-postgres-0': perDay(0.22),
  'databases/data-postgres-1': perDay(0.22),
  'search/data-opensearch-0': perDay(0.57),
  'search/data-opensearch-1': perDay(0.56),
  'backup/velero-archive': perDay(70),
  'sandbox/model-cache': STILL,
  'photos/lightroom-catalog': STILL,
};

/** Ordinary growth: it began empty, and slowed down since. */
function ordinary({ guid, createdAt, usedbydataset }: LabDataset, now: number): Shape {
  const days = Math.max(1, (now - Date.parse(createdAt)) / DAY);
  const part = 0.3 + numberOf(`growth ${guid}`, 500) / 1000;
  return { perDay: (usedbydataset / days) * part };
}

/** How each dataset of a world grew; what nothing uses any more stays as it is. */
export function shapesOf(
  volumes: readonly BackedVolume[],
  now: number,
): (dataset: LabDataset) => Shape {
  const byPath = new Map(volumes.map((volume) => [volume.dataset, volume]));
  return (dataset) => {
    const neighbour = NEIGHBOURS[dataset.id];
    if (neighbour !== undefined) return neighbour;
    const volume = byPath.get(dataset.id);
    if (volume?.isBound !== true) return STILL;
    const { namespace, claim } = volume;
    return VOLUMES[`${namespace ?? ''}/${claim ?? ''}`] ?? ordinary(dataset, now);
  };
}
