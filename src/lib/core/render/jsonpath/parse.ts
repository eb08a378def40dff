import { Cursor, type Example } from './cursor.ts';
import { parsePath } from './parse-path.ts';
import { type Node, type Path, type Template } from './template.ts';

/**
 * Reads a template as `kubectl -o jsonpath` takes it: text with `{paths}`, `{"quoted text"}` and
 * `{range path}…{end}`. One without any braces is read as a single path. Throws a `UsageError`.
 */
export function parseTemplate(text: string, example: Example = 'findings[*].name'): Template {
  const cursor = new Cursor(text.includes('{') ? text : `{${text}}`, example);
  const nodes = parseNodes(cursor);
  if (!cursor.isAtEnd) throw cursor.error('{end} without a {range}');
  return nodes;
}

/** Reads up to the end, or to the `{end}` that closes the range this is the body of. */
function parseNodes(cursor: Cursor): Node[] {
  const nodes: Node[] = [];
  while (!cursor.isAtEnd && !isEnd(cursor)) {
    const text = cursor.match(/[^{]+/y);
    if (text !== undefined) nodes.push({ kind: 'text', text: text[0] });
    else nodes.push(...parseAction(cursor));
  }
  return nodes;
}

const END = /\{\s*end\s*\}/y;

function isEnd(cursor: Cursor): boolean {
  return cursor.match(/(?=\{\s*end\s*\})/y) !== undefined;
}

function parseAction(cursor: Cursor): Node[] {
  cursor.expect('{');
  cursor.skipSpaces();
  if (cursor.match(/range(?=[\s.[@$])/y) !== undefined) return [parseRange(cursor)];
  const nodes: Node[] = [];
  while (!cursor.skip('}')) {
    const text = cursor.quoted();
    nodes.push(
      text === undefined ? { kind: 'path', path: requirePath(cursor) } : { kind: 'text', text },
    );
    cursor.skipSpaces();
  }
  return nodes;
}

function parseRange(cursor: Cursor): Node {
  cursor.skipSpaces();
  const path = requirePath(cursor);
  cursor.skipSpaces();
  cursor.expect('}');
  const body = parseNodes(cursor);
  if (cursor.match(END) === undefined) throw cursor.error('a {range} without its {end}');
  return { kind: 'range', path, body };
}

function requirePath(cursor: Cursor): Path {
  const path = parsePath(cursor);
  if (path === undefined) throw cursor.noPath();
  return path;
}
