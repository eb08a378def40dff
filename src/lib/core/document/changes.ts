import { type PoolAnalysis, type StorageAnalysis } from '../model/analysis.ts';
import { type Block } from '../model/document.ts';
import {
  type FindingMention,
  type FullReport,
  type ReportChanges,
  type ReportComparison,
} from '../model/full-report.ts';
import { counted, formatInstant } from '../render/text/format.ts';
import {
  cell,
  column,
  type ColumnOf,
  heading,
  names,
  note,
  NOTHING,
  numbers,
  paragraph,
  sizeCell,
  sorted,
  table,
  toneOf,
} from './blocks.ts';
import { poolName } from './names.ts';
import { signedText } from './words.ts';

/** Of findings that came or went, as many are shown; CSV and JSON have them all. */
const SHOWN = 100;

export function changesSentence(changes: ReportChanges | null): string {
  if (changes === null) return 'No earlier report of this estate is remembered to compare with.';
  const { since, opened, fixed, unknown, passing } = changes;
  const unsure = unknown.length === 0 ? '' : `, ${String(unknown.length)} unknown`;
  const between = passing === 0 ? '' : `; ${counted(passing, 'finding')} came and went in between`;
  return `Since the last report (${formatInstant(since)}): ${String(opened.length)} new, ${String(fixed.length)} fixed${unsure}${between}.`;
}

export function comparisonSentence(comparison: ReportComparison): string {
  const { since, opened, fixed, unchanged, unknown, suppressed } = comparison;
  const left = suppressed.length === 0 ? '' : `, ${String(suppressed.length)} suppressed since`;
  return `Compared with the report of ${formatInstant(since)}: ${String(opened.length)} new, ${String(fixed.length)} fixed, ${String(unchanged.length)} unchanged, ${String(unknown.length)} unknown${left}.`;
}

export function changesBlocks(full: FullReport): readonly Block[] {
  const { changes, comparison, analysis } = full;
  return [
    paragraph(changesSentence(changes)),
    ...(changes === null ? [] : sinceLast(changes, analysis)),
    ...(comparison === null ? [] : comparisonBlocks(comparison)),
  ];
}

function sinceLast(changes: ReportChanges, analysis: StorageAnalysis): readonly Block[] {
  return [
    ...mentions('changes-new', 'New since the last report', changes.opened),
    ...mentions('changes-fixed', 'Fixed since the last report', changes.fixed),
    ...mentions('changes-unknown', GONE_UNSEEN, changes.unknown),
    ...poolChanges(changes, analysis),
  ];
}

function comparisonBlocks(comparison: ReportComparison): readonly Block[] {
  const { opened, fixed, unknown, suppressed, remarks } = comparison;
  return [
    heading(`Compared with the report of ${formatInstant(comparison.since)}`),
    ...remarks.map((remark) => note('warning', remark)),
    paragraph(comparisonSentence(comparison)),
    ...mentions('comparison-new', 'New', opened),
    ...mentions('comparison-fixed', 'Fixed', fixed),
    ...mentions('comparison-unknown', GONE_UNSEEN, unknown),
    ...mentions('comparison-suppressed', 'Since left alone because somebody said so', suppressed),
  ];
}

const GONE_UNSEEN = 'Not found any more, and nobody could look whether they are gone';

const MENTION: readonly ColumnOf<FindingMention>[] = [
  column('severity', ({ severity }) => cell(severity, toneOf(severity))),
  names('object', ({ subject }) => subject),
  names('rule', ({ rule }) => rule),
  numbers('reclaimable', ({ reclaimable }) => sizeCell(reclaimable)),
];

function mentions(id: string, caption: string, found: readonly FindingMention[]): readonly Block[] {
  return table(id, caption, found, MENTION, SHOWN);
}

interface PoolChange {
  readonly pool: PoolAnalysis;
  /** Null where it was not there then, or nothing is known of that day. */
  readonly then: number | null;
  readonly isNew: boolean;
  readonly now: number;
}

/** How full pools were by the end of the day of the last report, and are now. */
function poolChanges(
  { since }: ReportChanges,
  { pools, history: { firstAt } }: StorageAnalysis,
): readonly Block[] {
  // Of a day before those that were looked at, nobody knows which pools there were.
  const isLookedAt = firstAt !== null && firstAt <= since;
  const changed = pools.map((pool): PoolChange => {
    const then = pool.history.findLast(({ day }) => day <= since)?.value ?? null;
    return { pool, then, isNew: then === null && isLookedAt, now: pool.used + pool.snapshots };
  });
  return table('changes-pools', 'Pools since the last report, snapshots included', changed, [
    names('pool', ({ pool }) => poolName(pool)),
    numbers('then', ({ then, isNew }) => (isNew ? sorted('new', -1) : sizeCell(then))),
    numbers('now', ({ now }) => sizeCell(now)),
    numbers('change', ({ then, now }) =>
      then === null ? NOTHING : sorted(signedText(now - then), now - then),
    ),
  ]);
}
