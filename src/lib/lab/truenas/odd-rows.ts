import { compileFilters } from './filter-list.ts';
import { type Fields, isFields } from './json.ts';
import { type Call, type Method } from './method.ts';

/*
 * Rows of the world that stand in answers as they are: what another version or another program left, in a shape that
 * this version would not give.
 */

/** Methods that are asked by path instead of by filter. */
const BY_PATH = new Set(['zfs.resource.query', 'zfs.resource.snapshot.query']);

const GET_INSTANCE = /\.get_instance$/u;

/** Runs a method that reads; its answer has the odd rows that belong there. */
export async function runWithOddRows(call: Call, name: string, method: Method): Promise<unknown> {
  const rows = call.lab.system.oddRows?.[name.replace(GET_INSTANCE, '.query')];
  if (rows === undefined) return await method.run(call);
  if (name.endsWith('.get_instance'))
    return rows.find(isCalled(call.params[0])) ?? (await method.run(call));
  if (BY_PATH.has(name)) return await byPath(call, rows, method);
  const answer = await method.run(call);
  if (!Array.isArray(answer)) return answer;
  const [filters = []] = call.params;
  return [...(answer as unknown[]), ...rows.filter(compileFilters(filters))];
}

function isCalled(id: unknown): (row: unknown) => boolean {
  return (row) => isFields(row) && (row['id'] === id || row['name'] === id);
}

async function byPath(call: Call, rows: readonly unknown[], method: Method): Promise<unknown> {
  const paths = pathsOf(call.params[0]);
  const named = rows.filter((row) => paths.some((path) => isCalled(path)(row)));
  // A path that only an odd row has is not looked for in the state.
  if (named.length > 0 && named.length === paths.length) return named;
  const answer = await method.run(call);
  if (!Array.isArray(answer) || !reachesDown(call.params[0])) return answer;
  return [...(answer as unknown[]), ...rows.filter((row) => isUnder(call, row, paths))];
}

function pathsOf(data: unknown): readonly string[] {
  const paths = isFields(data) ? data['paths'] : undefined;
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}

function reachesDown(data: unknown): boolean {
  const fields: Fields = isFields(data) ? data : {};
  return fields['get_children'] === true || fields['recursive'] === true;
}

/** What has no name stands in the first pool. */
function isUnder({ view }: Call, row: unknown, paths: readonly string[]): boolean {
  const name = isFields(row) ? row['name'] : undefined;
  if (paths.length === 0) return true;
  if (typeof name !== 'string') return paths.includes(view.roots[0]?.dataset.id ?? '');
  return paths.some((path) => name.startsWith(`${path}/`) || name.startsWith(`${path}@`));
}
