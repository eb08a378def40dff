import { type SuppressedFinding } from '../../model/report.ts';
import { wrapWords } from '../text/columns.ts';
import { counted, firstFew, formatInstant } from '../text/format.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { shortObjectName } from '../text/labels.ts';
import { printable } from '../text/safe.ts';

/** What somebody said to leave alone, of whatever kind of result. */
interface Suppressing {
  readonly suppressed: readonly SuppressedFinding[];
}

/** How it is spoken of. */
interface Wording {
  readonly noun: string;
  readonly nameOf: (ref: ResourceRef) => string;
}

const OF_FINDINGS: Wording = { noun: 'finding', nameOf: shortObjectName };

/** Findings that are left alone by one word of somebody. */
type Group = readonly [SuppressedFinding, ...SuppressedFinding[]];

function groupsOf(suppressed: readonly SuppressedFinding[]): readonly Group[] {
  const groups = new Map<string, [SuppressedFinding, ...SuppressedFinding[]]>();
  for (const each of suppressed) {
    const { origin, reason, until } = each;
    const key = JSON.stringify([origin, reason, until]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

/** Why, who says so, and how long. */
function because({ by, origin, reason, until }: SuppressedFinding): string {
  const end = until === null ? '' : `, until ${formatInstant(until)}`;
  return printable(`${reason} (${by} ${origin}${end})`);
}

function title(suppressed: readonly SuppressedFinding[], { noun }: Wording): string {
  return `${counted(suppressed.length, noun)} suppressed, and in no count above:`;
}

/** Shown by name; the rest is what -o wide is for. */
const NAMED = 3;

/** What somebody said to leave alone: never silently, and never longer than what is reported. */
export function suppressedLines(
  { suppressed }: Suppressing,
  width: number,
  wording: Wording = OF_FINDINGS,
): string[] {
  if (suppressed.length === 0) return [];
  const indented = (indent: string, text: string): string[] =>
    wrapWords(text, width - indent.length, '  ').map((line) => indent + line);
  return [
    ...wrapWords(title(suppressed, wording), width, '  '),
    ...groupsOf(suppressed).flatMap((group) => {
      const objects = group.map(
        ({ finding }) => `${wording.nameOf(finding.subject)} (${printable(finding.rule)})`,
      );
      return [...indented('  ', because(group[0])), ...indented('    ', firstFew(objects, NAMED))];
    }),
  ];
}

/** The same, one finding a line. */
export function wideSuppressedLines(
  { suppressed }: Suppressing,
  wording: Wording = OF_FINDINGS,
): string[] {
  if (suppressed.length === 0) return [];
  return [
    title(suppressed, wording),
    ...suppressed.map((each) => {
      const { rule, subject } = each.finding;
      return `  ${printable(rule)}  ${wording.nameOf(subject)}  ${because(each)}`;
    }),
  ];
}
