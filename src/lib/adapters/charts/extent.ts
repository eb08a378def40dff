/** Ends of an axis. */
export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Ends of what is given; null where nothing is. */
export function extentOf(values: Iterable<number>): Extent | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : null;
}

/** 1, 2 or 5 times a power of ten: the smallest that divides the span into so many parts at most. */
function stepOf(span: number, parts: number): number {
  const rough = span / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].find((factor) => factor * power >= rough) ?? 10;
  return step * power;
}

/** An axis around values: from zero, unless they are far from it, and to round numbers. */
export function axisOf({ low, high }: Extent): Extent {
  const flat = low === high;
  const padded = flat ? Math.max(Math.abs(high) * 0.1, 1) : (high - low) * 0.05;
  const fromZero = low >= 0 && (low < high * 0.5 || high === 0);
  const from = fromZero ? 0 : low - padded;
  const to = high + padded;
  const step = stepOf(to - from, 6);
  const floor = Math.floor(from / step) * step;
  return { low: low >= 0 ? Math.max(0, floor) : floor, high: Math.ceil(to / step) * step };
}

/** Where a value is on an axis of so many pixels. */
export function position(value: number, { low, high }: Extent, length: number): number {
  return high === low ? 0 : ((value - low) / (high - low)) * length;
}
