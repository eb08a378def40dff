import { type Recommendation, type StorageAnalysis } from '../../model/analysis.ts';
import { gapText, groupGaps, unreadableTexts } from '../table/gaps.ts';
import { headline } from '../table/headline.ts';
import { wrapWords } from '../text/columns.ts';
import { counted, firstFew } from '../text/format.ts';
import { printable } from '../text/safe.ts';
import { dayText } from './amounts.ts';
import { classColumns } from './class-columns.ts';
import { trendText } from './columns.ts';
import { fittedGrid, type RankedColumn } from './fitted-grid.ts';
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
import { volumeColumns, volumeName } from './volume-columns.ts';

type Block = readonly string[];

/** Of recommendations and anomalies, as many are shown where not everything is asked for. */
const SHOWN = 10;

/** An analysis for people, fitted to their terminal. */
export function renderAnalysisTable(analysis: StorageAnalysis, options: ViewOptions): string {
  return draw(viewOf(analysis, options), false);
}

/** The same with every column, nothing cut. */
export function renderAnalysisWide(analysis: StorageAnalysis, options: ViewOptions): string {
  return draw(viewOf(analysis, { ...options, width: Number.POSITIVE_INFINITY }), true);
}

function draw(view: View, wide: boolean): string {
  const { analysis, width, palette } = view;
  const { text, severity } = verdictOf(analysis);
  const style = severity === null ? palette.good : palette.severity[severity];
  const grid = <T>(title: string, columns: readonly RankedColumn<T>[], rows: readonly T[]) =>
    gridBlock(view, title, wide ? columns : columns.filter((each) => !each.wide), rows);
  const volumes = analysis.volumes.slice(0, view.top);
  const anomalies = analysis.anomalies.slice(0, wide ? Infinity : SHOWN);
  const blocks = [
    headline(analysis, width, palette),
    gapLines(view),
    [
      ...wrapWords(text, width, '  ').map(style),
      ...[...totalTexts(analysis), historyText(analysis)].flatMap((each) =>
        wrapWords(each, width, '  '),
      ),
    ],
    grid('POOLS', poolColumns(view), analysis.pools),
    grid('STORAGE CLASSES', classColumns(view), analysis.classes),
    withRest(
      grid(volumesTitle(analysis), volumeColumns(view, volumes), volumes),
      moreVolumes(view),
      view,
    ),
    snapshotLines(view),
    withRest(
      grid('ANOMALIES', anomalyColumns(view), anomalies),
      more(analysis.anomalies.length - anomalies.length),
      view,
    ),
    recommendationLines(view, wide),
    noteLines(view),
    hintLines(view, wide),
  ];
  const filled = blocks.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join('\n')).join('\n\n')}\n`;
}

function gridBlock<T>(
  { width, palette }: View,
  title: string,
  columns: readonly RankedColumn<T>[],
  rows: readonly T[],
): Block {
  if (rows.length === 0) return [];
  return [palette.heading(title), ...fittedGrid(columns, rows, width, palette)];
}

function withRest(block: Block, rest: string, view: View): Block {
  if (block.length === 0 || rest === '') return block;
  return [...block, ...item(view, 2, rest)];
}

function more(count: number): string {
  return count <= 0 ? '' : `and ${counted(count, 'more', 'more')}`;
}

function volumesTitle({ volumes }: StorageAnalysis): string {
  return volumes.some(({ growth }) => growth.state === 'known')
    ? 'VOLUMES, fastest growing first'
    : 'VOLUMES, largest first';
}

/** What is not listed, and what of it somebody should look at all the same. */
function moreVolumes({ analysis, top }: View): string {
  const rest = analysis.volumes.slice(top);
  const pressed = rest.filter(({ pressure }) => pressure !== null).map(volumeName);
  return (
    more(rest.length) +
    (pressed.length === 0 ? '' : `; of them close to their quota: ${firstFew(pressed, 5)}`)
  );
}

/** A line of a section, and what it continues on. */
function item({ width }: View, indent: number, text: string, hanging = 2): Block {
  const space = ' '.repeat(indent);
  return wrapWords(text, width - indent, ' '.repeat(hanging)).map((line) => space + line);
}

/** What could not be read is in no number. */
function gapLines(view: View): Block {
  const { analysis, width, palette } = view;
  const texts = groupGaps(analysis.sources).flatMap((group) => [
    gapText(group, analysis),
    ...unreadableTexts(group),
  ]);
  if (analysis.complete && texts.length === 0) return [];
  const title = analysis.complete
    ? 'NOTE: not everything could be read.'
    : 'INCOMPLETE: what could not be read is in no number here.';
  const style = analysis.complete ? palette.heading : palette.warning;
  return [
    ...wrapWords(title, width, '  ').map(style),
    ...texts.flatMap((text) => item(view, 2, text)),
  ];
}

function snapshotLines(view: View): Block {
  const { analysis, palette, window, glyphs } = view;
  const { snapshots } = analysis;
  if (snapshots.count === 0 && snapshots.stuck.length === 0) return [];
  const texts = snapshotTexts(view);
  const trend = trendText(snapshots.history, window, glyphs);
  return [
    palette.heading('SNAPSHOTS'),
    ...texts.flatMap((text) => item(view, 2, text)),
    // Its gaps are spaces, which wrapping would take for the ends of words.
    ...(trend === '' ? [] : [`  trend ${trend}`]),
    ...snapshots.stuck
      .flatMap((stuck) => item(view, 2, stuckText(stuck, view)))
      .map(palette.warning),
  ];
}

function recommendationLines(view: View, wide: boolean): Block {
  const { recommendations } = view.analysis;
  if (recommendations.length === 0) return [];
  const shown = recommendations.slice(0, wide ? Infinity : SHOWN);
  return withRest(
    [
      view.palette.heading('RECOMMENDATIONS'),
      ...shown.flatMap((each, index) => recommended(view, each, index + 1, wide)),
    ],
    more(recommendations.length - shown.length),
    view,
  );
}

function recommended(
  view: View,
  recommendation: Recommendation,
  rank: number,
  wide: boolean,
): Block {
  const { message, steps } = recommendation;
  const [gain, numbers] = [gainText(recommendation), numbersText(recommendation)];
  const start = `${String(rank)}. ${gain === '' ? '' : `${gain}: `}`;
  const below = 2 + String(rank).length + 2;
  const details = (text: string): Block => item(view, below, text);
  return [
    ...item(view, 2, start + actionText(recommendation, view), below - 2).map(view.palette.heading),
    ...details(printable(message)),
    ...(numbers === '' ? [] : details(numbers).map(view.palette.dim)),
    ...steps.slice(0, wide ? Infinity : 1).flatMap((step) => details(`→ ${printable(step)}`)),
  ];
}

function noteLines(view: View): Block {
  const { notes } = view.analysis;
  if (notes.length === 0) return [];
  return [
    view.palette.heading('NOTES'),
    ...notes.flatMap((note) => item(view, 2, `- ${printable(note)}`)),
  ];
}

function hintLines({ analysis, window, width, palette }: View, wide: boolean): Block {
  const hasTrend = analysis.pools.some(({ history }) => history.length > 1);
  const trend = `Trends run from ${dayText(window.from)} to ${dayText(window.to)}, each between its own least and largest value; a gap is where nothing was read.`;
  const hint =
    'Use -o wide for every column, -o json for everything; docs/analysis.md says how to read it.';
  return [...(hasTrend ? [trend] : []), ...(wide ? [] : [hint])]
    .flatMap((text) => wrapWords(text, width, '  '))
    .map(palette.dim);
}
