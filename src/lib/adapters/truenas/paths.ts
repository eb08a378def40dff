/** The dataset above, or the pool itself. */
export function parentOf(dataset: string): string {
  const slash = dataset.lastIndexOf('/');
  return slash < 0 ? dataset : dataset.slice(0, slash);
}

export function poolOf(id: string): string {
  return /^[^/@]*/.exec(id)?.[0] ?? id;
}

export function datasetOf(snapshot: string): string {
  return snapshot.split('@', 1)[0] ?? snapshot;
}
