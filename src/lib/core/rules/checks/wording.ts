/** A hint as a step of its own: it ends with a full stop. */
export function asSentence(hint: string): string {
  const text = hint.trim();
  const whole = /[.!?]$/.test(text) ? text : `${text}.`;
  const sentence = whole.replace(/[!?]$/, '.');
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}

/** A part of a whole, rounded down so that it never shows a limit that is not reached. */
export function percent(part: number): string {
  return `${Math.floor(part * 100 + 1e-9)} %`;
}

/** `both`, or `all` of more than two. */
export function bothOrAll(count: number): string {
  return count === 2 ? 'both' : 'all';
}

/** `is` or `are`. */
export function be(count: number): string {
  return count === 1 ? 'is' : 'are';
}
