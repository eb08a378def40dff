/** Prometheus' text form, read back for tests: strict, so that what a test reads Prometheus reads too. */

export interface ReadFamily {
  readonly help: string;
  readonly type: string;
  /** By the text of the series, such as `up{job="a"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const SERIES = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/;
const NUMBER = /^(?:NaN|[+-]Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

export function readExposition(text: string): ReadonlyMap<string, ReadFamily> {
  const families = new Map<string, { help: string; type: string; samples: Map<string, number> }>();
  let current: { help: string; type: string; samples: Map<string, number> } | undefined;
  let name = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, keyword, of = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (families.has(of)) throw new Error(`${of} is there twice`);
      current = { help: rest, type: '', samples: new Map() };
      name = of;
      families.set(of, current);
    } else if (keyword === 'TYPE' && current !== undefined) {
      current.type = rest;
    } else {
      const [, base = '', labels = '', number = ''] = SERIES.exec(line) ?? [];
      const plain = base.replace(/_(?:bucket|sum|count)$/, '');
      if (current === undefined || (base !== name && plain !== name) || !NUMBER.test(number)) {
        throw new Error(`this is no line of ${name}: ${line}`);
      }
      if (current.samples.has(base + labels)) throw new Error(`${base}${labels} is there twice`);
      current.samples.set(base + labels, Number(number.replace('Inf', 'Infinity')));
    }
  }
  return families;
}

/** The numbers of a family, by the text of the series. */
export function samplesOf(text: string, family: string): Readonly<Record<string, number>> {
  return Object.fromEntries(readExposition(text).get(family)?.samples ?? []);
}
