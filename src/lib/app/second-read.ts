import { type SecondLook, type SecondReadPlan, type SecondReads } from '../core/confirm/confirm.ts';
import { type ClusterReader } from '../ports/cluster.ts';
import { type NasReader } from '../ports/nas.ts';

async function listAgain<S extends string>(
  sources: Iterable<S>,
  list: (source: S) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  const entries = [...sources].map(async (source) => [source, await list(source)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function lookUp<T>(
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  readers: readonly NasReader[],
  look: (reader: NasReader, ids: readonly string[]) => Promise<SecondLook<T>>,
): Promise<Map<string, SecondLook<T>>> {
  const looks = new Map<string, SecondLook<T>>();
  await Promise.all(
    readers.map(async (reader) => {
      const ids = wanted.get(reader.name);
      if (ids !== undefined) looks.set(reader.name, await look(reader, [...ids]));
    }),
  );
  return looks;
}

/** Carries out a plan of second reads, everything at once; what fails becomes coverage, as in the first read. */
export async function readAgain(
  plan: SecondReadPlan,
  clusters: readonly ClusterReader[],
  systems: readonly NasReader[],
  signal: AbortSignal,
): Promise<SecondReads> {
  // One wait for all of them: whatever fails, nothing fails unheard.
  const [clusterLists, systemLists, datasets, snapshots] = await Promise.all([
    Promise.all(
      clusters.map(async (reader) => {
        const lists = await listAgain(plan.clusterLists, (source) => reader.list(source, signal));
        return [reader.name, lists] as const;
      }),
    ),
    Promise.all(
      systems.map(async (reader) => {
        const sources = plan.systemLists.get(reader.name) ?? [];
        const lists = await listAgain(sources, (source) => reader.list(source, signal));
        return [reader.name, lists] as const;
      }),
    ),
    lookUp(plan.datasets, systems, (reader, ids) => reader.lookUpDatasets(ids, signal)),
    lookUp(plan.snapshots, systems, (reader, ids) => reader.lookUpSnapshots(ids, signal)),
  ]);
  return {
    clusterLists: new Map(clusterLists),
    systemLists: new Map(systemLists),
    datasets,
    snapshots,
  };
}
