import {
  type Anomaly,
  type Measure,
  type Recommendation,
  type RecommendationAction,
  type SnapshotsAnalysis,
  type StuckSnapshot,
} from '../../model/analysis.ts';
import { millis } from '../../model/units.ts';
import { counted, formatSpan } from '../text/format.ts';
import { printable } from '../text/safe.ts';
import { changeText, countText, dayText, daysText, sizeText, timesText } from './amounts.ts';
import { nameColumn, numberColumn, textColumn } from './columns.ts';
import { type RankedColumn } from './fitted-grid.ts';
import { unmappedOf } from './unmapped.ts';
import { type View } from './view.ts';
import { snapshotsText, volumeName } from './volume-columns.ts';

/* Sections that are read as text rather than as columns, in words for any format. */

/** How many volumes with heavy snapshots are named. */
const HEAVIEST = 3;

/** What snapshots weigh, and how they stand to what is wanted of them. */
export function snapshotTexts(view: View): readonly string[] {
  const { snapshots } = view.analysis;
  const { count, bytes, growth } = snapshots;
  const rate = growth.state === 'known' ? `, ${changeText(growth.bytesPerDay)} a day` : '';
  const many =
    count === null ? 'Snapshots, not all of which were listed,' : counted(count, 'snapshot');
  return [
    `${many} hold ${sizeText(bytes)}${rate}`,
    ...mappingTexts(snapshots),
    ...retentionTexts(snapshots),
    ...heaviestTexts(view),
  ];
}

function mappingTexts(snapshots: SnapshotsAnalysis): readonly string[] {
  const unmapped = unmappedOf(snapshots);
  if (snapshots.mapped === null || unmapped === null) return [];
  return [
    `${countText(snapshots.mapped)} behind a VolumeSnapshot, ${countText(unmapped)} without one`,
  ];
}

function retentionTexts({
  retentionSeconds,
  beyondRetention,
  undated,
}: SnapshotsAnalysis): readonly string[] {
  const unknown = undated === null || undated === 0 ? '' : `, ${countText(undated)} of unknown age`;
  if (retentionSeconds === null || beyondRetention === null) {
    return unknown === '' ? [] : [unknown.slice(2)];
  }
  const retention = formatSpan(millis(retentionSeconds * 1000));
  return beyondRetention === 0
    ? [`none older than the retention of ${retention}${unknown}`]
    : [`${countText(beyondRetention)} older than the retention of ${retention}${unknown}`];
}

function heaviestTexts({ analysis }: View): readonly string[] {
  const heavy = analysis.volumes
    .filter(({ snapshotDetails }) => snapshotDetails.bytes > 0)
    .toSorted((a, b) => b.snapshotDetails.bytes - a.snapshotDetails.bytes)
    .slice(0, HEAVIEST)
    .map((volume) => `${volumeName(volume)} ${snapshotsText(volume)}`);
  return heavy.length === 0 ? [] : [`heaviest: ${heavy.join(', ')}`];
}

export function stuckText({ subject, reason, since }: StuckSnapshot, { nameOf }: View): string {
  const when = since === null ? '' : ` since ${dayText(since)}`;
  return `stuck${when}: ${nameOf(subject)}: ${printable(reason)}`;
}

export function anomalyColumns({ nameOf }: View): readonly RankedColumn<Anomaly>[] {
  return [
    {
      ...textColumn('SEVERITY', 0, ({ severity }) => severity),
      style: ({ severity }, palette) => palette.severity[severity],
    },
    textColumn('DAY', 1, ({ day }) => dayText(day)),
    nameColumn('OBJECT', 18, ({ subject }) => nameOf(subject)),
    numberColumn('CHANGE', 0, ({ bytes }) => changeText(bytes)),
    {
      ...numberColumn('USUAL', 2, ({ usual }) => changeText(usual)),
      below: ({ usual }) => `usual ${changeText(usual)}`,
    },
    numberColumn('DEVIATIONS', 3, ({ deviations }) => Math.abs(deviations).toFixed(1)),
  ];
}

const ACTIONS: Readonly<Record<RecommendationAction, string>> = {
  reclaim: 'reclaim space of',
  'shrink-request': 'shrink the request of',
  'prune-snapshots': 'prune snapshots of',
  'raise-quota': 'raise the quota of',
  'expand-pool': 'expand',
  rebalance: 'move volumes off',
};

/** What to do, in a few words, and with what. */
export function actionText({ action, subject }: Recommendation, { nameOf }: View): string {
  return `${ACTIONS[action]} ${nameOf(subject)}`;
}

/** What following it is good for; empty where it gains nothing that can be counted. */
export function gainText({ gainBytes, gainDays }: Recommendation): string {
  return [
    ...(gainBytes === null ? [] : [`frees ${sizeText(gainBytes)}`]),
    ...(gainDays === null || gainDays < 1 ? [] : [`wins ${daysText(gainDays)}`]),
  ].join(', ');
}

export function numbersText({ numbers }: Recommendation): string {
  return numbers.map((each) => `${printable(each.label)} ${measureText(each)}`).join(', ');
}

function measureText({ value, unit }: Measure): string {
  switch (unit) {
    case 'bytes':
      return sizeText(value);
    case 'bytes-per-day':
      return `${changeText(value)} a day`;
    case 'days':
      return daysText(value);
    case 'ratio':
      return timesText(value);
    case 'count':
      return countText(value);
  }
}
