import { instanceNotFound } from './errors.ts';
import { type Fields } from './json.ts';
import { type Audience, type Call, type Method, type MethodTable, readQuery } from './method.ts';
import { filterList, parseOptions } from './query-options.ts';

/** `query` and `get_instance` of a service whose entries are built from the state. */
export function listing(
  service: string,
  /** What an entry is called in errors. */
  noun: string,
  audience: Audience,
  entries: (call: Call) => readonly Fields[],
): MethodTable {
  const query: Method = {
    audience,
    kind: 'query',
    parameters: ['filters', 'options'],
    run: (call) => filterList(entries(call), readQuery(call)),
  };
  const getInstance: Method = {
    audience,
    kind: 'read',
    parameters: ['id', 'options'],
    run: (call) => {
      parseOptions(call.params[1], call.lab.table.queryOptions);
      const [id] = call.params;
      const found = entries(call).find((entry) => entry['id'] === id);
      if (found === undefined) throw instanceNotFound(noun, String(id));
      return found;
    },
  };
  return { [`${service}.query`]: query, [`${service}.get_instance`]: getInstance };
}

export function read(
  audience: Audience,
  run: (call: Call) => unknown,
  parameters: readonly string[] = [],
): Method {
  return { audience, kind: 'read', parameters, run };
}

/** A method that changes the state. */
export function write(
  audience: Audience,
  parameters: readonly string[],
  run: (call: Call) => unknown,
): Method {
  return { audience, kind: 'write', parameters, run };
}
