import { type Dataset } from '../model/truenas.ts';
import { parentPath } from './paths.ts';

/** Datasets that follow each other in a list and lie right below one path: whatever that says, it says of all of them. */
export interface Siblings {
  readonly system: string;
  /** Path they lie right below; empty for the root datasets of pools. */
  readonly above: string;
  readonly datasets: readonly Dataset[];
}

/** Parts a list of datasets into siblings. Lists come sorted, so that thousands are one part. */
export function siblingsIn(datasets: readonly Dataset[]): readonly Siblings[] {
  const parts: Siblings[] = [];
  let system: string | undefined;
  let above = '';
  let part: Dataset[] = [];
  for (const dataset of datasets) {
    const path = parentPath(dataset.id);
    if (path !== above || dataset.system !== system) {
      ({ system } = dataset);
      above = path;
      part = [];
      parts.push({ system, above, datasets: part });
    }
    part.push(dataset);
  }
  return parts;
}
