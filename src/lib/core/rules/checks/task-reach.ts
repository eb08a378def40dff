import { type ParentIndex } from '../../correlate/parents.ts';

/** A task that works for datasets, and for all below them where it is recursive. */
interface Reach {
  readonly recursive: boolean;
}

function isBelow(path: string, above: string): boolean {
  return path.length > above.length && path.startsWith(above) && path[above.length] === '/';
}

/** Whether a task of one dataset reaches another. */
export function reaches(dataset: string, { recursive }: Reach, path: string): boolean {
  return dataset === path || (recursive && isBelow(path, dataset));
}

/** The parents of a system whose volumes a task of this dataset is about, all of them or one. */
export function parentsReached(
  home: string,
  dataset: string,
  task: Reach,
  { all }: Pick<ParentIndex, 'all'>,
): readonly string[] {
  return all
    .filter(({ system }) => system === home)
    .map(({ path }) => path)
    .filter((path) => reaches(dataset, task, path) || isBelow(dataset, path));
}
