import { systemItems } from '../correlate/derive.ts';
import { poolName } from '../correlate/paths.ts';
import { type SnapshotsAnalysis, type StuckSnapshot } from '../model/analysis.ts';
import { type Pool, type ZfsSnapshot } from '../model/truenas.ts';
import { growthOf } from './growth.ts';
import { type Measurable, total } from './measured.ts';
import { type AnalyzedPool } from './pool-analysis.ts';
import { sumOfDays } from './series.ts';
import { type KnownSums } from './unread.ts';
import { countSnapshots, type SnapshotView } from './volume-snapshots.ts';

/** Snapshots on some pools; undefined where those of one were not all listed. */
function snapshotsOn(
  pools: readonly Pool[],
  { inventory }: Pick<Measurable, 'inventory'>,
): readonly ZfsSnapshot[] | undefined {
  const shown = new Set(pools.map(({ system, name }) => `${system} ${name}`));
  const systems = new Set(pools.map(({ system }) => system));
  const unlisted = inventory.systems.some(
    ({ identity, lists }) =>
      systems.has(identity.name) && lists.zfsSnapshots?.coverage.state !== 'complete',
  );
  if (unlisted) return undefined;
  return systemItems(inventory, 'zfsSnapshots').filter(({ system, dataset }) =>
    shown.has(`${system} ${poolName(dataset)}`),
  );
}

/** What is asked for, and how much of it was read. */
export interface SnapshotScope {
  /** All that are shown, whether or not they tell what is used of them. */
  readonly asked: readonly Pool[];
  readonly stuck: readonly StuckSnapshot[];
  readonly known: Pick<KnownSums, 'pools' | 'snapshots'>;
}

export function analyzeSnapshots(
  pools: readonly AnalyzedPool[],
  evidence: Pick<Measurable, 'inventory'>,
  view: SnapshotView,
  { asked, stuck, known }: SnapshotScope,
): SnapshotsAnalysis {
  const counts = countSnapshots(known.pools ? snapshotsOn(asked, evidence) : undefined, view);
  const history = sumOfDays(pools.map(({ snapshotDays }) => snapshotDays));
  const { count, mapped, undated, beyondRetention } = counts;
  return {
    count,
    // Datasets tell what is held, whoever lists the snapshots.
    bytes: known.snapshots ? total(pools.map(({ analysis }) => analysis.snapshots)) : null,
    mapped,
    undated,
    retentionSeconds: view.retention === null ? null : Math.round(view.retention / 1000),
    beyondRetention,
    stuck,
    growth: growthOf(history),
    history,
  };
}
