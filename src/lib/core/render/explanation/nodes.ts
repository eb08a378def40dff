import { type ChainNode, type Fact } from '../../explain/explanation.ts';
import { refKey } from '../../model/resource-ref.ts';
import { elapsed, millis } from '../../model/units.ts';
import { displayWidth, wrapWords } from '../text/columns.ts';
import { formatBytes, formatInstant, formatSpan } from '../text/format.ts';
import { shortObjectName } from '../text/labels.ts';
import { type Palette, type Style } from '../text/palette.ts';
import { printable } from '../text/safe.ts';

export interface TreeContext {
  /** Infinite for a pipe, where nothing is cut and nothing left out. */
  readonly columns: number;
  readonly palette: Palette;
  readonly now: Date;
  /** Keys of what was asked for. */
  readonly asked: ReadonlySet<string>;
  /** More than one cluster or system was scanned, so each object has to say which it is on. */
  readonly plural: boolean;
}

const INDENT = '  ';

/** Keeps a number with its unit when lines are broken. */
const GLUE = '\u00a0';

/** Narrower than this no tree can be, and lines overrun instead of saying nothing. */
const LEAST_ROOM = 24;

/** Brothers of one role that are shown on a terminal. */
const MOST_ALIKE = 8;

/** Facts that say what they are by themselves. */
const SELF_EVIDENT: ReadonlySet<string> = new Set(['phase', 'kind', 'reach', 'storage']);

function glued(text: string): string {
  return text.replaceAll(' ', GLUE);
}

function valueText(value: Exclude<Fact['value'], boolean>): string {
  if (value instanceof Date) return glued(formatInstant(value));
  return typeof value === 'object' ? glued(formatBytes(value.bytes)) : printable(String(value));
}

function factText({ name, value }: Fact): string {
  if (typeof value === 'boolean') return value ? name : `not ${name}`;
  return SELF_EVIDENT.has(name) ? valueText(value) : `${name} ${valueText(value)}`;
}

function isAsked({ ref }: ChainNode, { asked }: TreeContext): boolean {
  return ref !== null && asked.has(refKey(ref));
}

/** Below its dataset a snapshot needs its own name only. */
function labelOf({ role, kind, name, namespace, ref }: ChainNode): string {
  if (role === 'snapshot' && name !== null)
    return `snapshot ${printable(name.slice(name.indexOf('@')))}`;
  if (ref !== null) return shortObjectName(ref);
  const path = namespace === null ? (name ?? '') : `${namespace}/${name ?? ''}`;
  if (namespace === null) return `${kind} ${printable(path)}`.trim();
  return `${kind.toLowerCase()}/${printable(path)}`;
}

function factsOf(node: ChainNode, context: TreeContext): string[] {
  const { createdAt, size, facts, home, role, state } = node;
  const age = createdAt === null ? [] : [glued(ageText(role, createdAt, context.now))];
  const shown = size === null ? [] : [glued(formatBytes(size.bytes))];
  const where =
    context.plural && home !== null && state === 'present' ? [`on ${printable(home.name)}`] : [];
  return [...where, ...shown, ...facts.map(factText), ...age];
}

function ageText(role: ChainNode['role'], since: Date, now: Date): string {
  const span = formatSpan(millis(Math.max(elapsed(since, now), 0)));
  return role === 'event' ? `${span} ago` : `${span} old`;
}

/** A line, and how it is dressed once it has its branch. */
interface Line {
  readonly text: string;
  readonly dress: Style;
}

const asIs: Style = (text) => text;

/** What is fine to be missing: that nobody uses a claim is no hole in its chain. */
const MAY_BE_NONE: ReadonlySet<ChainNode['role']> = new Set([
  'pod',
  'workload',
  'session',
  'content',
]);

