import {
  type AccessQuestion,
  type AccessReview,
  type Unavailable,
} from '../../ports/authentication.ts';
import { SEES_ALL, seesNamespace } from './kubernetes-rights.ts';

/** What somebody may see. */
export type Visibility =
  | { readonly state: 'all' }
  | { readonly state: 'some'; readonly namespaces: ReadonlySet<string> }
  | Unavailable;

/** Asks whether somebody may do something. */
export type Ask = (question: AccessQuestion) => Promise<AccessReview>;

/** Questions about namespaces that are asked at the same time, and in all. */
const AT_ONCE = 16;
export const MOST_NAMESPACES = 1_000;

/**
 * What somebody may see by what they may list. Namespaces are asked for one by one, those alone in which there is anything to be seen.
 *
 * @param known in which there is anything; null where nobody knows yet
 */
export async function visibilityOf(
  ask: Ask,
  known: ReadonlySet<string> | null,
): Promise<Visibility> {
  const all = await ask(SEES_ALL);
  if (all.state === 'unavailable') return all;
  if (all.state === 'allowed') return { state: 'all' };
  if (known === null) return NOT_YET;
  const everywhere = await ask(seesNamespace(null));
  if (everywhere.state === 'unavailable') return everywhere;
  if (everywhere.state === 'allowed') return { state: 'some', namespaces: known };
  return await oneByOne(ask, [...known].sort().slice(0, MOST_NAMESPACES));
}

async function oneByOne(ask: Ask, names: readonly string[]): Promise<Visibility> {
  const namespaces = new Set<string>();
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    const answers = await Promise.all(some.map(async (name) => await ask(seesNamespace(name))));
    for (const [index, answer] of answers.entries()) {
      // Half an answer would pass for a whole one.
      if (answer.state === 'unavailable') return answer;
      const name = some[index];
      if (answer.state === 'allowed' && name !== undefined) namespaces.add(name);
    }
  }
  return { state: 'some', namespaces };
}

const NOT_YET: Unavailable = {
  state: 'unavailable',
  reason: 'nobody knows yet which namespaces there are: the first scan is not done',
  remediation: [],
};
