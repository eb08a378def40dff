/** How many letters two words begin with alike. */
function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/**
 * Letters to insert, drop, replace or swap with a neighbour to make one word of the other. What needs `limit` or more is not
 * worked out further: names by the hundred thousand are compared with one.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  const shared = sharedStart(a, b);
  return lettersBetween(a.slice(shared), b.slice(shared), limit);
}

function lettersBetween(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
    if (Math.min(...last) >= limit && Math.min(...beforeLast) >= limit) return limit;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

const MOST_SLIPS = 5;

/** The name that was probably meant, or undefined where none is near enough to be worth asking. */
export function findNearest(word: string, names: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  let nearest: string | undefined;
  // A third of the letters wrong is a slip; more is another word, and so are more than a few of a long name.
  let least = Math.min(Math.max(1, Math.floor(typed.length / 3)), MOST_SLIPS) + 1;
  for (const name of names) {
    const steps = distance(typed, name.toLowerCase(), least);
    if (steps < least) {
      least = steps;
      nearest = name;
    }
  }
  return nearest;
}

/** Names that may have been meant, the likeliest first: the nearest, and those that share whole words with what was typed. */
export function findAlike(
  typed: string,
  names: readonly string[],
  count: number,
): readonly string[] {
  const nearest = findNearest(typed, names);
  const words = new Set(typed.toLowerCase().match(/[a-z0-9]+/g) ?? []);
  const shared = (name: string): number => name.split('-').filter((word) => words.has(word)).length;
  const alike = names
    .filter((name) => name !== nearest && shared(name) > 0)
    .sort((a, b) => shared(b) - shared(a));
  return [...(nearest === undefined ? [] : [nearest]), ...alike].slice(0, count);
}
