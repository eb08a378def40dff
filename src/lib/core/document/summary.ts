import { type PoolAnalysis } from '../model/analysis.ts';
import { type Block, type Figure, type Tone } from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { type OverallStatus, type ValidationSummary } from '../model/validation.ts';
import { counted, formatInstant } from '../render/text/format.ts';
import { forecastedPool } from '../render/analysis/first-to-fill.ts';
import { countsText } from '../render/validation/counts.ts';
import { figure, figures, heading, list, paragraph, toneOf } from './blocks.ts';
import { changesSentence, comparisonSentence } from './changes.ts';
import { gainText } from './reclaimable.ts';
import { poolName, subjectName } from './names.ts';
import { forecastDetail, forecastText, percentText, sizeText, timesText } from './words.ts';

/** As many recommendations are named on the first page. */
const FIRST_STEPS = 3;

export function summaryBlocks(full: FullReport): readonly Block[] {
  return [
    ...worstFirst(full),
    figures(...findingFigures(full), ...spaceFigures(full), ...checkFigures(full)),
    heading('What changed'),
    paragraph(changesSentence(full.changes)),
    ...(full.comparison === null ? [] : [paragraph(comparisonSentence(full.comparison))]),
    ...firstSteps(full),
  ];
}

/** In one sentence, what somebody who reads no further has to know. */
function worstFirst({ report, analysis, validation, health }: FullReport): readonly Block[] {
  const pressing = analysis.pools.filter(({ severity }) => severity !== null);
  const failed = [validation, health].flatMap(({ results }) =>
    results.filter(({ status }) => status === 'FAIL'),
  );
  const severe = report.findings.filter(
    ({ severity }) => severity === 'critical' || severity === 'high',
  );
  const parts = [
    ...(severe.length === 0
      ? []
      : [`${counted(severe.length, 'finding')} of high severity or more`]),
    ...(pressing.length === 0 ? [] : [`${counted(pressing.length, 'pool')} short of space`]),
    ...(failed.length === 0 ? [] : [`${counted(failed.length, 'check')} failed`]),
  ];
  if (parts.length > 0) return [paragraph(`To look at first: ${parts.join('; ')}.`)];
  return report.complete && validation.complete && health.complete
    ? [paragraph('Nothing in this report needs attention now.')]
    : [];
}

function findingFigures({ report }: FullReport): readonly Figure[] {
  const { summary, findings } = report;
  const { critical = 0, high = 0 } = summary.bySeverity;
  return [
    figure(
      'Findings',
      counted(findings.length, 'finding'),
      `${String(critical)} critical, ${String(high)} high`,
      findings.length === 0 ? soundTone(report.complete) : toneOf(worstOf(critical, high)),
    ),
    figure(
      'Orphaned objects',
      counted(summary.totalOrphans, 'object'),
      `${String(summary.certainOrphans)} certain`,
    ),
    figure('Reclaimable', sizeText(summary.reclaimable), 'by certain findings, each byte once'),
  ];
}

function worstOf(critical: number, high: number): 'critical' | 'high' | 'medium' {
  if (critical > 0) return 'critical';
  return high > 0 ? 'high' : 'medium';
}

/** Silence is good only where everything was looked at. */
function soundTone(complete: boolean): Tone {
  return complete ? 'good' : 'neutral';
}

function spaceFigures({ analysis, thresholds }: FullReport): readonly Figure[] {
  const { totalCapacity, totalUsed, totalSnapshots, poolOvercommitmentRatio } = analysis;
  const taken = totalUsed + totalSnapshots;
  const first = forecastedPool(analysis);
  return [
    figure(
      'Space taken by volumes',
      sizeText(taken),
      totalCapacity === 0
        ? 'the capacity is not known'
        : `${percentText(taken / totalCapacity)} of ${sizeText(totalCapacity)} usable`,
    ),
    ...(poolOvercommitmentRatio === null
      ? []
      : [
          figure(
            'Promised to volumes',
            sizeText(analysis.totalAllocated),
            `${timesText(poolOvercommitmentRatio)} what the pools hold`,
            poolOvercommitmentRatio > thresholds.maxOvercommit ? 'warning' : 'neutral',
          ),
        ]),
    figure(
      first === undefined
        ? 'Capacity forecast'
        : `First pool to fill: ${nameAmong(first, analysis.pools)}`,
      forecastText(analysis.forecast),
      forecastDetail(analysis.forecast),
      first?.severity === undefined || first.severity === null ? 'neutral' : toneOf(first.severity),
    ),
  ];
}

/** With its system where several have a pool of that name. */
function nameAmong(pool: PoolAnalysis, pools: readonly PoolAnalysis[]): string {
  const isShared = pools.some(({ system, name }) => name === pool.name && system !== pool.system);
  return isShared ? poolName(pool) : pool.name;
}

const STATUS_TONES: Readonly<Record<OverallStatus, Tone>> = {
  PASS: 'good',
  WARNING: 'warning',
  FAIL: 'bad',
  UNKNOWN: 'neutral',
};

function checkFigures({ validation, health }: FullReport): readonly Figure[] {
  const of = (label: string, { overall, results }: ValidationSummary): Figure =>
    figure(label, overall, countsText(results), STATUS_TONES[overall]);
  return [of('Configuration', validation), of('Health', health)];
}

function firstSteps({ analysis }: FullReport): readonly Block[] {
  const first = analysis.recommendations.slice(0, FIRST_STEPS);
  if (first.length === 0) return [];
  return [
    heading('What gains most'),
    ...list(
      first.map((each) => `${subjectName(each.subject)}: ${each.message}${gainText(each, '; ')}`),
    ),
  ];
}

/** What stands above everything else: whatever makes the rest less than it seems. */
export function doubts({ report, analysis, validation, health }: FullReport): readonly string[] {
  const complete = report.complete && validation.complete && health.complete && analysis.complete;
  return [
    ...(complete
      ? []
      : [
          'INCOMPLETE: not everything could be read, so what is missing here may well be there. The section on coverage says what and why.',
        ]),
    ...(report.cachedFor === null
      ? []
      : [
          `This rests on a scan that was kept on ${formatInstant(report.takenAt)}; nothing was read for this report.`,
        ]),
    ...(report.filteredOut === 0
      ? []
      : [`${counted(report.filteredOut, 'finding')} outside the filter, and not in this report.`]),
  ];
}
