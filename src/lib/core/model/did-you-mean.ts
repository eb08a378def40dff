/** Letters to insert, drop, replace or swap with a neighbour to make one word of the other. */
function distance(a: string, b: string): number {
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
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** The name that was probably meant, or undefined where none is near enough to be worth asking. */
export function findNearest(word: string, names: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  let nearest: string | undefined;
  // A third of the letters wrong is a slip; more is another word.
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const name of names) {
    const steps = distance(typed, name.toLowerCase());
    if (steps < least) {
      least = steps;
      nearest = name;
    }
  }
  return nearest;
}
