import { globMatcher } from '../model/glob.ts';
import { type Rule } from '../model/rule.ts';

type Named = Pick<Rule, 'id' | 'aliases'>;

/** What a glob comes to: asked of every finding, so it is worked out once. */
interface Meaning {
  readonly test: (name: string) => boolean;
  readonly ids: ReadonlySet<string>;
}

/** Rules by the globs users write for them; former ids count. */
export class RuleNames {
  readonly #rules: readonly Named[];
  readonly #meanings = new Map<string, Meaning>();

  constructor(rules: readonly Named[]) {
    this.#rules = rules;
  }

  #meaningOf(glob: string): Meaning {
    let meaning = this.#meanings.get(glob);
    if (meaning === undefined) {
      const test = globMatcher(glob);
      const named = this.#rules.filter(({ id, aliases = [] }) => [id, ...aliases].some(test));
      meaning = { test, ids: new Set(named.map(({ id }) => id)) };
      this.#meanings.set(glob, meaning);
    }
    return meaning;
  }

  matches(glob: string, id: string): boolean {
    const { ids, test } = this.#meaningOf(glob);
    return ids.has(id) || test(id);
  }

  /** Ids of the rules a glob means. */
  idsOf(glob: string): ReadonlySet<string> {
    return this.#meaningOf(glob).ids;
  }

  /** Every id there is. */
  get all(): readonly string[] {
    return this.#rules.map(({ id }) => id);
  }
}
