/** A decoded JSON object. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text member of an object, or `otherwise` where it has none. */
export function textOf(fields: Fields, name: string, otherwise = ''): string {
  const value = fields[name];
  return typeof value === 'string' ? value : otherwise;
}

interface RawJson {
  rawJSON(text: string): object;
}

function hasRaw(json: object): json is RawJson {
  return 'rawJSON' in json;
}

/** A 64-bit number given as decimal digits, written in full: ZFS guids do not fit a double. */
export function bigNumber(digits: string): unknown {
  return hasRaw(JSON) && /^\d+$/.test(digits) ? JSON.rawJSON(digits) : Number(digits) || 0;
}

/** A timestamp as TrueNAS puts it into JSON. */
export function dateOf(instant: string | Date): { readonly $date: number } {
  return { $date: new Date(instant).getTime() };
}

/** An answer that is JSON text already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export function toText(value: unknown): string {
  return value instanceof JsonText ? value.text : JSON.stringify(value ?? null);
}

/** Keeps the named fields, in the order given. */
export function pick(fields: Fields, names: readonly string[]): Fields {
  const kept: Fields = {};
  for (const name of names) if (name in fields) kept[name] = fields[name];
  return kept;
}
