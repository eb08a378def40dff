import { type Inventory } from '../core/model/inventory.ts';
import { firstSeenKey, homeIdOf, type RuleOutcome, type Suspect } from '../core/rules/evaluate.ts';

/** The dates without those that are still to come: a clock that was wrong then, or is now, wrote them. */
export function withoutFuture(
  dates: ReadonlyMap<string, Date>,
  now: Date,
): ReadonlyMap<string, Date> {
  return new Map([...dates].filter(([, date]) => date <= now));
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
    judged.push(`${homeIdOf({ inventory }, outcome.member)} ${outcome.rule.id} `);
    for (const { rule, verdict } of outcome.candidates) {
      const key = firstSeenKey({ inventory }, rule, verdict.subject);
      seen.set(key, inventory.firstSeen.get(key) ?? inventory.takenAt);
    }
  }
  for (const [key, date] of inventory.firstSeen) {
    const gone = judged.some((prefix) => key.startsWith(prefix));
    if (!gone) seen.set(key, date);
  }
  return seen;
}
