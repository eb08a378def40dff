import { type ScanFacts, type SuppressedFinding } from '../../model/report.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { gapText, groupGaps, unreadableTexts } from '../table/gaps.ts';
import { headline } from '../table/headline.ts';
import { counted, formatInstant } from '../text/format.ts';
import { shortObjectName } from '../text/labels.ts';
import { plainPalette } from '../text/palette.ts';
import { markdownCode, markdownProse, markdownText } from './escape.ts';

/** GitHub takes 1 MiB of all steps of a job together, and drops the whole of what is longer. */
const LIMIT = 1_000_000;
/** For what says that something was cut. */
const RESERVE = 1_000;
/** The most a table gets, so that there is room for what to do about its worst rows. */
const TABLE_LIMIT = 600_000;

/** A part of a document, which may be too long: lists are worst first, and cut at the end. */
interface Part {
  readonly before: readonly string[];
  readonly entries: readonly string[];
  readonly after: readonly string[];
  /** The most it may take. */
  readonly limit: number;
  /** What the entries are, for the line that says how many are missing. */
  readonly noun: readonly [singular: string, plural: string];
}

function sizeOf(lines: readonly string[]): number {
  const encoder = new TextEncoder();
  return lines.reduce((sum, line) => sum + encoder.encode(line).length + 1, 0);
}

/** As many entries as there is room for, from the front. */
function fitting(entries: readonly string[], room: number): readonly string[] {
  let used = 0;
  const cut = entries.findIndex((entry) => {
    used += sizeOf([entry]);
    return used > room;
  });
  return cut === -1 ? entries : entries.slice(0, cut);
}

function leftOut(what: string): string {
  return `**${what} left out for want of room**; \`-o json\` has all of it.`;
}

/** Parts one below the other, of which later ones get what earlier ones leave. */
export function markdownDocument(parts: readonly Part[]): string {
  const lines: string[] = [];
  let room = LIMIT - RESERVE;
  let omitted = 0;
  for (const part of parts.filter(({ before, entries }) => before.length + entries.length > 0)) {
    const written = partLines(part, Math.min(room, part.limit));
    if (written === undefined) {
      omitted += 1;
      continue;
    }
    room -= sizeOf(written);
    lines.push(...written);
  }
  if (omitted > 0) lines.push(leftOut(counted(omitted, 'more section')));
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Undefined where there is not even room for the first entry. */
function partLines({ before, entries, after, noun }: Part, room: number): string[] | undefined {
  const frame = sizeOf([...before, ...after, '', leftOut(counted(entries.length, ...noun)), '']);
  const kept = fitting(entries, room - frame);
  if (frame > room || (kept.length === 0 && entries.length > 0)) return undefined;
  const left = entries.length - kept.length;
  const cut = left === 0 ? [] : ['', leftOut(counted(left, ...noun))];
  return [...before, ...kept, ...after, ...cut, ''];
}

const NOTHING: Part = { before: [], entries: [], after: [], limit: LIMIT, noun: ['', ''] };

/** Text without a list. */
export function paragraphs(...lines: readonly string[]): Part {
  return { ...NOTHING, before: lines };
}

export function bullets(
  before: readonly string[],
  entries: readonly string[],
  noun: Part['noun'],
): Part {
  if (entries.length === 0) return NOTHING;
  return { ...NOTHING, before, entries: entries.map((entry) => `- ${entry}`), noun };
}

/** Cells are Markdown already. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  noun: Part['noun'],
): Part {
  if (rows.length === 0) return NOTHING;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return {
    before: [line(header), line(header.map(() => '---'))],
    entries: rows.map(line),
    after: [],
    limit: TABLE_LIMIT,
    noun,
  };
}

/** What opens when somebody asks for it. Entries are Markdown, of one line or several. */
export function details(summary: string, entries: readonly string[], noun: Part['noun']): Part {
  if (entries.length === 0) return NOTHING;
  return {
    before: ['<details>', `<summary>${summary}</summary>`, ''],
    entries,
    after: ['', '</details>'],
    limit: LIMIT,
    noun,
  };
}

export function numberedList(steps: readonly string[]): string[] {
  return steps.map((step, index) => `${String(index + 1)}. ${markdownProse(step)}`);
}

/** What was scanned, and when. */
export function scannedPart(scan: ScanFacts): Part {
  const [first = '', ...members] = headline(scan, Number.POSITIVE_INFINITY, plainPalette);
  const shown = members.map((line) => markdownText(line.replaceAll(/ {2,}/g, ' ')));
  return bullets([markdownText(first), ''], shown, ['server', 'servers']);
}

/** What was not read whole. */
export function gapsPart(scan: ScanFacts, meaning: string): Part {
  const groups = groupGaps(scan.sources);
  const texts = groups.flatMap((group) => [gapText(group, scan), ...unreadableTexts(group)]);
  const title = scan.complete
    ? 'Not everything could be read; nothing here rests on it.'
    : `**INCOMPLETE**: ${meaning}`;
  return bullets([title, ''], texts.map(markdownText), ['gap', 'gaps']);
}

interface SuppressedWording {
  readonly noun: string;
  readonly nameOf: (ref: ResourceRef) => string;
}

/** What somebody said to leave alone. */
export function suppressedPart(
  suppressed: readonly SuppressedFinding[],
  { noun, nameOf }: SuppressedWording = { noun: 'finding', nameOf: shortObjectName },
): Part {
  const entries = suppressed.map(({ finding, by, origin, reason, until }) => {
    const end = until === null ? '' : `, until ${formatInstant(until)}`;
    const why = markdownText(`${finding.rule}: ${reason} (${by} ${origin}${end})`);
    return `- ${markdownCode(nameOf(finding.subject))} ${why}`;
  });
  const summary = `${counted(suppressed.length, noun)} suppressed, and in no count above`;
  return details(summary, entries, [`suppressed ${noun}`, `suppressed ${noun}s`]);
}
