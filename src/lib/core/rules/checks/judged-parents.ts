import { type KnownParent } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Dataset } from '../../model/truenas.ts';

/** A parent on one system, and what is there. */
export interface JudgedParent {
  readonly parent: KnownParent;
  readonly dataset: Dataset | undefined;
  readonly subject: ResourceRef;
  /** Why it may not be this system its driver works on; undefined where it is. */
  readonly doubt: string | undefined;
}

/** A replica has the same paths with the same properties, is read-only, and mostly locked: all of that is right there. */
export function doubtOf(parent: KnownParent, isThere: boolean): string | undefined {
  const { located, heldElsewhere, origin, drivers } = parent;
  if (located) return undefined;
  if (heldElsewhere) return 'another system may hold it as well, and one of them is a replica';
  if (origin === 'inferred') return 'only volumes tell of it, and a replica would look the same';
  // One that is declared and is nowhere is missing wherever it was meant to be.
  return isThere
    ? `whether ${drivers.join(', ')} works on this system is not known: name its system under drivers:`
    : undefined;
}

/** The parents of one system. */
export function parentsOn(
  home: string,
  { all }: Pick<ParentIndex, 'all'>,
  datasets: readonly Dataset[],
): readonly JudgedParent[] {
  const own = all.filter(({ system }) => system === home);
  const wanted = new Set(own.map(({ path }) => path));
  const found = new Map(
    datasets.flatMap((each) => (wanted.has(each.id) ? [[each.id, each] as const] : [])),
  );
  return own.map((parent) => {
    const dataset = found.get(parent.path);
    return {
      parent,
      dataset,
      subject: refOnSystem('Dataset', home, parent.path),
      doubt: doubtOf(parent, dataset !== undefined),
    };
  });
}

/** What was seen, and what it means: a fault on a system that may not be meant is none. */
export function unlessDoubtful(
  sound: boolean,
  seen: string,
  doubt: string | undefined,
): { readonly sound: boolean | undefined; readonly seen: string } {
  return sound || doubt === undefined
    ? { sound, seen }
    : { sound: undefined, seen: `${seen}; ${doubt}` };
}
