import { type Cursor } from './cursor.ts';
import { OPERATORS, type Filter, type Operand, type Path, type Step } from './template.ts';

/** Reads `.findings[*].name`, `$['a b']`, `..name`, `@.rule`, `.findings[?(@.severity=="high")]`. */
export function parsePath(cursor: Cursor): Path | undefined {
  const start = cursor.match(/[$@](?=[.[\s})=!<>]|$)|(?=[.[])/y);
  if (start === undefined) return undefined;
  const steps: Step[] = [];
  for (let found = parseSteps(cursor); found !== undefined; found = parseSteps(cursor)) {
    steps.push(...found);
  }
  return { from: start[0] === '$' ? 'root' : 'current', steps };
}

/** A name behind a dot; a backslash lets it hold a dot, as in `.labels.app\.kubernetes\.io/name`. */
const NAME = /(?:\\.|[^\s.[\]{}()\\"'=!<>,|&])+/y;

function parseSteps(cursor: Cursor): Step[] | undefined {
  if (cursor.skip('..')) {
    const descendants: Step = { kind: 'descendants' };
    return cursor.sees('[') ? [descendants] : [descendants, parseName(cursor)];
  }
  if (cursor.skip('.')) {
    // `$.['name']`, and a lone `.` for the value itself.
    if (cursor.sees('[') || cursor.isAtEnd || cursor.sees('}') || cursor.sees(' ')) return [];
    return [parseName(cursor)];
  }
  return cursor.skip('[') ? [parseBracket(cursor)] : undefined;
}

function parseName(cursor: Cursor): Step {
  if (cursor.skip('*')) return { kind: 'wildcard' };
  const name = cursor.match(NAME);
  if (name === undefined) throw cursor.error('expected a field name');
  return { kind: 'fields', names: [name[0].replace(/\\(.)/gs, '$1')] };
}

function parseBracket(cursor: Cursor): Step {
  cursor.skipSpaces();
  const step = parseSelector(cursor);
  cursor.skipSpaces();
  cursor.expect(']');
  return step;
}

function parseSelector(cursor: Cursor): Step {
  if (cursor.skip('*')) return { kind: 'wildcard' };
  if (cursor.skip('?(')) {
    const filter = parseFilter(cursor);
    cursor.expect(')');
    return { kind: 'filter', filter };
  }
  if (cursor.sees('"') || cursor.sees("'")) {
    return { kind: 'fields', names: parseList(cursor, () => cursor.quoted()) };
  }
  const slice = cursor.match(/(-?\d+)?:(-?\d+)?(?::(-?\d+)?)?/y);
  if (slice !== undefined) return parseSlice(cursor, slice);
  return {
    kind: 'indexes',
    indexes: parseList(cursor, () => {
      const index = cursor.match(/-?\d+/y);
      return index === undefined ? undefined : Number(index[0]);
    }),
  };
}

function parseSlice(cursor: Cursor, slice: RegExpExecArray): Step {
  const bound = (text: string | undefined): number | null =>
    text === undefined ? null : Number(text);
  const step = bound(slice[3]) ?? 1;
  if (step <= 0) throw cursor.error('the step of a slice must be positive');
  return { kind: 'slice', start: bound(slice[1]), end: bound(slice[2]), step };
}

function parseList<T>(cursor: Cursor, parseItem: () => T | undefined): T[] {
  const items: T[] = [];
  do {
    cursor.skipSpaces();
    const item = parseItem();
    if (item === undefined) {
      throw cursor.error("expected an index, a slice, *, a quoted name, or a filter ?(@.x=='y')");
    }
    items.push(item);
    cursor.skipSpaces();
  } while (cursor.skip(','));
  return items;
}

function parseFilter(cursor: Cursor): Filter {
  const left = parseOperand(cursor);
  const operator = OPERATORS.find((each) => cursor.skip(each));
  if (operator === undefined) return { kind: 'exists', operand: left };
  return { kind: 'compare', left, operator, right: parseOperand(cursor) };
}

const WORDS = { true: true, false: false, null: null } as const;

function parseOperand(cursor: Cursor): Operand {
  cursor.skipSpaces();
  const operand = findOperand(cursor);
  if (operand === undefined) {
    throw cursor.error(
      'expected a path such as @.name, a quoted text, a number, true, false or null',
    );
  }
  cursor.skipSpaces();
  return operand;
}

function findOperand(cursor: Cursor): Operand | undefined {
  const text = cursor.quoted();
  if (text !== undefined) return { kind: 'literal', value: text };
  const number = cursor.match(/[+-]?\d+(?:\.\d+)?/y);
  if (number !== undefined) return { kind: 'literal', value: Number(number[0]) };
  const word = cursor.match(/(true|false|null)\b/y);
  if (word !== undefined) return { kind: 'literal', value: WORDS[word[1] as keyof typeof WORDS] };
  const path = parsePath(cursor);
  return path === undefined ? undefined : { kind: 'path', path };
}
