import { systemItems } from '../correlate/derive.ts';
import { poolName } from '../correlate/paths.ts';
import { type SnapshotsAnalysis, type StuckSnapshot } from '../model/analysis.ts';
import { type ZfsSnapshot } from '../model/truenas.ts';
import { growthOf } from './growth.ts';
import { type Measurable, total } from './measured.ts';
import { type AnalyzedPool } from './pool-analysis.ts';
import { sumOfDays } from './series.ts';
import { countSnapshots, type SnapshotView } from './volume-snapshots.ts';

/** Snapshots on the pools that are shown; undefined where those of one were not all listed. */
function snapshotsOn(
  pools: readonly AnalyzedPool[],
  { inventory }: Pick<Measurable, 'inventory'>,
): readonly ZfsSnapshot[] | undefined {
  const shown = new Set(pools.map(({ analysis: { system, name } }) => `${system} ${name}`));
  const systems = new Set(pools.map(({ analysis }) => analysis.system));
  const unlisted = inventory.systems.some(
    ({ identity, lists }) =>
      systems.has(identity.name) && lists.zfsSnapshots?.coverage.state !== 'complete',
  );
  if (unlisted) return undefined;
  return systemItems(inventory, 'zfsSnapshots').filter(({ system, dataset }) =>
    shown.has(`${system} ${poolName(dataset)}`),
  );
}

export function analyzeSnapshots(
  pools: readonly AnalyzedPool[],
  evidence: Pick<Measurable, 'inventory'>,
  view: SnapshotView,
  stuck: readonly StuckSnapshot[],
): SnapshotsAnalysis {
  const counts = countSnapshots(snapshotsOn(pools, evidence), view);
  const history = sumOfDays(pools.map(({ snapshotDays }) => snapshotDays));
  const { count, mapped, undated, beyondRetention } = counts;
  return {
    count,
    bytes: total(pools.map(({ analysis }) => analysis.snapshots)),
    mapped,
    undated,
    retentionSeconds: view.retention === null ? null : Math.round(view.retention / 1000),
    beyondRetention,
    stuck,
    growth: growthOf(history),
    history,
  };
}