function holeLines(
  { role, kind, state, message, join }: ChainNode,
  room: number,
  palette: Palette,
): Line[] {
  const none = state === 'absent' && MAY_BE_NONE.has(role);
  const start = state === 'unknown' ? 'UNKNOWN' : none ? 'none' : 'MISSING';
  const text = `${start}  ${kind}: ${printable(message ?? '')}`;
  const dress = none ? palette.dim : palette.warning;
  return [
    ...wrapWords(text, room, INDENT).map((line) => ({ text: line, dress })),
    ...joinLines(join, room, palette),
  ];
}

/** What a node says, line by line, without its branch. */
function textOf(node: ChainNode, context: TreeContext, room: number): Line[] {
  const { palette } = context;
  const { state, message, join } = node;
  if (state !== 'present') return holeLines(node, room, palette);
  const asked = isAsked(node, context) ? ' (asked for)' : '';
  const label = `${labelOf(node)}${asked}`;
  const facts = factsOf(node, context).join(', ');
  const text = facts === '' ? label : `${label}  ${facts}`;
  const highlight: Style = (line) =>
    line.startsWith(label) ? palette.heading(label) + line.slice(label.length) : line;
  const lines = wrapWords(text, room, INDENT).map((line, index) => ({
    text: line.replaceAll(GLUE, ' ').trimEnd(),
    dress: index === 0 && asked !== '' ? highlight : asIs,
  }));
  return [
    ...lines,
    ...noteLines(message, room, palette.warning),
    ...joinLines(join, room, palette),
  ];
}

function noteLines(text: string | null, room: number, dress: Style): Line[] {
  if (text === null) return [];
  const lines = wrapWords(printable(text), room - INDENT.length);
  return lines.map((line) => ({ text: INDENT + line, dress }));
}

function joinLines(join: ChainNode['join'], room: number, palette: Palette): Line[] {
  if (join === null) return [];
  const likely = join.confidence === 'likely' ? ' (likely)' : '';
  return noteLines(`joined by ${join.key}${likely}`, room, palette.dim);
}

interface Kept {
  readonly nodes: readonly ChainNode[];
  /** How many of each role were left out. */
  readonly more: ReadonlyMap<string, number>;
}

/** On a terminal, the first few of many alike, and whatever was asked for. */
function keepFew(children: readonly ChainNode[], context: TreeContext): Kept {
  const more = new Map<string, number>();
  if (!Number.isFinite(context.columns)) return { nodes: children, more };
  const seen = new Map<string, number>();
  const nodes = children.filter((node) => {
    const count = (seen.get(node.role) ?? 0) + 1;
    seen.set(node.role, count);
    if (count <= MOST_ALIKE || node.state !== 'present' || isAsked(node, context)) return true;
    more.set(node.role, (more.get(node.role) ?? 0) + 1);
    return false;
  });
  return { nodes, more };
}

/** Lines of a node and everything below it. */
function nodeLines(node: ChainNode, first: string, rest: string, context: TreeContext): string[] {
  const { palette, columns } = context;
  const { nodes, more } = keepFew(node.children, context);
  const below = nodes.length + more.size > 0;
  const room = Math.max(LEAST_ROOM, columns - displayWidth(rest));
  // The branch to the children runs past the further lines of their parent, in the place of an indent.
  const rail = below ? `${rest}│` : rest;
  const lines = textOf(node, context, room).map(({ text, dress }, index) =>
    index === 0
      ? palette.dim(first) + dress(text)
      : palette.dim(rail) + dress(below ? text.slice(1) : text),
  );
  const last = nodes.length - 1;
  const children = nodes.flatMap((child, index) => {
    const isLast = index === last && more.size === 0;
    return nodeLines(
      child,
      `${rest}${isLast ? '└─ ' : '├─ '}`,
      `${rest}${isLast ? '   ' : '│  '}`,
      context,
    );
  });
  const omitted = [...more].map(([role, count]) =>
    palette.dim(`${rest}└─ … and ${String(count)} more of role ${role}: see -o json`),
  );
  return [...lines, ...children, ...omitted];
}

/** The tree of a chain. */
export function treeLines(roots: readonly ChainNode[], context: TreeContext): string[] {
  return roots.flatMap((root) => nodeLines(root, '', '', context));
}
