import { type ClassAnalysis } from '../model/analysis.ts';
import { type ClassSeries, type SpacePoint } from '../model/history.ts';
import { toDaily } from './daily.ts';
import { growthOf } from './growth.ts';
import { type AnalysisTime } from './pool-analysis.ts';
import { spaceNow } from './ratios.ts';
import { throughPresent } from './series.ts';
import { type ClassSpace } from './space.ts';

/** The volumes of a StorageClass over time, snapshots apart. */
export function analyzeClass(
  { cluster, storageClass, volumes, space }: ClassSpace,
  past: ClassSeries | undefined,
  { at, since }: AnalysisTime,
): ClassAnalysis {
  const points = throughPresent<SpacePoint>(past?.points ?? [], { at, ...space }, since);
  const history = toDaily(points, ({ used }) => used, at);
  return {
    ...spaceNow(space),
    cluster,
    storageClass,
    volumes,
    growth: growthOf(history),
    history,
  };
}
