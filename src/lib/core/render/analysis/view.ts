import { type AnalysisSubject, type StorageAnalysis } from '../../model/analysis.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refInCluster, refOnSystem } from '../../model/surroundings.ts';
import { shortObjectName } from '../text/labels.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import { type Glyphs, type SparkWindow } from '../text/sparkline.ts';

/** An analysis, and how it is to be shown. */
export interface View {
  readonly analysis: StorageAnalysis;
  /** Of the lines; infinite where nothing has to fit. */
  readonly width: number;
  readonly palette: Palette;
  /** How many volumes are listed. */
  readonly top: number;
  readonly glyphs: Glyphs;
  /** The days every line is drawn over, so that they compare. */
  readonly window: SparkWindow;
  /** An object as people know it. */
  readonly nameOf: (subject: AnalysisSubject) => string;
}

export type ViewOptions = Pick<View, 'width' | 'palette' | 'top' | 'glyphs'>;

const DAY = 86_400_000;
/** Below this there is little room for lines. */
const ROOMY = 100;

export function viewOf(analysis: StorageAnalysis, options: ViewOptions): View {
  return {
    analysis,
    ...options,
    window: windowOf(analysis, options.width < ROOMY ? 10 : 16),
    nameOf: namesIn(analysis),
  };
}

function midnight(at: Date): number {
  return Math.floor(at.getTime() / DAY) * DAY;
}

/** From the first day there is anything of, within what was asked for, to the day of the scan. */
function windowOf({ takenAt, history }: StorageAnalysis, width: number): SparkWindow {
  const to = midnight(takenAt);
  const asked = to - (history.askedDays - 1) * DAY;
  const first = history.firstAt === null ? to : midnight(history.firstAt);
  return { from: new Date(Math.min(to, Math.max(asked, first))), to: new Date(to), width };
}

/** Names of objects: a volume goes by its claim, which is what somebody chose. */
function namesIn({ volumes }: StorageAnalysis): View['nameOf'] {
  const claims = new Map(
    volumes.flatMap(({ cluster, volume, namespace, claim }) =>
      namespace === null || claim === null
        ? []
        : [[JSON.stringify([cluster, volume]), `pvc/${printable(`${namespace}/${claim}`)}`]],
    ),
  );
  return (subject) =>
    (subject.type === 'PersistentVolume'
      ? claims.get(JSON.stringify([subject.cluster, subject.name]))
      : undefined) ?? shortObjectName(refOf(subject));
}

function refOf({ type, name, namespace, cluster, system }: AnalysisSubject): ResourceRef {
  return cluster === null
    ? refOnSystem(type, system ?? '', name)
    : refInCluster(type, { cluster, name, namespace });
}
