import { type Dataset } from '../../model/truenas.ts';
import { type JsonObject, type NasObjectKind } from '../change.ts';
import { type Expectation, type Identity } from '../expectation.ts';
import { type StepDraft } from './making.ts';
import { nasTarget } from './nas-object.ts';
import { datasetSubject } from './volume.ts';

/** What is to be made again. */
export interface Wish {
  readonly fields: JsonObject;
  readonly refersTo?: Readonly<Record<string, string>>;
  /** By what it is found, since it has no id yet. */
  readonly where: Identity;
  readonly identity: Identity;
  readonly around?: readonly Expectation[];
  readonly because: string;
}

/** Makes one object that a volume lacks. */
export function creation(
  dataset: Dataset,
  kind: NasObjectKind,
  name: string,
  wish: Wish,
): StepDraft {
  const target = nasTarget(kind, wish.where);
  return {
    title: `Make ${name} again`,
    target: { side: 'truenas', system: dataset.system },
    subject: datasetSubject(dataset),
    change: { type: 'create-object', kind, fields: wish.fields, refers_to: { ...wish.refersTo } },
    before: [{ target, identity: null }, ...(wish.around ?? [])],
    after: [{ target, identity: wish.identity }],
    preconditions: [wish.because],
    undo: 'Delete it again; no data goes with it',
    reversibleUntil: null,
    bytes: 0,
  };
}

/** The device of a zvol, in which a space travels as `+`. */
export function deviceOf({ id }: Dataset): string {
  return `zvol/${id.replaceAll(' ', '+')}`;
}
