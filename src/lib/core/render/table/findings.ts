import { type Finding } from '../../model/finding.ts';
import { displayWidth, truncateEnd, wrapWords } from '../text/columns.ts';
import { objectionText } from '../text/doubt.ts';
import { formatBytes, formatSpan } from '../text/format.ts';
import { fullHomeName, homeName, shortObjectName } from '../text/labels.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import { fitWidths, formatGrid, measure, type Column, type Measured } from './grid.ts';

type FindingColumn = Column<Finding>;

/** Shown where there is nothing to show, so that every row has as many fields as the header. */
const NONE = '-';

function fixed(header: string, cell: FindingColumn['cell']): FindingColumn {
  return { header, align: 'left', cut: 'never', atLeast: 0, cell, style: null };
}

const severity: FindingColumn = {
  ...fixed('SEVERITY', (finding) => finding.severity),
  style: (finding, palette) => palette.severity[finding.severity],
};
const confidence = fixed('CONFIDENCE', (finding) => finding.confidence);
const rule = fixed('RULE', (finding) => printable(finding.rule));
const object: FindingColumn = {
  ...fixed('OBJECT', (finding) => shortObjectName(finding.subject)),
  cut: 'middle',
  atLeast: 44,
};
const wholeObject: FindingColumn = { ...object, cut: 'never' };
const shortObject: FindingColumn = { ...object, atLeast: 30 };
const tinyObject: FindingColumn = { ...object, atLeast: 16 };
const where: FindingColumn = {
  ...fixed('WHERE', (finding) => homeName(finding.subject)),
  cut: 'middle',
  atLeast: 12,
};
const age = fixed('AGE', ({ age }) => (age === null ? NONE : formatSpan(age)));
const reclaimable: FindingColumn = {
  ...fixed('RECLAIMABLE', (finding) => formatBytes(finding.reclaimable)),
  align: 'right',
};
/** Never cut: it is what somebody reads the table for. */
const reason = fixed('REASON', (finding) => printable(finding.reason));

/** Columns side by side, and what goes on a line of its own below each row for want of room. */
interface Layout {
  readonly columns: readonly FindingColumn[];
  readonly below: ((finding: Finding) => string) | null;
}

const ruleAndReason = (finding: Finding): string => printable(`${finding.rule}: ${finding.reason}`);

/** Why a finding is only likely; nothing of one that is certain. */
function doubtText({ doubt }: Finding): string | null {
  return doubt === null ? null : printable(objectionText(doubt));
}

/** From roomy to narrow; the first that fits is taken. Nothing a verdict rests on is ever dropped, only moved. */
function layouts(plural: boolean): readonly Layout[] {
  const place = plural ? [where] : [];
  const below = ruleAndReason;
  return [
    {
      columns: [severity, confidence, rule, wholeObject, where, age, reclaimable, reason],
      below: null,
    },
    {
      columns: [severity, confidence, rule, object, where, age, reclaimable],
      below: (finding) => printable(finding.reason),
    },
    { columns: [severity, confidence, shortObject, ...place, age, reclaimable], below },
    { columns: [severity, confidence, shortObject, ...place, reclaimable], below },
    { columns: [severity, confidence, tinyObject], below },
  ];
}

/** Narrower than this no layout can be, and lines overrun instead of saying nothing. */
const LEAST_WIDTH = 40;

const INDENT = '    ';

/**
 * The findings, worst first as the report has them, within `width`.
 *
 * @param plural more than one cluster or system was scanned, so each row has to say which it means
 */
export function findingLines(
  findings: readonly Finding[],
  width: number,
  plural: boolean,
  palette: Palette,
): string[] {
  const measured = new Map<FindingColumn, Measured<Finding>>();
  const measureOnce = (column: FindingColumn): Measured<Finding> => {
    const known = measured.get(column) ?? measure(column, findings);
    measured.set(column, known);
    return known;
  };
  const room = Math.max(width, LEAST_WIDTH);
  for (const layout of layouts(plural)) {
    const columns = layout.columns.map(measureOnce);
    const widths = fitWidths(columns, room);
    if (widths === undefined) continue;
    const { header, lines } = formatGrid(columns, widths, findings, palette);
    const names = layout.columns.findIndex(({ header: text }) => text === object.header);
    const isCut = (row: number): boolean =>
      displayWidth(columns[names]?.cells[row] ?? '') > (widths[names] ?? 0);
    return [
      header,
      ...lines.flatMap((line, row) => {
        const finding = findings[row];
        if (finding === undefined) return [line];
        const below = belowLines(finding, layout, isCut(row), room - displayWidth(INDENT));
        return [line, ...below.map((text) => palette.dim(INDENT + text))];
      }),
    ];
  }
  return [];
}

/** What goes below a row. A name that is cut cannot be typed, and then its id can. */
function belowLines(
  finding: Finding,
  { below }: Layout,
  isCut: boolean,
  width: number,
): readonly string[] {
  const said = [...(isCut ? [finding.id] : []), ...(below === null ? [] : [below(finding)])];
  const doubt = doubtText(finding);
  return [
    ...(said.length === 0 ? [] : wrapWords(said.join(' '), width)),
    // One line of it: explain has all.
    ...(doubt === null ? [] : [truncateEnd(`likely: ${doubt}`, width)]),
  ];
}

const orNone = (text: string | null): string => (text === null ? NONE : printable(text));

const WIDE: readonly FindingColumn[] = [
  severity,
  confidence,
  rule,
  object,
  fixed('WHERE', (finding) => fullHomeName(finding.subject)),
  age,
  { ...fixed('SIZE', ({ size }) => (size === null ? NONE : formatBytes(size))), align: 'right' },
  reclaimable,
  fixed('STORAGECLASS', (finding) => orNone(finding.storageClass)),
  fixed('TRUENAS', (finding) => orNone(finding.truenasReference)),
  fixed('KUBERNETES', (finding) => orNone(finding.kubernetesReference)),
  fixed('ID', (finding) => finding.id),
  fixed('REASON', (finding) => printable(finding.reason)),
  fixed('WHY LIKELY', (finding) => doubtText(finding) ?? NONE),
  fixed('NEXT STEP', ({ remedy }) => orNone(remedy.steps[0] ?? null)),
  fixed('COMMAND', ({ remedy }) => orNone(remedy.command)),
];

/** Every column whole, however long the lines: for pipes, and terminals that scroll sideways. */
export function wideFindingLines(findings: readonly Finding[], palette: Palette): string[] {
  const columns = WIDE.map((column) => measure(column, findings));
  const widths = columns.map(({ natural }) => natural);
  const { header, lines } = formatGrid(columns, widths, findings, palette);
  return [header, ...lines];
}
