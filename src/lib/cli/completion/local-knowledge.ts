import { parseKeptTarget, type TypedTarget } from './typed-target.ts';
import { type LocalKnowledge } from './values.ts';
import { type Inventory, type ListSource } from '../../core/model/inventory.ts';

/** More names than this no shell shows, and nobody reads. */
const MOST = 1_000;

async function contextsOf(kubeconfig: string | null): Promise<readonly string[]> {
  const { namesOf, readKubeconfigs } =
    await import('../../adapters/kubernetes/kubeconfig-files.ts');
  const document = await readKubeconfigs('', kubeconfig);
  return document === undefined ? [] : namesOf(document, 'contexts').sort();
}

/** Lists of the scan that was kept last of what the typed flags lead to; undefined where there is none. */
async function keptLists(
  target: TypedTarget,
  sources: ReadonlySet<ListSource>,
): Promise<Inventory | undefined> {
  const { loadKeptLists } = await import('./kept-lists.ts');
  return await loadKeptLists(target, sources);
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort().slice(0, MOST);
}

async function namespacesOf(target: TypedTarget): Promise<readonly string[]> {
  const inventory = await keptLists(target, new Set(['persistentVolumeClaims']));
  const claims = inventory?.clusters.flatMap(
    ({ lists }) => lists.persistentVolumeClaims?.items ?? [],
  );
  return distinct((claims ?? []).map(({ namespace }) => namespace));
}

async function poolsOf(target: TypedTarget): Promise<readonly string[]> {
  const inventory = await keptLists(target, new Set(['pools']));
  const pools = inventory?.systems.flatMap(({ lists }) => lists.pools?.items ?? []);
  return distinct((pools ?? []).map(({ name }) => name));
}

async function storageClassesOf(target: TypedTarget): Promise<readonly string[]> {
  const inventory = await keptLists(target, new Set(['storageClasses']));
  const classes = inventory?.clusters.flatMap(({ lists }) => lists.storageClasses?.items ?? []);
  return distinct((classes ?? []).map(({ name }) => name));
}

async function objectsOf(target: TypedTarget, typed: string): Promise<readonly string[]> {
  const { findResourceType } = await import('../../core/model/resource-ref.ts');
  const { SHELVES } = await import('../../core/explain/catalogue.ts');
  const slash = typed.indexOf('/');
  const written = typed.slice(0, slash);
  const type = findResourceType(written);
  const shelf = type === undefined ? undefined : SHELVES[type];
  if (shelf === undefined) return [];
  const { source, refs } = shelf;
  const inventory = await keptLists(target, new Set([source]));
  const names = (inventory === undefined ? [] : refs(inventory)).map(({ namespace, name }) =>
    [written, ...(namespace === null ? [] : [namespace]), name].join('/'),
  );
  return distinct(names.filter((name) => name.startsWith(typed)));
}

/** Names of the journals, the newest first; what is in them is not looked at. */
async function journalsOf(target: TypedTarget, kind: 'plans' | 'runs'): Promise<readonly string[]> {
  const { readdir, stat } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const { stateOf } = await import('./kept-lists.ts');
  const directory = join(stateOf(target), 'cleanup', kind);
  const files = (await readdir(directory)).filter((name) => name.endsWith('.jsonl'));
  const dated = await Promise.all(
    files.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  );
  return dated
    .toSorted((a, b) => b.at - a.at)
    .slice(0, MOST)
    .map(({ name }) => name.slice(0, -'.jsonl'.length));
}

/** Whatever cannot be read offers nothing: a shell that waits for candidates is no place for errors. */
async function orNothing(names: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await names;
  } catch {
    return [];
  }
}

/** @param words everything behind the program's name */
export function localKnowledge(words: readonly string[]): LocalKnowledge {
  const target = parseKeptTarget(words);
  return {
    contexts: async () => await orNothing(contextsOf(target.kubeconfig)),
    namespaces: async () => await orNothing(namespacesOf(target)),
    pools: async () => await orNothing(poolsOf(target)),
    storageClasses: async () => await orNothing(storageClassesOf(target)),
    objects: async (typed) => await orNothing(objectsOf(target, typed)),
    plans: async () => await orNothing(journalsOf(target, 'plans')),
    runs: async () => await orNothing(journalsOf(target, 'runs')),
  };
}
