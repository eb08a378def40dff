import { type Recommendation } from '../../model/analysis.ts';
import { formatQuantity } from '../../model/quantity.ts';
import { formatBytes } from '../../render/text/format.ts';
import { percent } from '../../rules/checks/wording.ts';
import { volumeSubject } from '../analysis-subject.ts';
import { LOOK_AHEAD_DAYS } from '../statistics.ts';
import { MOSTLY_EMPTY, type RoomyVolume } from '../volume-stream.ts';
import { asBytes, daysWonBy, measured, poolOf, type Situation, wholeGib } from './situation.ts';

/** How much more than the most it will take a claim should have. */
const MARGIN = 1.5;

/** A copy for less than this is work for nothing, unless its pool cannot keep what it promised. */
const WORTH_A_COPY = 10 * 2 ** 30;

function suggestedFor({ upper }: RoomyVolume): number {
  return wholeGib(upper * MARGIN);
}

function spared(roomy: RoomyVolume): number {
  return roomy.volume.provisioned - suggestedFor(roomy);
}

function isWorthIt(roomy: RoomyVolume, { allPools }: Situation): boolean {
  const overcommit = poolOf(roomy.volume, allPools)?.overcommit ?? 0;
  return spared(roomy) >= (overcommit > 1 ? 1 : WORTH_A_COPY);
}

/** What is there never reads as none. */
function partText(part: number): string {
  if (part === 0) return 'none';
  return part < 0.01 ? 'less than 1 %' : percent(part);
}

function adviceFor(roomy: RoomyVolume, { allPools }: Situation): Recommendation {
  const { volume, upper, reserved } = roomy;
  const suggested = wholeGib(suggestedFor(roomy));
  // A thin volume holds nothing that it does not use: only the promise becomes smaller.
  const freed = asBytes(Math.min(reserved, spared(roomy)));
  return {
    action: 'shrink-request',
    subject: volumeSubject(volume),
    message: `${formatBytes(volume.provisioned)} were promised, and ${partText(volume.used / volume.provisioned)} of it is used: ${formatBytes(suggested)} would do`,
    gainBytes: freed === 0 ? null : freed,
    gainDays: freed === 0 ? null : daysWonBy(freed, poolOf(volume, allPools)),
    numbers: [
      measured('promised', volume.provisioned, 'bytes'),
      measured('used', volume.used, 'bytes'),
      measured(`used in ${String(LOOK_AHEAD_DAYS)} days at most`, asBytes(upper), 'bytes'),
      measured('enough', suggested, 'bytes'),
      measured('promised less', asBytes(spared(roomy)), 'bytes'),
    ],
    steps: [
      `Make a new claim of ${formatQuantity(suggested)} and copy the data into it: no claim can be made smaller.`,
      'Let the workload use the new claim, and delete the old one once it does.',
    ],
  };
}

/** Volumes that were promised far more than they will take, even if they grow as fast as may be. */
export function* shrinkRequest(situation: Situation): Iterable<Recommendation> {
  const sure = situation.roomy.filter(
    (roomy) => roomy.upper < roomy.volume.provisioned * MOSTLY_EMPTY && isWorthIt(roomy, situation),
  );
  for (const roomy of sure.toSorted((one, other) => spared(other) - spared(one))) {
    yield adviceFor(roomy, situation);
  }
}
