import { type HistoryFacts } from '../model/analysis.ts';
import { type Block } from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { type ReportWarning, type ScanFacts, type SourceStatus } from '../model/report.ts';
import { homeOf } from '../render/table/gaps.ts';
import { gapText, groupGaps, unreadableTexts } from '../render/table/gaps.ts';
import { isNotApplicable, skippedTexts } from '../render/table/skipped.ts';
import { counted, formatInstant, groupDigits } from '../render/text/format.ts';
import { sourceLabel } from '../render/text/labels.ts';
import { cell, column, heading, list, note, paragraph, table } from './blocks.ts';

const ROWS = 300;

export function coverageBlocks(full: FullReport): readonly Block[] {
  const { report, analysis } = full;
  const scan = withEverySource(full);
  const gaps = groupGaps(scan.sources).flatMap((group) => [
    gapText(group, scan),
    ...unreadableTexts(group),
  ]);
  const silent = report.skipped
    .filter((each) => !isNotApplicable(each))
    .map((each) => `${each.rule}: ${skippedTexts(each).join('; ')}`);
  return [
    ...(gaps.length === 0
      ? [note('good', 'Everything that was asked for was read.')]
      : [
          note('bad', 'Not everything could be read: what is not seen is not known to be absent.'),
          ...list(gaps),
        ]),
    ...under('Rules that could not be judged, or not everywhere', silent),
    ...under('What cannot be said, and why', analysis.notes),
    ...under(
      'About the request',
      warningsOf(full).map(({ message }) => message),
    ),
    heading('History'),
    paragraph(historyText(analysis.history)),
    ...table(
      'sources',
      'What was read, with the number of objects in each list',
      sourceGroups(scan.sources),
      [
        column('where', ([first]) => cell(homeOf(first))),
        column('state', ([{ coverage }]) =>
          cell(coverage.state.replaceAll('_', ' '), STATE_TONES[coverage.state]),
        ),
        column('lists', (group) => cell(group.map(listText).join(', '))),
        column('why', ([{ coverage }]) => cell('reason' in coverage ? coverage.reason : '')),
      ],
      ROWS,
    ),
  ];
}

const STATE_TONES = {
  complete: 'neutral',
  not_applicable: 'neutral',
  partial: 'warning',
  failed: 'bad',
} as const;

type SourceGroup = readonly [SourceStatus, ...SourceStatus[]];

/** Lists of one place of which the same is to be said. */
function sourceGroups(sources: readonly SourceStatus[]): readonly SourceGroup[] {
  const groups = Map.groupBy(sources, (source) =>
    JSON.stringify([homeOf(source), source.coverage]),
  );
  return [...groups.values()].flatMap((group): readonly SourceGroup[] => {
    const first = group.at(0);
    return first === undefined ? [] : [[first, ...group.slice(1)]];
  });
}

/** Of a list that nobody could read, no number is known. */
function listText({ name, count, coverage: { state } }: SourceStatus): string {
  const isRead = state === 'complete' || state === 'partial';
  return isRead ? `${sourceLabel(name)} (${groupDigits(count)})` : sourceLabel(name);
}

function under(title: string, items: readonly string[]): readonly Block[] {
  return items.length === 0 ? [] : [heading(title), ...list(items)];
}

/** Findings, checks and figures rest on lists of one scan, of which each of them names those it needs. */
export function withEverySource(full: FullReport): ScanFacts {
  const { report, analysis, validation, health } = full;
  const key = ({ name, cluster, system, coverage }: SourceStatus): string =>
    JSON.stringify([name, cluster, system, coverage]);
  const sources = new Map<string, SourceStatus>();
  for (const { sources: each } of [report, analysis, validation, health]) {
    for (const source of each) {
      if (!sources.has(key(source))) sources.set(key(source), source);
    }
  }
  return { ...report, sources: [...sources.values()] };
}

function warningsOf({ report, analysis }: FullReport): readonly ReportWarning[] {
  const warnings = [...report.warnings, ...analysis.warnings];
  return [...new Map(warnings.map((each) => [each.message, each])).values()];
}

function historyText({ firstAt, lastAt, days, askedDays }: HistoryFacts): string {
  if (firstAt === null || lastAt === null) {
    return 'No history yet: every scan of findings that is fresh, complete and unfiltered adds to it, and trends need some weeks of it.';
  }
  return `${counted(days, 'day')} with a scan, looking back ${counted(askedDays, 'day')}; the first on ${formatInstant(firstAt)}, the last on ${formatInstant(lastAt)}.`;
}

/** How far history reaches, in few words. */
export function historyFact({ days, askedDays }: HistoryFacts): string {
  return days === 0
    ? 'none yet'
    : `${counted(days, 'day')} with a scan, looking back ${counted(askedDays, 'day')}`;
}
