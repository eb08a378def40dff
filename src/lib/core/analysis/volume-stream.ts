import { type VolumeAnalysis, type VolumeSnapshots } from '../model/analysis.ts';
import { type DailyValue } from '../model/trend.ts';
import { type SpacePoint, type VolumeSeries } from '../model/history.ts';
import { type Bytes } from '../model/units.ts';
import { anomaliesIn } from './anomalies.ts';
import { type AnomalyList } from './anomaly-list.ts';
import { volumeSubject } from './analysis-subject.ts';
import { Foremost } from './foremost.ts';
import { NOTHING } from './measured.ts';
import { type PastKeys, volumeKey } from './past-space.ts';
import { type AnalysisTime } from './pool-analysis.ts';
import { type SnapshotsByDataset } from './snapshot-counts.ts';
import { QUICK, type Statistics, THOROUGH } from './statistics.ts';
import { analyzeVolume, daysOf, type VolumeDays } from './volume-analysis.ts';
import { byChange, byGrowth, bySize, byTimeLeft } from './volume-order.ts';
import { type SnapshotView, snapshotsOfVolume } from './volume-snapshots.ts';
import { type VolumeSpace } from './volume-space.ts';

/** Of the volumes that grow most, and of the largest, the days are kept. */
const DAYS_KEPT = 50;

/** Up to so many volumes each is looked at thoroughly. */
const ALL_THOROUGHLY = 500;
/** Of more, those that change most, and those that fill first. */
const MOST_THOROUGHLY = 200;

/** Smaller promises are not worth a copy. */
const LARGE = 10 * 2 ** 30;
export const MOSTLY_EMPTY = 0.2;

/** A volume that was promised far more than it uses. */
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
  /** Only these can tell that they are full: blocks of a zvol stay written. */
  readonly isFileSystem: (volume: VolumeAnalysis) => boolean;
}

export interface VolumeContext {
  readonly time: AnalysisTime;
  readonly keys: PastKeys;
  readonly view: SnapshotView;
  readonly snapshots: SnapshotsByDataset;
  readonly anomalies: AnomalyList;
}

/** A volume, with all that is needed to look at it again. */
interface Looked {
  readonly analysis: VolumeAnalysis;
  readonly own: VolumeDays;
}

function analyze(
  own: VolumeDays,
  details: VolumeSnapshots,
  { at, thresholds }: AnalysisTime,
  statistics: Statistics,
): { readonly analysis: VolumeAnalysis; readonly roomy: RoomyVolume | undefined } {
  const { volume, days } = own;
  const analysis = analyzeVolume(own, details, { at, thresholds, since: at }, statistics);
  const { provisioned, used } = analysis;
  const isRoomy = provisioned >= LARGE && used < provisioned * MOSTLY_EMPTY;
  const upper = isRoomy ? statistics.highest(days, at) : undefined;
  const reserved = volume.dataset.usedByRefreservation?.bytes ?? NOTHING;
  return {
    analysis,
    roomy: upper === undefined ? undefined : { volume: analysis, upper, reserved },
  };
}

class Stream {
  readonly #context: VolumeContext;
  readonly #statistics: Statistics;
  readonly #foremost: readonly Foremost<Looked>[];
  readonly #kept: readonly Foremost<Looked>[];
  readonly #volumes = new Map<VolumeSpace, VolumeAnalysis>();
  readonly #roomy = new Map<VolumeSpace, RoomyVolume>();

  constructor(context: VolumeContext, count: number) {
    this.#context = context;
    this.#statistics = count <= ALL_THOROUGHLY ? THOROUGH : QUICK;
    const first = (most: number, order: typeof bySize): Foremost<Looked> =>
      new Foremost(most, (one, other) => order(one.analysis, other.analysis));
    this.#foremost =
      count <= ALL_THOROUGHLY
        ? []
        : [first(MOST_THOROUGHLY, byChange), first(MOST_THOROUGHLY, byTimeLeft)];
    this.#kept = [first(DAYS_KEPT, byGrowth), first(DAYS_KEPT, bySize)];
  }

  take(volume: VolumeSpace, past: readonly SpacePoint[]): void {
    const { time, view, snapshots, anomalies } = this.#context;
    const { dataset, space } = volume;
    const own = daysOf(volume, past, time);
    const listed = snapshots.of(dataset.system, dataset.id);
    const details = snapshotsOfVolume(listed, space.snapshots, own.snapshotGrowth, view);
    const analysis = this.#look(own, details, this.#statistics);
    anomalies.add(volumeSubject(analysis), anomaliesIn(own.days));
    for (const foremost of [...this.#foremost, ...this.#kept]) foremost.add({ analysis, own });
  }

  #look(own: VolumeDays, details: VolumeSnapshots, statistics: Statistics): VolumeAnalysis {
    const { analysis, roomy } = analyze(own, details, this.#context.time, statistics);
    this.#volumes.set(own.volume, analysis);
    if (roomy === undefined) this.#roomy.delete(own.volume);
    else this.#roomy.set(own.volume, roomy);
    return analysis;
  }

  /** Looks once more, and thoroughly, at those that turned out to matter. */
  finish(): Pick<AnalyzedVolumes, 'volumes' | 'roomy'> {
    const again = new Set(this.#foremost.flatMap((each) => each.items()));
    for (const { own, analysis } of again) this.#look(own, analysis.snapshotDetails, THOROUGH);
    const days = new Map<VolumeSpace, readonly DailyValue[]>(
      this.#kept.flatMap((each) => each.items()).map(({ own }) => [own.volume, own.days]),
    );
    const volumes = [...this.#volumes].map(([volume, analysis]) => {
      const history = days.get(volume);
      return history === undefined ? analysis : { ...analysis, history };
    });
    return { volumes: volumes.toSorted(byGrowth), roomy: [...this.#roomy.values()] };
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
  const stream = new Stream(context, volumes.length);
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
    ...stream.finish(),
    isFileSystem: ({ system, dataset }) => fileSystems.has(`${system} ${dataset}`),
  };
}
