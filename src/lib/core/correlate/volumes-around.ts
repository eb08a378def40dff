import { type Dataset } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type ParentIndex } from './parents.ts';
import { parentPath } from './paths.ts';

const NONE: readonly Dataset[] = [];

/**
 * Volumes within which a dataset lies: what lies inside a volume is part of it. Side by side lie thousands that have the same
 * ones, or as good as always none, so that a place is looked at once.
 */
export class VolumesAround {
  readonly #index: DatasetIndex;
  readonly #parents: ParentIndex;
  readonly #byPlace = new BySystem<readonly Dataset[]>();

  constructor(index: DatasetIndex, parents: ParentIndex) {
    this.#index = index;
    this.#parents = parents;
  }

  of({ system, id }: Dataset): readonly Dataset[] {
    const place = parentPath(id);
    return this.#byPlace.of(system, place, () => this.#from(system, place));
  }

  #from(system: string, place: string): readonly Dataset[] {
    const volumes: Dataset[] = [];
    for (let id = place; id !== ''; id = parentPath(id)) {
      if (this.#parents.parentOf(system, id) === undefined) continue;
      const dataset = this.#index.find(system, id);
      if (dataset !== undefined) volumes.push(dataset);
    }
    return volumes.length === 0 ? NONE : volumes;
  }
}
