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

/** Narrower than this no tree can be, and lines overrun instead of saying nothing. */
const LEAST_ROOM = 24;

/** Brothers of one role that are shown on a terminal. */
const MOST_ALIKE = 8;

function factText({ name, value }: Fact): string {
  if (value === true) return name;
  if (value === false) return `not ${name}`;
  if (value instanceof Date) return `${name} ${formatInstant(value)}`;
  return typeof value === 'object'
    ? `${name} ${formatBytes(value.bytes)}`
    : `${name} ${String(value)}`;
}

function isAsked({ ref }: ChainNode, { asked }: TreeContext): boolean {
  return ref !== null && asked.has(refKey(ref));
}

/** Below its dataset a snapshot needs its own name only. */
function labelOf({ role, kind, name, namespace, ref, state }: ChainNode): string {
  if (state === 'absent') return 'missing';
  if (state === 'unknown') return 'unknown';
  if (role === 'snapshot' && name !== null)
    return `snapshot ${printable(name.slice(name.indexOf('@')))}`;
  if (ref !== null) return shortObjectName(ref);
  const path = namespace === null ? (name ?? '') : `${namespace}/${name ?? ''}`;
  if (namespace === null) return `${kind} ${printable(path)}`.trim();
  return `${kind.toLowerCase()}/${printable(path)}`;
}

function factsOf(node: ChainNode, context: TreeContext): string[] {
  const { createdAt, size, facts, home, role, state } = node;
  const age = createdAt === null ? [] : [ageText(role, createdAt, context.now)];
  const shown = size === null ? [] : [formatBytes(size.bytes)];
  const where = context.plural && home !== null && state === 'present' ? [`on ${home.name}`] : [];
  return [...where, ...shown, ...facts.map(factText), ...age].map(printable);
}

function ageText(role: ChainNode['role'], since: Date, now: Date): string {
  const span = formatSpan(millis(Math.max(elapsed(since, now), 0)));
  return role === 'event' ? `${span} ago` : `${span} old`;
}

const ROLE_OF_STATE = { absent: 'MISSING', unknown: 'UNKNOWN' } as const;

/** What a node says, line by line, without its branch. */
function textOf(node: ChainNode, context: TreeContext, room: number): string[] {
  const { palette } = context;
  const { state, message, join } = node;
  if (state !== 'present') {
    const text = `${ROLE_OF_STATE[state]} ${node.kind}: ${printable(message ?? '')}`;
    return [...wrapWords(text, room, '  ').map(palette.warning), ...joinLines(join, room, palette)];
  }
  const label = labelOf(node);
  const asked = isAsked(node, context) ? ' (asked for)' : '';
  const facts = factsOf(node, context).join(', ');
  const text = `${label}${asked}${facts === '' ? '' : `  ${facts}`}`;
  const style: Style = asked === '' ? (same) => same : palette.heading;
  const lines = wrapWords(text, room, '  ').map((line, index) =>
    index === 0 ? styled(line, `${label}${asked}`, style) : line,
  );
  const said =
    message === null
      ? []
      : wrapWords(printable(message), room - 2, '').map((line) => palette.warning(`  ${line}`));
  return [...lines, ...said, ...joinLines(join, room, palette)];
}

function styled(line: string, start: string, style: Style): string {
  return line.startsWith(start) ? style(start) + line.slice(start.length) : line;
}

function joinLines(join: ChainNode['join'], room: number, palette: Palette): string[] {
  if (join === null) return [];
  const text = `joined by ${printable(join.key)}${join.confidence === 'likely' ? ' (likely)' : ''}`;
  return wrapWords(text, room - 2, '').map((line) => palette.dim(`  ${line}`));
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
  const lines = textOf(node, context, room).map((line, index) =>
    index === 0
      ? palette.dim(first) + line
      : palette.dim(`${rest}${below ? '│' : ' '}`) + line.slice(line.startsWith(' ') ? 1 : 0),
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
