/*
 * Names of snapshots as periodic tasks make them: `auto-%Y-%m-%d_%H-%M`. https://github.com/truenas/zettarepl reads them back with strptime.
 */

/** What a name says of when its snapshot was taken; undefined where it was not made so. */
export type NameReader = (name: string) => Date | undefined;

const PARTS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d{2})',
  m: '(?<m>\\d{2})',
  d: '(?<d>\\d{2})',
  H: '(?<H>\\d{2})',
  M: '(?<M>\\d{2})',
  S: '(?<S>\\d{2})',
  z: '(?<z>[+-]\\d{4})',
  s: '(?<s>\\d{1,12})',
  '%': '%',
};

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/** What one part of a schema is in a name: text that stands for itself, or `%` and a letter. */
function piece(part: string, letter: string | undefined): string | undefined {
  return letter === undefined ? part.replace(SPECIAL, '\\$&') : PARTS[letter];
}

function isWholeDate(letters: readonly string[]): boolean {
  const has = (letter: string): boolean => letters.includes(letter);
  return has('s') || (has('m') && has('d') && (has('Y') || has('y')));
}

/** The pattern of a schema; undefined where it has a part that cannot be read back, or one twice. */
function patternOf(schema: string): RegExp | undefined {
  const parts = [...schema.matchAll(/%(.)|[^%]+|%/gs)];
  const letters = parts.flatMap(([, letter]) => letter ?? []).filter((letter) => letter !== '%');
  if (new Set(letters).size < letters.length || !isWholeDate(letters)) return undefined;
  const pieces = parts.map(([part, letter]) => piece(part, letter));
  if (pieces.includes(undefined)) return undefined;
  return new RegExp(`^${pieces.join('')}$`);
}

type Fields = Readonly<Partial<Record<string, string>>>;

/** Minutes east of UTC; a name without a zone holds local time of the NAS, which nobody tells: it is read as UTC. */
function zoneOf({ z }: Fields): number {
  if (z === undefined) return 0;
  const minutes = Number(z.slice(1, 3)) * 60 + Number(z.slice(3));
  return z.startsWith('-') ? -minutes : minutes;
}

/** An instant as ISO 8601 writes it, as if it were in UTC. */
function textOf({ Y, y, m, d, H = '00', M = '00', S = '00' }: Fields): string {
  return `${Y ?? `20${y ?? ''}`}-${m ?? ''}-${d ?? ''}T${H}:${M}:${S}.000Z`;
}

function dateOf(fields: Fields): Date | undefined {
  if (fields['s'] !== undefined) return new Date(Number(fields['s']) * 1000);
  const text = textOf(fields);
  const date = new Date(text);
  // The 31st of February is a date to JavaScript, and to nobody else.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== text) return undefined;
  return new Date(date.getTime() - zoneOf(fields) * 60_000);
}

/** Reads names made by a naming schema; undefined where no date can be had from them. */
export function readerOf(schema: string): NameReader | undefined {
  const pattern = patternOf(schema);
  if (pattern === undefined) return undefined;
  return (name) => {
    const fields = pattern.exec(name)?.groups;
    return fields && dateOf(fields);
  };
}
