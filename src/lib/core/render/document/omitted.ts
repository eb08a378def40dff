import { counted } from '../text/format.ts';

/** Said below a table that does not hold everything. */
export function omittedText(omitted: number): string {
  return `${counted(omitted, 'more row')} left out for length; the CSV files and the JSON document have them all`;
}
