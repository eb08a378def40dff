import { type Inventory } from '../core/model/inventory.ts';
import { type Policy } from '../core/model/policy.ts';
import { elapsed, millis } from '../core/model/units.ts';
import { firstSeenKey, homeIdOf, type RuleOutcome, type Suspect } from '../core/rules/evaluate.ts';
import { isWatched, WATCHED_RULES } from '../core/rules/watched.ts';

/** The dates without those that are still to come: a clock that was wrong then, or is now, wrote them. */
export function withoutFuture(
  dates: ReadonlyMap<string, Date>,
  now: Date,
): ReadonlyMap<string, Date> {
  return new Map([...dates].filter(([, date]) => date <= now));
}

/** Before when a rule last ran for a home, in the key of that date. No key of a subject begins with it: no home is called so. */
const LAST_RUN = '\u0000ran ';

/** Keeps beside the suspects when a rule that has to have watched them last ran. */
export function isLastRun(key: string): boolean {
  return key.startsWith(LAST_RUN);
}

/**
 * Without the dates of what was not watched all the while: two looks at both ends of a quarantine say nothing of the time between.
 * A rule that has not run for a home for longer than a third of a quarantine begins anew there.
 */
export function withoutGaps(
  dates: ReadonlyMap<string, Date>,
  now: Date,
  { quarantineFor }: Pick<Policy, 'quarantineFor'>,
): ReadonlyMap<string, Date> {
  const longest = millis(quarantineFor / 3);
  const kept = [...dates].flatMap(([key, date]) =>
    isLastRun(key) && elapsed(date, now) <= longest ? key.slice(LAST_RUN.length) : [],
  );
  const isBroken = (key: string): boolean =>
    WATCHED_RULES.some((rule) => key.includes(` ${rule} `)) &&
    !kept.some((prefix) => key.startsWith(prefix));
  return new Map([...dates].filter(([key]) => isLastRun(key) || !isBroken(key)));
}

/**
 * Since when each rule that remembers has suspected its subjects. A subject that is no suspect any more loses its date, because
 * its name and id may come back as another object's; but only where the rule that would have seen it ran.
 */
export function rememberFirstSeen(
  inventory: Inventory,
  outcomes: readonly RuleOutcome<Suspect>[],
): ReadonlyMap<string, Date> {
  const seen = new Map<string, Date>();
  const judged: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.state !== 'ran' || outcome.rule.remembers !== true) continue;
    const prefix = `${homeIdOf({ inventory }, outcome.member)} ${outcome.rule.id} `;
    judged.push(prefix);
    if (isWatched(outcome.rule)) seen.set(`${LAST_RUN}${prefix}`, inventory.takenAt);
    for (const { rule, verdict } of outcome.candidates) {
      const key = firstSeenKey({ inventory }, rule, verdict.subject);
      seen.set(key, inventory.firstSeen.get(key) ?? inventory.takenAt);
    }
  }
  for (const [key, date] of inventory.firstSeen) {
    const gone = judged.some((prefix) => key.startsWith(prefix));
    if (!gone && !seen.has(key)) seen.set(key, date);
  }
  return seen;
}
