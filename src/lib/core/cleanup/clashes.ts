import { type Change } from './change.ts';
import { type Candidate } from './order.ts';
import { canonicalJson } from './plan-hash.ts';

/*
 * Whether two items get into each other's way. Each is proved and carried out as if it were alone, so that of two that are about
 * the same thing one has to wait for another plan.
 */

type ChangeOf<T extends Change['type']> = Extract<Change, { type: T }>;

/** What tells an object that is not there yet from every other. */
function newObject({ kind, fields, refers_to: refersTo }: ChangeOf<'create-object'>): string {
  const { name, path, port_id: port, host_id: host } = fields;
  return `new ${kind} ${canonicalJson({ name, path, port, host, refersTo })}`;
}

function namespaced(namespace: string | null, name: string): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

/** What each change is made to, by a name that is unique within one cluster or system. */
const OBJECTS: { readonly [T in Change['type']]: (change: ChangeOf<T>) => string } = {
  'set-enabled': ({ kind, id }) => `${kind} ${String(id)}`,
  'delete-object': ({ kind, id }) => `${kind} ${String(id)}`,
  'create-object': newObject,
  'delete-join': ({ kind, subsystem, member }) => `${kind} ${String(subsystem)} ${String(member)}`,
  'set-groups': ({ kind, id }) => `${kind} ${String(id)}`,
  'set-mark': ({ dataset }) => `dataset ${dataset}`,
  'move-dataset': ({ to }) => `dataset ${to}`,
  'delete-snapshot': ({ snapshot }) => `snapshot ${snapshot}`,
  'destroy-dataset': ({ dataset }) => `dataset ${dataset}`,
  'set-policy': ({ kind, name }) => `${kind} ${name}`,
  'delete-resource': ({ kind, namespace, name }) => `${kind} ${namespaced(namespace, name)}`,
  'create-resource': ({ kind, namespace, name }) => `${kind} ${namespaced(namespace, name)}`,
};

function objectOf<T extends Change['type']>(change: ChangeOf<T>): string {
  return OBJECTS[change.type](change);
}

function isOfWhole({ type }: Change): boolean {
  return type === 'set-mark' || type === 'destroy-dataset';
}

/** What an item claims for itself. */
interface Claims {
  readonly item: string;
  readonly objects: ReadonlySet<string>;
  readonly place: string | null;
  /** It is about all of the dataset, and not only about what exports it or a snapshot of it. */
  readonly whole: boolean;
}

function claimsOf({ finding, made }: Candidate): Claims {
  const { subject, place } = finding;
  const objects = made.steps.map(({ target, change }) => {
    const home =
      target.side === 'truenas' ? `system ${target.system}` : `cluster ${target.cluster}`;
    return `${home} ${objectOf(change)}`;
  });
  const system = place?.system ?? (subject.location === 'truenas' ? subject.system : '');
  return {
    item: `${finding.rule} ${subject.name}`,
    objects: new Set(objects),
    place: made.dataset === null ? null : `${system}:${made.dataset}`,
    whole: made.steps.some(({ change }) => isOfWhole(change)),
  };
}

function isWithin(place: string, other: string): boolean {
  return place === other || place.startsWith(`${other}/`);
}

function clash(a: Claims, b: Claims): boolean {
  if ([...a.objects].some((object) => b.objects.has(object))) return true;
  if (a.place === null || b.place === null) return false;
  return (a.whole && isWithin(b.place, a.place)) || (b.whole && isWithin(a.place, b.place));
}

/** Items that were taken, and whether another may be taken with them. */
export class TakenItems {
  readonly #taken: Claims[] = [];

  /** Why an item cannot be in the same plan, in words; undefined where it can. */
  whyNot(candidate: Candidate): string | undefined {
    const claims = claimsOf(candidate);
    const other = this.#taken.find((each) => clash(each, claims));
    return other && `${other.item} is about the same and comes first: plan again after it`;
  }

  add(candidate: Candidate): void {
    this.#taken.push(claimsOf(candidate));
  }
}
