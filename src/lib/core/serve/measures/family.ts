/** What a family of numbers is, for whoever reads it. */
export interface Family {
  readonly name: string;
  readonly help: string;
  /** Everything a scan tells is how things are: it may go down as well as up. */
  readonly type: 'gauge';
  /** Names of its labels, in the order in which samples give their values. */
  readonly labels: readonly string[];
}

/** One number. A label without a value is left out. */
export interface Sample {
  readonly labels: readonly (string | null)[];
  readonly value: number;
}

/** A family and the numbers there are of it; none where nothing was seen that it could speak of. */
export interface Measured {
  readonly family: Family;
  readonly samples: readonly Sample[];
}

const PREFIX = 'truenas_monitor_';

export function family(name: string, help: string, labels: readonly string[] = []): Family {
  return { name: `${PREFIX}${name}`, help, type: 'gauge', labels };
}

export function measured(of: Family, samples: readonly Sample[]): Measured {
  return { family: of, samples };
}

/** A number without labels; none where it is not known. */
export function single(of: Family, value: number | null): Measured {
  return { family: of, samples: value === null ? [] : [{ labels: [], value }] };
}

/** One sample for each state there is: 1 for the one that holds, 0 for all others. */
export function statesOf<S extends string>(
  labels: readonly (string | null)[],
  states: readonly S[],
  present: S,
): readonly Sample[] {
  return states.map((state) => ({ labels: [...labels, state], value: state === present ? 1 : 0 }));
}

/** A sample of everything whose value is known. */
export function knownOf<T>(
  items: readonly T[],
  labelsOf: (item: T) => readonly (string | null)[],
  valueOf: (item: T) => number | null,
): readonly Sample[] {
  return items.flatMap((item) => {
    const value = valueOf(item);
    return value === null ? [] : [{ labels: labelsOf(item), value }];
  });
}
