import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Document,
  parseDocument,
  visit,
} from 'yaml';
import { type ConfigPath } from './config.ts';
import { expandVariables, isLiteral } from './expand.ts';
import { type Problem } from './problem.ts';

/** A configuration file as read: its values, and where each stands. */
export interface YamlSource {
  readonly values: Record<string, unknown>;
  /** The file cannot be read as YAML at all; nothing else can be said of it. */
  readonly broken: Problem | null;
  /** Variables that could not be expanded; their values are left as written. */
  readonly unexpanded: readonly Problem[];
  /** Line of a value, of its key where there is one. */
  lineOf(path: ConfigPath): number;
  /** Whether a value is written out in the file, and not taken from a variable. */
  isLiteral(path: ConfigPath): boolean;
}

/*
 * The parser's own messages quote the text they stumble over, which may be a secret; these do not.
 */
const MESSAGES: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  BAD_INDENT: [
    'is indented wrongly, or a bracket is not closed',
    'indent with two spaces a level, and close every bracket',
  ],
  TAB_AS_INDENT: ['is indented with a tab', 'indent with spaces'],
  MISSING_CHAR: [
    'lacks a closing quote, bracket, colon or comma',
    'close what was opened on this line',
  ],
  DUPLICATE_KEY: ['has a key for the second time', 'keep one of the two'],
  MULTIPLE_DOCS: ['starts a second document', 'remove the line "---" and what follows it'],
  BLOCK_AS_IMPLICIT_KEY: ['has two colons where one belongs', 'put the value in quotes'],
  BAD_SCALAR_START: [
    'has a value that starts with a reserved character',
    'put the value in quotes',
  ],
};

const NOT_YAML = ['is not valid YAML', 'check the indentation and the quotes around it'] as const;

/** Reads YAML, keeping the position of every value, and expands the variables in it. */
export function parseYaml(text: string, environment: NodeJS.ProcessEnv): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'error',
  });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const literals = new Set<string>();
  const finder = {
    lineOf: (path: ConfigPath): number => lineAt(offsetOf(document, path)),
    isLiteral: (path: ConfigPath): boolean => literals.has(JSON.stringify(path)),
  };
  const broken = syntaxProblem(document, lineAt);
  if (broken !== undefined) return { values: {}, broken, unexpanded: [], ...finder };
  const unexpanded = expandAll(document, environment, lineAt, literals);
  const values: unknown = document.toJS() ?? {};
  return { values: isRecord(values) ? values : {}, broken: null, unexpanded, ...finder };
}

/** Only the first: the rest are mostly its echoes. */
function syntaxProblem(
  document: Document.Parsed,
  lineAt: (offset: number) => number,
): Problem | undefined {
  const [error] = document.errors;
  if (error !== undefined) {
    const [message, remedy] = MESSAGES[error.code] ?? NOT_YAML;
    return { path: [], origin: { kind: 'file', line: lineAt(error.pos[0]) }, message, remedy };
  }
  const root = document.contents;
  if (root === null || isMap(root) || (isScalar(root) && root.value === null)) {
    return aliasProblem(document, lineAt);
  }
  return {
    path: [],
    origin: { kind: 'file', line: 1 },
    message: 'is not a list of "key: value" pairs',
    remedy: 'start from what "truenas-monitor config init" writes',
  };
}

/** Anchors make a small file large and a line say what it does not show; nothing here is worth them. */
function aliasProblem(
  document: Document.Parsed,
  lineAt: (offset: number) => number,
): Problem | undefined {
  let problem: Problem | undefined;
  visit(document, {
    Alias(_key, alias) {
      problem = {
        path: [],
        origin: { kind: 'file', line: lineAt(alias.range?.[0] ?? 0) },
        message: 'refers to an anchor',
        remedy: 'write the value out, or put it in quotes if it only starts with "*"',
      };
      return visit.BREAK;
    },
  });
  return problem;
}

/** Expands every text value in place; a value without a variable is remembered as literal. */
function expandAll(
  document: Document.Parsed,
  environment: NodeJS.ProcessEnv,
  lineAt: (offset: number) => number,
  literals: Set<string>,
): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const path = pathTo(node, ancestors);
      if (isLiteral(node.value)) literals.add(JSON.stringify(path));
      const expansion = expandVariables(node.value, environment);
      if (expansion.ok) {
        node.value = expansion.text;
      } else {
        const line = lineAt(node.range?.[0] ?? 0);
        problems.push({ path, origin: { kind: 'file', line }, ...expansion.problem });
      }
    },
  });
  return problems;
}

function pathTo(leaf: unknown, ancestors: readonly unknown[]): (string | number)[] {
  const path: (string | number)[] = [];
  ancestors.forEach((ancestor, index) => {
    const child = ancestors[index + 1] ?? leaf;
    if (isPair(ancestor)) path.push(isScalar(ancestor.key) ? String(ancestor.key.value) : '?');
    else if (isNode(ancestor) && 'items' in ancestor && !isMap(ancestor)) {
      path.push((ancestor.items as readonly unknown[]).indexOf(child));
    }
  });
  return path;
}

/** Where the key of a value starts, or the nearest thing around it that exists. */
function offsetOf(document: Document.Parsed, path: ConfigPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = startOf(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function startOf(document: Document.Parsed, path: ConfigPath): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === last);
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
