/** Shorter secrets are left alone: blanking every "admin" would garble messages and hide little. */
const SHORTEST = 6;

/** What stands where a secret was. */
export const MASK = '********';

/** Takes known secrets out of text, as the last line of defence behind not putting them there. */
export class Redactor {
  readonly #secrets = new Set<string>();

  register(secret: string): void {
    if (secret.length < SHORTEST) return;
    this.#secrets.add(secret);
    // Libraries quote what they send in more than one spelling.
    this.#secrets.add(encodeURIComponent(secret));
    this.#secrets.add(JSON.stringify(secret).slice(1, -1));
    this.#secrets.add(Buffer.from(secret).toString('base64'));
  }

  redact(text: string): string {
    let safe = text;
    for (const secret of this.#secrets) safe = safe.replaceAll(secret, MASK);
    return safe;
  }
}
