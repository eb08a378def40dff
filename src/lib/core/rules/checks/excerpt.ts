const MOST = 300;

/** Somebody else's message on one line, bounded, without the full stop that ends it. */
export function excerpt(message: string): string {
  const line = message
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.\s]+$/, '');
  if (line === '') return 'no reason is given';
  return line.length <= MOST ? line : `${line.slice(0, MOST - 1)}…`;
}
