import { type ValidationSummary } from '../../model/validation.ts';
import { type TableOptions } from '../table.ts';
import { suppressedLines, wideSuppressedLines } from '../table/suppressed.ts';
import { wrapWords } from '../text/columns.ts';
import { objectName } from '../text/labels.ts';
import { type Palette, type Style } from '../text/palette.ts';
import { checkBlocks } from './checks.ts';
import { MARKS } from './labels.ts';
import { headline, OFFLINE_NOTE } from './scanned.ts';
import { notApplicableText, silentText, unseenOf } from './unseen.ts';
import { verdictText } from './verdict.ts';

/** What was left alone are results here, and objects are named as in JSON. */
const SUPPRESSED = { noun: 'result', nameOf: objectName } as const;

/** What checks came to for people, fitted to their terminal. */
export function renderValidationTable(
  summary: ValidationSummary,
  { columns, palette }: TableOptions,
): string {
  const hint = 'Use -o wide for what was seen of each object and for ids, -o json for everything.';
  return draw(summary, { columns, palette, all: false }, [
    ...suppressedLines(summary, columns, SUPPRESSED),
    ...(summary.results.length === 0 ? [] : wrapWords(hint, columns, '  ').map(palette.dim)),
  ]);
}

/** The same with every object, nothing cut. */
export function renderValidationWide(
  summary: ValidationSummary,
  { palette }: TableOptions,
): string {
  const columns = Number.POSITIVE_INFINITY;
  return draw(summary, { columns, palette, all: true }, wideSuppressedLines(summary, SUPPRESSED));
}

function draw(
  summary: ValidationSummary,
  { columns, palette, all }: TableOptions & { readonly all: boolean },
  end: readonly string[],
): string {
  const plural = summary.clusters.length > 1 || summary.systems.length > 1;
  const notApplicable = notApplicableText(summary, all);
  // First for who begins to read there, and last for who sees where the terminal has stopped.
  const verdict = wrapWords(verdictText(summary), columns, '  ').map(styleOf(summary, palette));
  const blocks = [
    headline(summary, columns, palette),
    summary.results.length === 0 ? [] : verdict,
    ...checkBlocks(summary.results, { width: columns, palette, plural, all }),
    unseenLines(summary, columns, palette, all),
    [
      ...verdict,
      ...(notApplicable === null ? [] : wrapWords(notApplicable, columns, '  ')),
      ...end,
      ...(summary.files === null ? [] : wrapWords(OFFLINE_NOTE, columns, '  ')),
    ],
  ];
  const filled = blocks.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** What could not be judged, and why: silence about it proves nothing. */
function unseenLines(
  summary: ValidationSummary,
  width: number,
  palette: Palette,
  all: boolean,
): string[] {
  const unseen = unseenOf(summary, all);
  if (unseen.length === 0) return [];
  const wrapIn = (indent: number, text: string): string[] =>
    wrapWords(text, width - indent, '  ').map((line) => ' '.repeat(indent) + line);
  const title = summary.complete
    ? 'NOT CHECKED, which may be all right as well as not:'
    : 'INCOMPLETE: what could not be read or checked may be all right as well as not.';
  return [
    ...wrapWords(title, width, '  ').map(summary.complete ? palette.heading : palette.warning),
    ...unseen.flatMap((each) => [
      ...wrapIn(4, each.reason).map((line, index) =>
        index === 0 ? `  ${MARKS.SKIPPED} ${line.trimStart()}` : line,
      ),
      ...(each.checks.length === 0 ? [] : wrapIn(6, silentText(each, all))),
    ]),
  ];
}

function styleOf({ overall, results }: ValidationSummary, palette: Palette): Style {
  if (overall === 'FAIL') return palette.severity.critical;
  return overall === 'PASS' && results.length > 0 ? palette.good : palette.warning;
}
