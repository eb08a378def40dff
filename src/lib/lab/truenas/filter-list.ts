import { invalid } from './errors.ts';
import { isFields } from './json.ts';

/*
 * The filters of every `*.query`: `[field, operator, value]`, all of which must hold, and `["OR", […]]`.
 */

export type Predicate = (entry: unknown) => boolean;

type Operator = (value: unknown, operand: unknown) => boolean;

const MAX_DEPTH = 3;

function compare(value: unknown, operand: unknown): number | undefined {
  if (typeof value === 'number' && typeof operand === 'number') return value - operand;
  if (typeof value === 'string' && typeof operand === 'string') {
    if (value === operand) return 0;
    return value < operand ? -1 : 1;
  }
  return undefined;
}

const ordered =
  (holds: (order: number) => boolean): Operator =>
  (value, operand) => {
    const order = compare(value, operand);
    return order !== undefined && holds(order);
  };

const contains = (list: unknown, value: unknown): boolean => {
  if (Array.isArray(list)) return list.some((item) => same(item, value));
  return typeof list === 'string' && typeof value === 'string' && list.includes(value);
};

function same(left: unknown, right: unknown): boolean {
  return (
    left === right || (typeof left === 'object' && JSON.stringify(left) === JSON.stringify(right))
  );
}

const texts =
  (holds: (value: string, operand: string) => boolean): Operator =>
  (value, operand) =>
    typeof value === 'string' && typeof operand === 'string' && holds(value, operand);

const startsWith = texts((value, operand) => value.startsWith(operand));
const endsWith = texts((value, operand) => value.endsWith(operand));

const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': same,
  '!=': (value, operand) => !same(value, operand),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  // Anchored at the start, as Python's `re.match` is.
  '~': texts((value, operand) => new RegExp(`^(?:${operand})`, 'u').test(value)),
  in: (value, operand) => contains(operand, value),
  nin: (value, operand) => !contains(operand, value),
  rin: (value, operand) => contains(value, operand),
  rnin: (value, operand) => value !== null && !contains(value, operand),
  '^': startsWith,
  '!^': (value, operand) => value !== null && !startsWith(value, operand),
  $: endsWith,
  '!$': (value, operand) => value !== null && !endsWith(value, operand),
};

const lower = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toLowerCase();
  return Array.isArray(value) ? value.map(lower) : value;
};

function findOperator(name: string): Operator | undefined {
  const plain = OPERATORS[name];
  if (plain !== undefined) return plain;
  const folded = name.startsWith('C') && name !== 'C~' ? OPERATORS[name.slice(1)] : undefined;
  return folded && ((value, operand) => folded(lower(value), lower(operand)));
}

/** Splits a dotted path; `\.` is a dot in a name. */
export function splitPath(path: string): readonly string[] {
  return path.split(/(?<!\\)\./u).map((part) => part.replaceAll('\\.', '.'));
}

function step(value: unknown, name: string): unknown {
  if (Array.isArray(value))
    return /^\d+$/u.test(name) ? (value[Number(name)] as unknown) : undefined;
  return isFields(value) ? value[name] : undefined;
}

/** Everything a path leads to; more than one value only with the wildcard `*`. */
export function valuesAt(entry: unknown, path: readonly string[]): readonly unknown[] {
  let values: readonly unknown[] = [entry];
  for (const name of path) {
    values = values.flatMap((value): unknown[] => {
      if (name !== '*') return [step(value, name)];
      if (Array.isArray(value)) return value as unknown[];
      return isFields(value) ? Object.values(value) : [];
    });
  }
  return values.filter((value) => value !== undefined);
}

function compileCondition(field: string, operatorName: string, operand: unknown): Predicate {
  const operator = findOperator(operatorName);
  if (operator === undefined) throw invalid('filters', `Invalid operation: ${operatorName}`);
  const path = splitPath(field);
  const [only] = path;
  if (path.length === 1 && only !== undefined && only !== '*') {
    return (entry) => {
      const value = step(entry, only);
      return value !== undefined && operator(value, operand);
    };
  }
  const wanted =
    field.endsWith('.$date') && typeof operand === 'string' ? Date.parse(operand) : operand;
  return (entry) => valuesAt(entry, path).some((value) => operator(value, wanted));
}

function compileOr(branches: unknown, depth: number): Predicate {
  if (!Array.isArray(branches) || branches.length === 0) {
    throw invalid('filters', 'OR needs a list of conditions');
  }
  const alternatives = branches.map((branch: unknown) =>
    // A branch is one condition, or a list of conditions that must all hold.
    Array.isArray(branch) && Array.isArray(branch[0])
      ? compileAll(branch, depth + 1)
      : compileOne(branch, depth + 1),
  );
  return (entry) => alternatives.some((holds) => holds(entry));
}

function compileOne(filter: unknown, depth: number): Predicate {
  if (depth > MAX_DEPTH) throw invalid('filters', 'query-filters max recursion depth exceeded');
  if (!Array.isArray(filter)) throw invalid('filters', `Invalid filter ${JSON.stringify(filter)}`);
  const [field, operator, operand] = filter as unknown[];
  if (filter.length === 2 && field === 'OR') return compileOr(operator, depth);
  if (filter.length !== 3 || typeof field !== 'string' || typeof operator !== 'string') {
    throw invalid('filters', `Invalid filter ${JSON.stringify(filter)}`);
  }
  return compileCondition(field, operator, operand);
}

function compileAll(filters: readonly unknown[], depth: number): Predicate {
  const all = filters.map((filter) => compileOne(filter, depth));
  return (entry) => all.every((holds) => holds(entry));
}

/** Compiles filters; refuses what is not one. */
export function compileFilters(filters: unknown): Predicate {
  if (!Array.isArray(filters)) throw invalid('filters', 'Input should be a valid list');
  return compileAll(filters, 1);
}

/** The operand of a lone `[field, "=" or "in", …]` on one of the fields: the values it admits. */
export function admittedValues(
  filter: unknown,
  fields: readonly string[],
): readonly unknown[] | undefined {
  if (!Array.isArray(filter) || filter.length !== 3) return undefined;
  const [field, operator, operand] = filter as unknown[];
  if (typeof field !== 'string' || !fields.includes(field)) return undefined;
  if (operator === '=') return [operand];
  return operator === 'in' && Array.isArray(operand) ? (operand as unknown[]) : undefined;
}
