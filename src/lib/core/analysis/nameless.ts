import { type ScanFacts } from '../model/report.ts';

/** Clusters and systems that do not say who they are, so that no past is theirs and no scan of them is kept. */
export function namelessIn({
  clusters,
  systems,
}: Pick<ScanFacts, 'clusters' | 'systems'>): readonly string[] {
  return [...namelessClusters({ clusters }), ...namelessSystems({ systems })];
}

export function namelessClusters({ clusters }: Pick<ScanFacts, 'clusters'>): readonly string[] {
  return clusters.filter(({ uid }) => uid === null).map(({ name }) => name);
}

export function namelessSystems({ systems }: Pick<ScanFacts, 'systems'>): readonly string[] {
  return systems.filter(({ hostId }) => hostId === null).map(({ name }) => name);
}
