import { type Recommendation, type StorageAnalysis } from '../../model/analysis.ts';
import {
  bullets,
  details,
  gapsPart,
  markdownDocument,
  numberedList,
  paragraphs,
  scannedPart,
  table,
} from '../markdown/document.ts';
import { markdownProse, markdownText } from '../markdown/escape.ts';
import { classColumns } from './class-columns.ts';
import { type RankedColumn } from './fitted-grid.ts';
import { poolColumns } from './pool-columns.ts';
import {
  actionText,
  anomalyColumns,
  gainText,
  numbersText,
  snapshotTexts,
  stuckText,
} from './sections.ts';
import { historyText, totalTexts, verdictOf } from './verdict.ts';
import { viewOf, type View, type ViewOptions } from './view.ts';
import { volumeColumns } from './volume-columns.ts';

/** An analysis for the summary of a job or a page of a wiki. */
export function renderAnalysisMarkdown(analysis: StorageAnalysis, options: ViewOptions): string {
  const view = viewOf(analysis, { ...options, width: Number.POSITIVE_INFINITY });
  const volumes = analysis.volumes.slice(0, view.top);
  const { text, severity } = verdictOf(analysis);
  const verdict = markdownText(text);
  return markdownDocument([
    paragraphs(
      '## Storage analysis',
      '',
      `${severity === null ? verdict : `**${severity}**: ${verdict}`}  `,
      ...[...totalTexts(analysis), historyText(analysis)].map((line) => `${markdownText(line)}  `),
    ),
    scannedPart(analysis),
    gapsPart(analysis, 'what could not be read is in no number here.'),
    ...grid('Pools', poolColumns(view), analysis.pools, ['pool', 'pools']),
    ...grid('StorageClasses', classColumns(view), analysis.classes, ['class', 'classes']),
    ...grid(
      volumes.length < analysis.volumes.length
        ? `Volumes, ${String(volumes.length)} of ${String(analysis.volumes.length)}`
        : 'Volumes',
      volumeColumns(view, volumes),
      volumes,
      ['volume', 'volumes'],
    ),
    snapshotsPart(view),
    ...grid('Anomalies', anomalyColumns(view), analysis.anomalies, ['anomaly', 'anomalies']),
    ...recommendationParts(view),
    bullets(['### Notes', ''], analysis.notes.map(markdownText), ['note', 'notes']),
  ]);
}

type Part = ReturnType<typeof paragraphs>;

function grid<T>(
  title: string,
  columns: readonly RankedColumn<T>[],
  rows: readonly T[],
  noun: Part['noun'],
): readonly Part[] {
  if (rows.length === 0) return [];
  const shown = columns.filter(({ wide, header }) => !wide && header !== '');
  return [
    paragraphs(`### ${title}`),
    table(
      shown.map(({ header }) => markdownText(header.toLowerCase())),
      rows.map((row) => shown.map(({ cell }) => markdownText(cell(row)))),
      noun,
    ),
  ];
}

function snapshotsPart(view: View): Part {
  const { snapshots } = view.analysis;
  if (snapshots.count === 0 && snapshots.stuck.length === 0) return paragraphs();
  const texts = [...snapshotTexts(view), ...snapshots.stuck.map((stuck) => stuckText(stuck, view))];
  return bullets(['### Snapshots', ''], texts.map(markdownText), ['line', 'lines']);
}

function recommendationParts(view: View): readonly Part[] {
  const { recommendations } = view.analysis;
  if (recommendations.length === 0) return [];
  return [
    paragraphs('### Recommendations'),
    table(
      ['recommendation', 'object', 'gain', 'why', 'numbers'],
      recommendations.map((each) => rowOf(each, view)),
      ['recommendation', 'recommendations'],
    ),
    details(
      'What to do',
      recommendations.map((each, index) =>
        [
          ...(index === 0 ? [] : ['']),
          `${markdownText(actionText(each, view))}:`,
          '',
          ...numberedList(each.steps),
        ].join('\n'),
      ),
      ['recommendation', 'recommendations'],
    ),
  ];
}

function rowOf(recommendation: Recommendation, { nameOf }: View): readonly string[] {
  return [
    markdownText(recommendation.action),
    markdownText(nameOf(recommendation.subject)),
    markdownText(gainText(recommendation)),
    markdownProse(recommendation.message),
    markdownText(numbersText(recommendation)),
  ];
}
