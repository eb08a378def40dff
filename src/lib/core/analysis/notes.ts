import {
  type HistoryFacts,
  type PoolAnalysis,
  type SnapshotsAnalysis,
  type VolumeAnalysis,
} from '../model/analysis.ts';
import { type Growth } from '../model/trend.ts';
import { type SourceStatus } from '../model/report.ts';
import { counted, firstFew } from '../render/text/format.ts';
import { be } from '../rules/checks/wording.ts';
import { FORECAST_DAYS, GROWTH_DAYS } from './enough.ts';
import { type PoolSpace } from './pool-space.ts';
import { unreadAmong } from './unread.ts';

/** What notes are made from. */
export interface NoteParts {
  readonly sources: readonly SourceStatus[];
  readonly history: HistoryFacts;
  readonly namelessClusters: readonly string[];
  readonly namelessSystems: readonly string[];
  readonly silentPools: readonly PoolSpace[];
  /** Those of which only the disks tell a size. */
  readonly rawPools: readonly string[];
  readonly pools: readonly PoolAnalysis[];
  readonly volumes: readonly VolumeAnalysis[];
  readonly unmeasured: number;
  readonly snapshots: SnapshotsAnalysis;
  /** Some of the volumes are not shown. */
  readonly inPart: boolean;
  readonly omittedAnomalies: number;
  readonly omittedAdvice: number;
}

/** Lists without which something is not said. */
const SOURCES: ReadonlySet<string> = new Set([
  'pools',
  'datasets',
  'persistentVolumes',
  'zfsSnapshots',
  'volumeSnapshots',
  'volumeSnapshotContents',
  'snapshotTasks',
]);

const NAMED = 5;

function unread({ sources }: NoteParts): readonly string[] {
  const names = unreadAmong(sources, SOURCES);
  if (names.length === 0) return [];
  return [
    `not read whole: ${firstFew(names, NAMED)}; what rests on that is left out, or told of what was seen`,
  ];
}

function unsized({ silentPools, rawPools, unmeasured }: NoteParts): string[] {
  const pools = silentPools.map(({ pool: { name, status } }) => `${name} (${status})`);
  return [
    ...(pools.length === 0
      ? []
      : [
          `what is used is not told by ${counted(pools.length, 'pool')}: ${firstFew(pools, NAMED)}`,
        ]),
    ...(rawPools.length === 0
      ? []
      : [
          `the size of ${rawPools.length === 1 ? 'pool' : 'pools'} ${firstFew(rawPools, NAMED)} is that of raw disks, parity included: ${rawPools.length === 1 ? 'its root dataset does' : 'their root datasets do'} not tell`,
        ]),
    ...(unmeasured === 0
      ? []
      : [
          `ZFS does not tell what ${counted(unmeasured, 'volume')} ${unmeasured === 1 ? 'takes' : 'take'}`,
        ]),
  ];
}

/** Which of days and span is too short, and by how much. */
function shortage(growth: Extract<Growth, { state: 'not-enough-data' }>): string {
  const { days, neededDays, spanDays, neededSpanDays } = growth;
  return days < neededDays
    ? `${String(days)} of ${counted(neededDays, 'day')}`
    : `${counted(days, 'day')} over ${String(spanDays)} of ${counted(neededSpanDays, 'day')}`;
}

function tooYoung({ pools, volumes }: NoteParts): string[] {
  const short = pools.flatMap(({ name, forecast }) =>
    forecast.state === 'not-enough-data' ? [`pool ${name} has ${shortage(forecast)}`] : [],
  );
  const young = volumes.filter(({ growth }) => growth.state === 'not-enough-data').length;
  return [
    ...(short.length === 0 ? [] : [`no forecast yet: ${firstFew(short, NAMED)}`]),
    ...(young === 0
      ? []
      : [
          `${String(young)} of ${counted(volumes.length, 'volume')} ${be(young)} not known for long enough to tell growth, which takes ${counted(GROWTH_DAYS, 'day')}`,
        ]),
  ];
}

/** Whoever does not say who it is cannot be told from another of its name: nothing is kept of any scan with it. */
function unkept({ namelessClusters, namelessSystems }: NoteParts): string[] {
  return [
    ...(namelessClusters.length === 0
      ? []
      : [
          `no history can be kept: ${subjectOf(namelessClusters, 'cluster')} who ${namelessClusters.length === 1 ? 'it is' : 'they are'}, which takes the right to \`get\` the namespace kube-system (docs/kubernetes-access.md)`,
        ]),
    ...(namelessSystems.length === 0
      ? []
      : [
          `no history can be kept: ${subjectOf(namelessSystems, 'system')} ${namelessSystems.length === 1 ? 'its host id, by which it' : 'their host ids, by which they'} would be known again`,
        ]),
  ];
}

function subjectOf(names: readonly string[], noun: string): string {
  const verb = names.length === 1 ? 'does' : 'do';
  return `${noun}${names.length === 1 ? '' : 's'} ${firstFew(names, NAMED)} ${verb} not say`;
}

function pastOf(parts: NoteParts): string[] {
  const without = unkept(parts);
  if (parts.history.days > 0) return [...without, ...tooYoung(parts)];
  if (without.length > 0) return without;
  return [
    `no history yet: growth needs ${counted(GROWTH_DAYS, 'day')} with a scan, a forecast ${String(FORECAST_DAYS)}; each complete and unfiltered scan adds to it`,
  ];
}

function ofSnapshots({ snapshots }: NoteParts): string[] {
  const { count, undated, retentionSeconds } = snapshots;
  if (count === null || count === 0) return [];
  return [
    ...(undated === null || undated === 0
      ? []
      : [
          `${String(undated)} of ${counted(count, 'snapshot')} ${be(undated)} not dated: no VolumeSnapshot and no naming schema of a snapshot task tells when ${undated === 1 ? 'it was' : 'they were'} taken`,
        ]),
    'dates in the names of snapshots are read as UTC: the time zone of the NAS is not told',
    ...(retentionSeconds === null
      ? ['`monitor.snapshot_retention` is not set: no snapshot is said to be kept for too long']
      : []),
  ];
}

function leftOut({ inPart, omittedAnomalies, omittedAdvice }: NoteParts): string[] {
  return [
    ...(inPart
      ? ['pools and classes are told as a whole, with the volumes that are not shown']
      : []),
    ...(omittedAnomalies === 0
      ? []
      : [`${counted(omittedAnomalies, 'older anomaly', 'older anomalies')} left out`]),
    ...(omittedAdvice === 0
      ? []
      : [`${counted(omittedAdvice, 'recommendation')} of smaller gain left out`]),
  ];
}

/** What cannot be said, and why: one line each. */
export function notesOn(parts: NoteParts): readonly string[] {
  return [
    ...unread(parts),
    ...unsized(parts),
    ...pastOf(parts),
    ...ofSnapshots(parts),
    ...leftOut(parts),
  ];
}
