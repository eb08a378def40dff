interface Dated {
  readonly at: number;
}

const DAY = 86_400_000;

/** Longest distance of two points that are still joined. */
function reachOf(points: readonly Dated[]): number {
  const gaps = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
  const middle = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  return Math.max(3 * middle, 3 * DAY);
}

/** Parts of a line between its gaps: a line across days that nobody saw would claim to know them. */
export function segmentsOf<P extends Dated>(points: readonly P[]): readonly (readonly P[])[] {
  const sorted = points.toSorted((a, b) => a.at - b.at);
  const reach = reachOf(sorted);
  const segments: P[][] = [];
  let last: P | undefined;
  for (const point of sorted) {
    if (last !== undefined && point.at - last.at <= reach) segments.at(-1)?.push(point);
    else segments.push([point]);
    last = point;
  }
  return segments;
}
