import { type DailyValue, type VolumeAnalysis } from '../model/analysis.ts';
import { type SpacePoint, type VolumeSeries } from '../model/history.ts';
import { type Bytes } from '../model/units.ts';
import { type AnomalyList } from './anomaly-list.ts';
import { volumeSubject } from './analysis-subject.ts';
import { Foremost } from './foremost.ts';
import { NOTHING } from './measured.ts';
import { type PastKeys, volumeKey } from './past-space.ts';
import { type AnalysisTime } from './pool-analysis.ts';
import { highestAhead, isMostlyEmpty } from './upper-forecast.ts';
import { analyzeVolume, type AnalyzedVolume } from './volume-analysis.ts';
import { type SnapshotView, snapshotsOfVolume } from './volume-snapshots.ts';
import { type VolumeSpace } from './volume-space.ts';
import { type SnapshotsByDataset } from './snapshot-counts.ts';

/** Of the volumes that grow most, and of the largest, the days are kept. */
const DAYS_KEPT = 50;

/** A volume that was promised far more than it will take. */
export interface RoomyVolume {
  readonly volume: VolumeAnalysis;
  /** What it takes at most within the time that is looked ahead, by the forecast. */
  readonly upper: number;
  /** What ZFS keeps free for it. */
  readonly reserved: Bytes;
}

export interface AnalyzedVolumes {
  /** Largest growth first, then largest. */
  readonly volumes: readonly VolumeAnalysis[];
  readonly roomy: readonly RoomyVolume[];
  /** Names of the datasets that are file systems, by system: only these can tell that they are full. */
  readonly isFileSystem: (volume: VolumeAnalysis) => boolean;
}

export interface VolumeContext {
  readonly time: AnalysisTime;
  readonly keys: PastKeys;
  readonly view: SnapshotView;
  readonly snapshots: SnapshotsByDataset;
  readonly anomalies: AnomalyList;
}

function growthRank({ growth }: VolumeAnalysis): number {
  return growth.state === 'known' ? growth.bytesPerDay : 0;
}

function nameOf({ cluster, volume }: VolumeAnalysis): string {
  return `${cluster} ${volume}`;
}

export function byGrowth(one: VolumeAnalysis, other: VolumeAnalysis): number {
  return (
    growthRank(other) - growthRank(one) ||
    other.used - one.used ||
    (nameOf(one) < nameOf(other) ? -1 : 1)
  );
}

class Stream {
  readonly #context: VolumeContext;
  readonly #fastest = new Foremost<AnalyzedVolume>(DAYS_KEPT, (one, other) =>
    byGrowth(one.analysis, other.analysis),
  );
  readonly #largest = new Foremost<AnalyzedVolume>(
    DAYS_KEPT,
    ({ analysis: one }, { analysis: other }) =>
      other.used - one.used || (nameOf(one) < nameOf(other) ? -1 : 1),
  );
  readonly #volumes: VolumeAnalysis[] = [];
  readonly #roomy: RoomyVolume[] = [];

  constructor(context: VolumeContext) {
    this.#context = context;
  }

  take(volume: VolumeSpace, past: readonly SpacePoint[]): void {
    const { time, view, snapshots, anomalies } = this.#context;
    const { dataset, space } = volume;
    const own = snapshots.of(dataset.system, dataset.id);
    const analyzed = analyzeVolume(
      volume,
      past,
      (bytesPerDay) => snapshotsOfVolume(own, space.snapshots, bytesPerDay, view),
      time,
    );
    const { analysis, days } = analyzed;
    this.#volumes.push(analysis);
    this.#fastest.add(analyzed);
    this.#largest.add(analyzed);
    anomalies.add(volumeSubject(analysis), analyzed.anomalies);
    if (!isMostlyEmpty(analysis)) return;
    const upper = highestAhead(days, time.at);
    if (upper === undefined) return;
    const reserved = dataset.usedByRefreservation?.bytes ?? NOTHING;
    this.#roomy.push({ volume: analysis, upper, reserved });
  }

  volumes(): readonly VolumeAnalysis[] {
    const kept = new Map<VolumeAnalysis, readonly DailyValue[]>(
      [...this.#fastest.items(), ...this.#largest.items()].map(({ analysis, days }) => [
        analysis,
        days,
      ]),
    );
    return this.#volumes.toSorted(byGrowth).map((volume) => {
      const history = kept.get(volume);
      return history === undefined ? volume : { ...volume, history };
    });
  }

  get roomy(): readonly RoomyVolume[] {
    return this.#roomy;
  }
}

/** Goes through the past of one volume after the other, and keeps of it what is said. */
export function analyzeVolumes(
  volumes: readonly VolumeSpace[],
  past: Iterable<VolumeSeries>,
  context: VolumeContext,
): AnalyzedVolumes {
  const waiting = new Map(
    volumes.map((volume) => {
      const { dataset } = volume;
      return [context.keys.ofVolume(dataset.system, dataset), volume];
    }),
  );
  const stream = new Stream(context);
  for (const series of past) {
    const key = volumeKey(series);
    const volume = waiting.get(key);
    if (volume === undefined) continue;
    waiting.delete(key);
    stream.take(volume, series.points);
  }
  for (const volume of waiting.values()) stream.take(volume, []);
  const fileSystems = new Set(
    volumes
      .filter(({ dataset }) => dataset.kind === 'filesystem')
      .map(({ dataset }) => `${dataset.system} ${dataset.id}`),
  );
  return {
    volumes: stream.volumes(),
    roomy: stream.roomy,
    isFileSystem: ({ system, dataset }) => fileSystems.has(`${system} ${dataset}`),
  };
}
