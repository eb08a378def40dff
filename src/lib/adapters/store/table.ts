/** What one field holds in each row, or once what it holds in all of them. */
type Column = { readonly all: unknown } | { readonly each: readonly unknown[] };

/** Objects of one shape, field by field: a third of the size of the objects, and of the time to write them. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** @param instants fields that hold an instant, which becomes milliseconds since the epoch */
export function toTable(rows: readonly object[], instants: readonly string[]): Table {
  const columns: Record<string, Column> = {};
  // Objects of a list are made by one decoder, so all of them have the fields of the first.
  for (const field of Object.keys(rows[0] ?? {})) {
    const values = rows.map((row) => (row as Readonly<Record<string, unknown>>)[field]);
    columns[field] = toColumn(instants.includes(field) ? values.map(toMillis) : values);
  }
  return { rows: rows.length, columns };
}

function toColumn(each: readonly unknown[]): Column {
  const [all] = each;
  return each.every((value) => value === all) ? { all } : { each };
}

function toMillis(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}

/** Makes the objects again that `toTable` was given. */
export function fromTable(
  { rows, columns }: Table,
  instants: readonly string[],
): readonly Readonly<Record<string, unknown>>[] {
  const objects: Record<string, unknown>[] = Array.from({ length: rows }, () => ({}));
  for (const [field, column] of Object.entries(columns)) {
    const isInstant = instants.includes(field);
    objects.forEach((object, at) => {
      const value = 'each' in column ? column.each[at] : column.all;
      object[field] = isInstant && typeof value === 'number' ? new Date(value) : value;
    });
  }
  return objects;
}
