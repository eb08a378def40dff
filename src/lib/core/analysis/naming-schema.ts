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

/** The pattern of a schema; undefined where it has a part that cannot be read back, or one twice. */
function patternOf(schema: string): RegExp | undefined {
  const seen = new Set<string>();
  let pattern = '';
  for (const [part, letter] of schema.matchAll(/%(.)|[^%]+|%/gs)) {
    if (letter === undefined) {
      pattern += part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
      continue;
    }
    const known = PARTS[letter];
    if (known === undefined || (letter !== '%' && seen.has(letter))) return undefined;
    seen.add(letter);
    pattern += known;
  }
  const dated =
    seen.has('s') || (seen.has('m') && seen.has('d') && (seen.has('Y') || seen.has('y')));
  return dated ? new RegExp(`^${pattern}$`) : undefined;
}

type Fields = Readonly<Partial<Record<string, string>>>;

/** Minutes east of UTC; a name without a zone holds local time of the NAS, which nobody tells: it is read as UTC. */
function zoneOf({ z }: Fields): number {
  if (z === undefined) return 0;
  const minutes = Number(z.slice(1, 3)) * 60 + Number(z.slice(3));
  return z.startsWith('-') ? -minutes : minutes;
}

function dateOf(fields: Fields): Date | undefined {
  const { Y, y, m, d, H = '00', M = '00', S = '00', s } = fields;
  if (s !== undefined) return new Date(Number(s) * 1000);
  const year = Y ?? `20${y ?? ''}`;
  const text = `${year}-${m ?? ''}-${d ?? ''}T${H}:${M}:${S}.000Z`;
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
