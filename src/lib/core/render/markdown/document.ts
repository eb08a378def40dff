import { type ScanFacts, type SuppressedFinding } from '../../model/report.ts';
import { gapText, groupGaps, unreadableTexts } from '../table/gaps.ts';
import { headline } from '../table/headline.ts';
import { counted, formatInstant } from '../text/format.ts';
import { shortObjectName } from '../text/labels.ts';
import { plainPalette } from '../text/palette.ts';
import { markdownCode, markdownProse, markdownText } from './escape.ts';

/** GitHub takes 1 MiB of all steps of a job together, and drops the whole of what is longer. */
const LIMIT = 1_000_000;

/** What is cut first where a part is too long: its end, for lists are worst first. */
interface Part {
  readonly before: readonly string[];
  readonly entries: readonly string[];
  readonly after: readonly string[];
  /** What the entries are, for the line that says how many are missing. */
  readonly noun: readonly [singular: string, plural: string];
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length + 1;
}

/** Parts one below the other, of which later ones get what earlier ones leave. */
export function markdownDocument(parts: readonly Part[]): string {
  let room = LIMIT - 2_000;
  const lines = parts.flatMap((part) => {
    const { before, entries, after, noun } = part;
    if (entries.length === 0 && before.length === 0) return [];
    for (const line of [...before, ...after]) room -= sizeOf(line);
    const kept: string[] = [];
    for (const entry of entries) {
      room -= sizeOf(entry);
      if (room < 0) break;
      kept.push(entry);
    }
    const left = entries.length - kept.length;
    const cut =
      left === 0
        ? []
        : [
            '',
            `**${counted(left, ...noun)} left out for want of room**; \`-o json\` has all of it.`,
          ];
    return [...before, ...kept, ...after, ...cut, ''];
  });
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Text that is always there. */
export function paragraphs(...lines: readonly string[]): Part {
  return { before: lines, entries: [], after: [], noun: ['', ''] };
}

export function bullets(
  before: readonly string[],
  entries: readonly string[],
  noun: Part['noun'],
): Part {
  if (entries.length === 0) return { before: [], entries: [], after: [], noun };
  return { before, entries: entries.map((entry) => `- ${entry}`), after: [], noun };
}

/** Cells are Markdown already. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  noun: Part['noun'],
): Part {
  if (rows.length === 0) return { before: [], entries: [], after: [], noun };
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return {
    before: [line(header), line(header.map(() => '---'))],
    entries: rows.map(line),
    after: [],
    noun,
  };
}

/** What opens when somebody asks for it. Entries are Markdown, of one line or several. */
export function details(summary: string, entries: readonly string[], noun: Part['noun']): Part {
  if (entries.length === 0) return { before: [], entries: [], after: [], noun };
  return {
    before: ['<details>', `<summary>${summary}</summary>`, ''],
    entries,
    after: ['', '</details>'],
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

/** What somebody said to leave alone. */
export function suppressedPart(suppressed: readonly SuppressedFinding[]): Part {
  const entries = suppressed.map(({ finding, by, origin, reason, until }) => {
    const end = until === null ? '' : `, until ${formatInstant(until)}`;
    const why = markdownText(`${finding.rule}: ${reason} (${by} ${origin}${end})`);
    return `- ${markdownCode(shortObjectName(finding.subject))} ${why}`;
  });
  const summary = `${counted(suppressed.length, 'finding')} suppressed, and in no count above`;
  return details(summary, entries, ['suppressed finding', 'suppressed findings']);
}
