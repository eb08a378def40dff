import { type Inventory } from '../core/model/inventory.ts';
import { type ResourceType } from '../core/model/resource-ref.ts';
import { firstSeenKey, homeId, type RuleOutcome } from '../core/rules/evaluate.ts';

/** TrueNAS does not say when it made these. */
const UNDATED: readonly ResourceType[] = ['NfsShare', 'SmbShare', 'IscsiTarget', 'IscsiExtent'];

/** The dates without those that are still to come: a clock that was wrong then, or is now, wrote them. */
export function withoutFuture(
  dates: ReadonlyMap<string, Date>,
  now: Date,
): ReadonlyMap<string, Date> {
  return new Map([...dates].filter(([, date]) => date <= now));
}

/**
 * Since when each suspect object without a creation time has been there. An object that is no suspect any more
 * loses its date, because its name and id may come back as another object's; but only where the rule
 * that would have seen it ran.
 */
export function rememberFirstSeen(
  inventory: Inventory,
  outcomes: readonly RuleOutcome[],
): ReadonlyMap<string, Date> {
  const seen = new Map<string, Date>();
  const judged = new Set<string>();
  for (const outcome of outcomes) {
    if (outcome.state !== 'ran' || outcome.member.scope !== 'system') continue;
    const types = outcome.rule.subjects.filter((type) => UNDATED.includes(type));
    const home = homeId(
      { inventory },
      {
        location: 'truenas',
        system: outcome.member.name,
        type: 'NfsShare',
        name: '',
        namespace: null,
        discriminator: null,
      },
    );
    for (const type of types) judged.add(`${home} ${type}/`);
    for (const { verdict } of types.length === 0 ? [] : outcome.candidates) {
      const key = firstSeenKey({ inventory }, verdict.subject);
      seen.set(key, inventory.firstSeen.get(key) ?? inventory.takenAt);
    }
  }
  for (const [key, date] of inventory.firstSeen) {
    const gone = [...judged].some((prefix) => key.startsWith(prefix));
    if (!gone) seen.set(key, date);
  }
  return seen;
}
