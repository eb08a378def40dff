import { type StorageAnalysis } from '../../model/analysis.ts';
import { refInCluster, refOnSystem } from '../../model/surroundings.ts';
import { namesOf } from '../name.ts';

/** What somebody has to look at: pools that are pressing, then volumes close to their quota. */
export function renderAnalysisNames(analysis: StorageAnalysis): string {
  const { pools, volumes } = analysis;
  return namesOf(analysis, [
    ...pools
      .filter(({ severity }) => severity !== null)
      .map(({ system, name }) => refOnSystem('Pool', system, name)),
    ...volumes
      .filter(({ pressure }) => pressure !== null)
      .map(({ cluster, volume }) => refInCluster('PersistentVolume', { cluster, name: volume })),
  ]);
}
