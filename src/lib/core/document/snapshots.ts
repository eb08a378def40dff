import { type SnapshotsAnalysis, type VolumeAnalysis } from '../model/analysis.ts';
import { type Block } from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { millis } from '../model/units.ts';
import { counted, formatSpan, groupDigits } from '../render/text/format.ts';
import {
  cell,
  column,
  countCell,
  dayCell,
  figure,
  figures,
  names,
  NOTHING,
  numbers,
  paragraph,
  sizeCell,
  sorted,
  table,
} from './blocks.ts';
import { eventsOf, sizeChart } from './charts.ts';
import { subjectHome, subjectName, volumeName } from './names.ts';
import { dayText, growthSentence, growthText, signedText, sizeText } from './words.ts';

const ROWS = 50;

export function snapshotsBlocks({ analysis }: FullReport): readonly Block[] {
  const { snapshots, volumes } = analysis;
  return [
    figures(
      figure(
        'Snapshots',
        numberText(snapshots.count),
        snapshots.mapped === null
          ? 'not all were listed'
          : `${groupDigits(snapshots.mapped)} behind a VolumeSnapshot`,
      ),
      figure(
        'Held by them alone',
        sizeText(snapshots.bytes),
        'on the pools, of volumes and others',
      ),
      retention(snapshots),
    ),
    ...undated(snapshots.undated ?? 0),
    paragraph(growthSentence(snapshots.growth)),
    ...overTime(snapshots),
    ...byVolume(volumes),
    ...table(
      'snapshots-stuck',
      'Neither usable nor gone',
      snapshots.stuck,
      [
        names('snapshot', ({ subject }) => subjectName(subject)),
        column('where', ({ subject }) => cell(subjectHome(subject))),
        column('since', ({ since }) => (since === null ? NOTHING : dayCell(since))),
        column('why', ({ reason }) => cell(reason)),
      ],
      ROWS,
    ),
  ];
}

function undated(count: number): readonly Block[] {
  if (count === 0) return [];
  const without = counted(count, 'snapshot');
  return [paragraph(`${without} without a known creation time, of which no age can be told.`)];
}

function numberText(count: number | null): string {
  return count === null ? 'unknown' : groupDigits(count);
}

function retention({
  retentionSeconds,
  beyondRetention,
}: SnapshotsAnalysis): ReturnType<typeof figure> {
  if (retentionSeconds === null) {
    return figure('Beyond retention', 'not judged', 'monitor.snapshot_retention is not set');
  }
  if (beyondRetention === null) {
    return figure('Beyond retention', 'unknown', 'not all snapshots were listed');
  }
  return figure(
    'Beyond retention',
    groupDigits(beyondRetention),
    `older than ${formatSpan(millis(retentionSeconds * 1000))}`,
    beyondRetention === 0 ? 'good' : 'warning',
  );
}

function overTime({ history, growth }: SnapshotsAnalysis): readonly Block[] {
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined || history.length < 2) return [];
  const title = 'Space held by snapshots, of all pools together';
  return [
    {
      kind: 'chart',
      chart: sizeChart({
        id: 'snapshots-over-time',
        title,
        description: `${title}: from ${sizeText(first.value)} on ${dayText(first.day)} to ${sizeText(last.value)} on ${dayText(last.day)}; growth: ${growthText(growth)}.`,
        observed: 'held by snapshots',
        history,
        ahead: [],
        limits: [],
        events: eventsOf(growth, []),
        low: false,
      }),
    },
  ];
}

function byVolume(volumes: readonly VolumeAnalysis[]): readonly Block[] {
  const heaviest = volumes
    .filter(({ snapshotDetails: { count, bytes } }) => bytes > 0 || (count ?? 0) > 0)
    .toSorted((a, b) => b.snapshotDetails.bytes - a.snapshotDetails.bytes);
  return table(
    'snapshots',
    'Volumes with the heaviest snapshots',
    heaviest,
    [
      names('volume', volumeName),
      numbers('snapshots', ({ snapshotDetails }) => countCell(snapshotDetails.count)),
      numbers('of Kubernetes', ({ snapshotDetails }) => countCell(snapshotDetails.mapped)),
      numbers('space', ({ snapshotDetails }) => sizeCell(snapshotDetails.bytes)),
      numbers('growth a day', ({ snapshotDetails: { bytesPerDay } }) =>
        bytesPerDay === null
          ? cell('not enough data')
          : sorted(signedText(bytesPerDay), bytesPerDay),
      ),
      column('oldest', ({ snapshotDetails }) => dayCell(snapshotDetails.oldest)),
      column('newest', ({ snapshotDetails }) => dayCell(snapshotDetails.newest)),
      numbers('beyond retention', ({ snapshotDetails: { beyondRetention } }) =>
        beyondRetention === null ? NOTHING : countCell(beyondRetention),
      ),
    ],
    ROWS,
  );
}
