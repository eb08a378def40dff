import { type Measure, type Recommendation, type VolumeAnalysis } from '../../model/analysis.ts';
import { counted, formatBytes, formatSpan } from '../../render/text/format.ts';
import { percent } from '../../rules/checks/wording.ts';
import { volumeSubject } from '../analysis-subject.ts';
import { asBytes, daysWonBy, ifKnown, measured, poolOf, type Situation } from './situation.ts';

/** Part of a volume that its snapshots may hold. */
const HEAVY = 0.3;
/** Less is not worth anybody's time. */
const WORTH_IT = 256 * 2 ** 20;

interface Excess {
  readonly bytes: number;
  readonly message: string;
}

/** What is held by those that are kept for too long: as if every snapshot held the same, since what each alone holds is not told. */
function beyondRetention(volume: VolumeAnalysis, { thresholds }: Situation): Excess | undefined {
  const { count, beyondRetention: beyond, bytes } = volume.snapshotDetails;
  const { snapshotRetention } = thresholds;
  if (count === null || count === 0 || beyond === null || beyond === 0) return undefined;
  if (snapshotRetention === null) return undefined;
  const held = (bytes * beyond) / count;
  return {
    bytes: held,
    message: `${String(beyond)} of ${counted(count, 'snapshot')} ${beyond === 1 ? 'is' : 'are'} kept for longer than ${formatSpan(snapshotRetention)}, and may hold ${formatBytes(asBytes(held))}`,
  };
}

function tooHeavy({ snapshots, used }: VolumeAnalysis): Excess | undefined {
  const held = snapshots - (used + snapshots) * HEAVY;
  if (held <= 0) return undefined;
  return {
    bytes: held,
    message: `snapshots hold ${formatBytes(snapshots)}, ${percent(snapshots / (used + snapshots))} of what the volume takes`,
  };
}

function numbersOf({ snapshotDetails, used, snapshots }: VolumeAnalysis): readonly Measure[] {
  return [
    measured('held by snapshots', snapshots, 'bytes'),
    measured('used without them', used, 'bytes'),
    ...ifKnown('snapshots', snapshotDetails.count, 'count'),
    ...ifKnown('kept for too long', snapshotDetails.beyondRetention, 'count'),
    ...ifKnown('growth of snapshots', snapshotDetails.bytesPerDay, 'bytes-per-day'),
  ];
}

/** Volumes whose snapshots are kept for too long, or hold too much. */
export function* pruneSnapshots(situation: Situation): Iterable<Recommendation> {
  for (const volume of situation.volumes) {
    const excess = beyondRetention(volume, situation) ?? tooHeavy(volume);
    if (excess === undefined || excess.bytes < WORTH_IT) continue;
    const gain = asBytes(excess.bytes);
    yield {
      action: 'prune-snapshots',
      subject: volumeSubject(volume),
      message: excess.message,
      gainBytes: gain,
      gainDays: daysWonBy(gain, poolOf(volume, situation.allPools)),
      numbers: [...numbersOf(volume), measured('freed, by estimate', gain, 'bytes')],
      steps: [
        'Ask who needs them, and delete the oldest VolumeSnapshots of this claim first: what a snapshot alone holds shows only once it is gone.',
        'Shorten the lifetime of the snapshot task on TrueNAS, or have whatever makes VolumeSnapshots delete them.',
      ],
    };
  }
}
