import { append } from '../../correlate/listed-by.ts';
import { type Finding } from '../../model/finding.ts';
import { homeOf, type DatasetPlace, type ResourceRef } from '../../model/resource-ref.ts';

/** What findings say of an object is looked for by its name: two exports of one path share what is said of it. */
function keyOf(ref: ResourceRef): string {
  return `${homeOf(ref)} ${ref.type}/${ref.namespace ?? ''}/${ref.name}`;
}

/** Findings by the objects they are about, on both sides. There are few of them, and rows are many. */
export class FindingIds {
  readonly #bySubject = new Map<string, string[]>();
  /** By system and path, or snapshot. */
  readonly #byPlace = new Map<string, string[]>();

  constructor(findings: readonly Finding[]) {
    for (const { id, subject, place, truenasReference } of findings) {
      append(this.#bySubject, keyOf(subject), id);
      if (place === null) continue;
      // What is said of a snapshot is not said of its dataset.
      const at = truenasReference?.includes('@') === true ? truenasReference : place.path;
      append(this.#byPlace, `${place.system} ${at}`, id);
    }
  }

  /**
   * Ids of what is said of an object, each once.
   *
   * @param refs the object itself, under each of its names
   * @param places what stands behind it, or would: the path of a dataset, or a snapshot
   */
  of(refs: readonly ResourceRef[], places: readonly DatasetPlace[]): string[] {
    const ids = new Set<string>();
    for (const ref of refs) this.#add(ids, this.#bySubject.get(keyOf(ref)));
    for (const { system, path } of places) this.#add(ids, this.#byPlace.get(`${system} ${path}`));
    return [...ids];
  }

  #add(ids: Set<string>, found: readonly string[] | undefined): void {
    for (const id of found ?? []) ids.add(id);
  }
}
