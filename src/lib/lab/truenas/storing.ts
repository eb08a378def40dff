import { instanceNotFound } from './errors.ts';
import { type Fields } from './json.ts';
import { write } from './listing.ts';
import { type Audience, type Call, fieldsParam, idParam, type MethodTable } from './method.ts';

interface Stored {
  readonly id: number;
}

/** An object of a list by the id in the call, or an error that says it is not there. */
export function findStored<T extends Stored>(list: readonly T[], noun: string, call: Call): T {
  const id = idParam(call);
  const found = list.find((item) => item.id === id);
  if (found === undefined) throw instanceNotFound(noun, id);
  return found;
}

export function removeStored<T extends Stored>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}

export function nextId(list: readonly Stored[]): number {
  return list.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
}

function announce(call: Call, msg: 'added' | 'changed', service: string, fields: Fields): Fields {
  call.lab.events.emit({ msg, collection: `${service}.query`, id: Number(fields['id']), fields });
  return fields;
}

/** `create`, `update` and `delete` of a service whose objects live in one list. */
export function storing<T extends Stored>(options: {
  readonly service: string;
  readonly noun: string;
  readonly audience: Audience;
  readonly list: (call: Call) => T[];
  readonly entry: (item: T, call: Call) => Fields;
  /** Fields that may be written; any other is refused, those included that TrueNAS itself fills in. */
  readonly accepted: (call: Call) => readonly string[];
  /** A new object, or the old one with the changes. */
  readonly build: (data: Fields, old: T | null, id: number, call: Call) => T;
}): MethodTable {
  const { service, noun, audience, list, entry, accepted, build } = options;
  return {
    [`${service}.create`]: write(audience, ['data'], (call) => {
      const items = list(call);
      const item = build(fieldsParam(call, 0, 'data', accepted(call)), null, nextId(items), call);
      items.push(item);
      return announce(call, 'added', service, entry(item, call));
    }),
    [`${service}.update`]: write(audience, ['id', 'data'], (call) => {
      const items = list(call);
      const old = findStored(items, noun, call);
      const item = build(fieldsParam(call, 1, 'data', accepted(call)), old, old.id, call);
      items[items.indexOf(old)] = item;
      return announce(call, 'changed', service, entry(item, call));
    }),
    [`${service}.delete`]: write(audience, ['id'], (call) => {
      const items = list(call);
      const found = findStored(items, noun, call);
      if (call.lab.faults.deletesLie === true) return true;
      removeStored(items, found);
      call.lab.events.emit({ msg: 'removed', collection: `${service}.query`, id: found.id });
      return true;
    }),
  };
}
