import { type Measure, type Recommendation } from '../model/analysis.ts';
import { type Block, type CardBlock } from '../model/document.ts';
import { type Finding } from '../model/finding.ts';
import { type FullReport } from '../model/full-report.ts';
import { counted, groupDigits } from '../render/text/format.ts';
import {
  cell,
  column,
  countCell,
  figure,
  figures,
  listedHeading,
  names,
  NOTHING,
  numbers,
  paragraph,
  sizeCell,
  sorted,
  table,
} from './blocks.ts';
import { subjectHome, subjectName } from './names.ts';
import { perDayText, percentText, sizeText } from './words.ts';

/** As many recommendations have a card each; the others are rows, with their numbers and steps too. */
const CARDS = 5;
const ROWS = 100;

export function reclaimableBlocks({ report, analysis }: FullReport): readonly Block[] {
  const { recommendations } = analysis;
  return [
    figures(
      figure(
        'Reclaimable',
        sizeText(report.summary.reclaimable),
        'by certain findings, each byte once',
      ),
      figure('Held by snapshots', sizeText(analysis.totalSnapshots)),
    ),
    ...byRule(report.findings),
    listedHeading('Recommendations'),
    ...(recommendations.length === 0
      ? [paragraph('Nothing to recommend from what is known.')]
      : []),
    ...recommendations.slice(0, CARDS).map(cardOf),
    ...table(
      'recommendations',
      'Further recommendations, by what they gain',
      recommendations.slice(CARDS),
      [
        column('action', ({ action }) => cell(actionWords(action))),
        names(
          'object',
          ({ subject }) => subjectName(subject),
          ({ subject }) => subjectHome(subject),
        ),
        numbers('frees', ({ gainBytes }) => (gainBytes === null ? NOTHING : sizeCell(gainBytes))),
        numbers('wins', ({ gainDays }) =>
          gainDays === null ? NOTHING : sorted(winText(gainDays), gainDays),
        ),
        column('why', (each) => ({ ...cell(each.message), detail: measuresText(each) })),
        column('what to do', ({ steps }) => cell(stepsText(steps))),
      ],
      ROWS,
    ),
  ];
}

function winText(days: number): string {
  return days < 1 ? 'less than a day' : counted(Math.floor(days), 'day');
}

interface RuleGain {
  readonly rule: string;
  readonly findings: number;
  readonly bytes: number;
}

function byRule(findings: readonly Finding[]): readonly Block[] {
  const certain = findings.filter(
    ({ confidence, reclaimable }) => confidence === 'certain' && reclaimable > 0,
  );
  const gains = [...Map.groupBy(certain, ({ rule }) => rule)].map(([rule, members]): RuleGain => ({
    rule,
    findings: members.length,
    bytes: members.reduce((sum, { reclaimable }) => sum + reclaimable, 0),
  }));
  return table(
    'reclaimable',
    'Certain findings by rule; what two of them hold counts in both rows, and once in the sum above',
    gains.sort((a, b) => b.bytes - a.bytes || Number(a.rule > b.rule) - Number(a.rule < b.rule)),
    [
      names('rule', ({ rule }) => rule),
      numbers('findings', (gain) => countCell(gain.findings)),
      numbers('reclaimable', (gain) => sizeCell(gain.bytes)),
    ],
  );
}

export function actionWords(action: Recommendation['action']): string {
  return action.replaceAll('-', ' ');
}

/** What it gains, behind a text that introduces it; empty where that cannot be told. */
export function gainText({ gainBytes, gainDays }: Recommendation, before: string): string {
  const gains = [
    ...(gainBytes === null ? [] : [`frees ${sizeText(gainBytes)}`]),
    ...(gainDays === null || gainDays < 1 ? [] : [`wins ${counted(Math.floor(gainDays), 'day')}`]),
  ];
  return gains.length === 0 ? '' : `${before}${gains.join(', ')}`;
}

function measureText({ value, unit }: Measure): string {
  switch (unit) {
    case 'bytes':
      return sizeText(value);
    case 'bytes-per-day':
      return perDayText(value);
    case 'days':
      return counted(Math.round(value), 'day');
    case 'ratio':
      return percentText(value);
    case 'count':
      return groupDigits(value);
  }
}

function measuresText({ numbers: measures }: Recommendation): string {
  return measures.map((measure) => `${measure.label} ${measureText(measure)}`).join('; ');
}

function stepsText(steps: readonly string[]): string {
  return steps.length < 2
    ? steps.join('')
    : steps.map((step, index) => `${String(index + 1)}. ${step}`).join(' ');
}

function cardOf(recommendation: Recommendation, index: number): CardBlock {
  const { action, subject, message, numbers: measures, steps } = recommendation;
  return {
    kind: 'card',
    id: `recommendation-${String(index + 1)}`,
    title: subjectName(subject),
    badge: actionWords(action),
    tone: 'neutral',
    text: `${message}${gainText(recommendation, '; ')}`,
    facts: [
      { label: 'where', value: subjectHome(subject) },
      ...measures.map((measure) => ({ label: measure.label, value: measureText(measure) })),
    ],
    lists:
      steps.length === 0
        ? []
        : [{ title: 'What to do', ordered: true, folded: false, items: steps }],
    command: null,
  };
}
