import { createHash } from 'node:crypto';
import { recordAt, textAt, type JsonRecord } from './json.ts';

/** Of how many objects it is remembered what they were: as many as may be touched again and again. */
const REMEMBERED = 10_000;

/** What says who wrote last, and who leads: it is written every few seconds, and nothing of ours depends on it. */
const HEARTBEATS = ['resourceVersion', 'managedFields', 'generation'];
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/** Tells a change of an object from its being written again as it was. */
export class SeenObjects {
  readonly #digests = new Map<string, string>();

  /** Whether the object is another than when it was last seen. One that was not seen is taken for another. */
  differs(object: JsonRecord): boolean {
    const uid = textAt(recordAt(object, 'metadata'), 'uid') ?? '';
    const digest = digestOf(object);
    const before = this.#digests.get(uid);
    this.#digests.delete(uid);
    this.#digests.set(uid, digest);
    const [oldest] = this.#digests.keys();
    if (this.#digests.size > REMEMBERED && oldest !== undefined) this.#digests.delete(oldest);
    return before !== digest;
  }

  forget(object: JsonRecord): void {
    this.#digests.delete(textAt(recordAt(object, 'metadata'), 'uid') ?? '');
  }
}

function digestOf(object: JsonRecord): string {
  const metadata = recordAt(object, 'metadata');
  const annotations = { ...recordAt(metadata, 'annotations'), [LEADER]: undefined };
  const plain = Object.fromEntries(HEARTBEATS.map((key) => [key, undefined]));
  const told = { ...object, metadata: { ...metadata, ...plain, annotations } };
  return createHash('sha1').update(JSON.stringify(told)).digest('base64');
}
