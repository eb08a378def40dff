/** The number at a position that is known to be in the list; NaN outside, so that a mistake shows. */
export function at(values: readonly number[], position: number): number {
  return values[position] ?? NaN;
}

/** The last of a list that is known not to be empty. */
export function lastOf(values: readonly number[]): number {
  return at(values, values.length - 1);
}

/** The same of an array of one machine type; apart, since an engine reads at full speed where it sees one kind of list. */
export function atOf(values: Float64Array, position: number): number {
  return values[position] ?? NaN;
}
