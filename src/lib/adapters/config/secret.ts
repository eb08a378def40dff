import { inspect } from 'node:util';

/** What stands where a secret would. */
export const MASK = '********';

/**
 * A secret that cannot be printed by accident: text, JSON and inspection show a mask.
 * Only `reveal` gives the value, so every place that uses it can be found.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
