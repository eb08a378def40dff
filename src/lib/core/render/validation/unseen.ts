import { type CheckOutcome, type ValidationSummary } from '../../model/validation.ts';
import { gapText, groupGaps, unreadableTexts, type GapGroup } from '../table/gaps.ts';
import { counted, firstFew, joined } from '../text/format.ts';
import { printable } from '../text/safe.ts';
import { placedObject, placeOf } from './labels.ts';

/** One reason why something could not be judged. */
export interface Unseen {
  /** Where, and why; printable. */
  readonly reason: string;
  /** Ids of the checks that are silent for it; none where no check rests on it. */
  readonly checks: readonly string[];
}

/** Of objects and checks, how many are named where there is no room for all. */
const NAMED = 6;

/** What could not be judged, by reason, and then what could not be read though no check was skipped for it. */
export function unseenOf(summary: ValidationSummary, all: boolean): readonly Unseen[] {
  const skipped = summary.results.filter(
    ({ status, notApplicable }) => status === 'SKIPPED' && !notApplicable,
  );
  const groups = Map.groupBy(skipped, ({ message, subject }) =>
    JSON.stringify([message, subject === null]),
  );
  const told = new Set(skipped.flatMap(({ message }) => message.split('; ')));
  const isTold = ({ reason }: GapGroup): boolean =>
    told.has(reason) || [...told].some((message) => message.includes(reason));
  return [
    ...Array.from(groups.values(), (outcomes) => unseenBecause(outcomes, summary, all)),
    ...groupGaps(summary.sources)
      .filter((group) => !isTold(group))
      .map((group) => ({
        reason: [gapText(group, summary), ...unreadableTexts(group)].join('; '),
        checks: [],
      })),
  ];
}

function unseenBecause(
  outcomes: readonly CheckOutcome[],
  { clusters, systems }: ValidationSummary,
  all: boolean,
): Unseen {
  const plural = clusters.length > 1 || systems.length > 1;
  const places = new Set(
    outcomes.map((outcome) =>
      outcome.subject === null ? placeOf(outcome) : placedObject(outcome.subject, plural),
    ),
  );
  const names = [...places];
  const place = all ? joined(names) : firstFew(names, NAMED);
  const message = printable(outcomes[0]?.message ?? '');
  // Reasons name the home themselves, for those who read them alone.
  const isSaid = names.length === 1 && message.startsWith(place);
  return {
    reason: isSaid || place === '' ? message : `${place}: ${message}`,
    checks: [...new Set(outcomes.map(({ check }) => check))],
  };
}

/** The checks that are silent for a reason. */
export function silentText({ checks }: Unseen, all: boolean): string {
  return `not judged: ${printable(all ? joined(checks) : firstFew(checks, NAMED))}`;
}

/** Checks that have nothing to look at here, and miss nothing. */
export function notApplicableText({ results }: ValidationSummary, all: boolean): string | null {
  const checks = new Set(
    results.filter(({ notApplicable }) => notApplicable).map(({ check }) => check),
  );
  if (checks.size === 0) return null;
  const names = printable(all ? joined([...checks]) : firstFew([...checks], NAMED));
  return `${counted(checks.size, 'check')} not applicable here: ${names}.`;
}
