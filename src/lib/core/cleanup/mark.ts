/** What `truenas-monitor:quarantined` holds: where the dataset lay, since when, and by which plan. */
export function quarantineMark(dataset: string, at: Date, planId: string): string {
  return `${dataset};${at.toISOString()};${planId}`;
}

/** The plan a mark names; undefined where there is no mark, or it names none. */
export function planIdOfMark(mark: string | null): string | undefined {
  return mark?.split(';')[2];
}
