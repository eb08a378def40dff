import { millis, type Bytes, type Millis } from '../../model/units.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size for people, binary and saying so: `0 B`, `1.5 GiB`, `20 GiB`. */
export function formatBytes(size: Bytes): string {
  let value: number = size;
  let unit = 0;
  // 1023.95 would print as 1024.0 of the smaller unit.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1).replace(/\.0$/, '')} ${UNITS[unit] ?? ''}`;
}

const SPANS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A span for people, its two largest units: `2d 4h`, `5m`, `0s`. */
export function formatSpan(span: Millis): string {
  if (span < 0) return `-${formatSpan(millis(0 - span))}`;
  const first = SPANS.findIndex(([, size]) => span >= size);
  if (first === -1) return '0s';
  let rest: number = span;
  const parts: string[] = [];
  for (const [unit, size] of SPANS.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${String(amount)}${unit}`);
  }
  return parts.join(' ');
}

/** How long something took: `840 ms`, `1.2 s`, or a span from a minute on. */
export function formatDuration(span: Millis): string {
  if (span < 1_000) return `${String(span)} ms`;
  return span < 60_000 ? `${(span / 1000).toFixed(1)} s` : formatSpan(span);
}

/** An instant for people, in UTC: `2026-11-22 01:02:03 UTC`. */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A count with its noun: `1 finding`, `3 findings`, `2 volumes`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${groupDigits(count)} ${count === 1 ? singular : plural}`;
}

/** `10,000`: the same on every machine, whatever its locale. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `a`, `a and b`, `a, b and c`. */
export function joined(words: readonly string[]): string {
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** The first of many, and how many more: `a, b, c and 9 more`. */
export function firstFew(words: readonly string[], most: number): string {
  if (words.length <= most) return joined(words);
  return `${words.slice(0, most).join(', ')} and ${groupDigits(words.length - most)} more`;
}
