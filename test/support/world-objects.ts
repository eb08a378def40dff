import {
  type KubernetesObject,
  type LabSystem,
  type World,
} from '../../src/lib/lab/scenario/world.ts';

/** Every object of both sides by what it is called, so that two worlds can be compared object by object. */
export type WorldObjects = ReadonlyMap<string, string>;

/** Where in a system the objects of each kind are that a change can be about. */
const LISTS = {
  dataset: 'datasets',
  snapshot: 'snapshots',
  'nfs-share': 'nfsShares',
  'smb-share': 'smbShares',
  'iscsi-target': 'iscsiTargets',
  'iscsi-extent': 'iscsiExtents',
  'iscsi-mapping': 'iscsiTargetExtents',
  'nvmet-subsystem': 'nvmetSubsystems',
  'nvmet-namespace': 'nvmetNamespaces',
} as const satisfies Record<string, keyof LabSystem>;

/** Leases are renewed by looking, and versions count every write. */
const PASSING = new Set(['leases']);

function resourceText({ metadata, ...object }: KubernetesObject): string {
  return JSON.stringify({ ...object, metadata: { ...metadata, resourceVersion: undefined } });
}

function* clusterObjects({ clusters }: World): Generator<readonly [string, string]> {
  for (const { objects } of clusters) {
    for (const [plural, list] of Object.entries(objects)) {
      if (PASSING.has(plural)) continue;
      for (const each of list) {
        const { namespace = '', name } = each.metadata;
        yield [`${plural} ${namespace}/${name}`, resourceText(each)];
      }
    }
  }
}

function* systemObjects({ systems }: World): Generator<readonly [string, string]> {
  for (const system of systems) {
    const kinds = new Set<string>(Object.values(LISTS));
    for (const [kind, list] of Object.entries(LISTS)) {
      for (const each of system[list]) yield [`${kind} ${String(each.id)}`, JSON.stringify(each)];
    }
    // All the rest of a system is one thing, which no change is about.
    const rest = Object.entries(system).filter(([key]) => !kinds.has(key));
    yield [`system ${system.name}`, JSON.stringify(Object.fromEntries(rest))];
  }
}

export function objectsOf(world: World): WorldObjects {
  return new Map([...clusterObjects(world), ...systemObjects(world)]);
}

/** What is in one of two worlds alone, or is not the same in both. */
export function differences(one: WorldObjects, other: WorldObjects): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((key) => one.get(key) !== other.get(key))
    .toSorted();
}

type Row = Readonly<Record<string, unknown>>;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

function textOf(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function named(
  list: readonly { readonly id: number; readonly name: string }[],
  id: unknown,
): string {
  return list.find((each) => each.id === id)?.name ?? `none ${String(id)}`;
}

/** A row with what it is by default left out, which a system told and was told back. */
function plainRow(row: Row): Row {
  const isSaid = ([key, value]: [string, unknown]): boolean =>
    key !== 'id' && key !== 'kept' && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(row).filter(isSaid));
}

/** A system whose objects refer to each other by name: what is made anew has another id. */
function withoutIds(system: LabSystem): unknown {
  const plain = (list: readonly object[], more: (row: Row) => Row = () => ({})) =>
    list.map((row) => textOf({ ...plainRow(row as Row), ...more(row as Row) })).toSorted();
  const { iscsiTargets: targets, iscsiExtents: extents, nvmetSubsystems: subsystems } = system;
  return {
    datasets: system.datasets.map((each) => textOf(each)).toSorted(),
    snapshots: system.snapshots.map((each) => textOf(each)).toSorted(),
    nfsShares: plain(system.nfsShares),
    smbShares: plain(system.smbShares),
    targets: plain(targets),
    extents: plain(extents),
    mappings: plain(system.iscsiTargetExtents, ({ target, extent }) => ({
      target: named(targets, target),
      extent: named(extents, extent),
    })),
    subsystems: plain(subsystems),
    namespaces: plain(system.nvmetNamespaces, ({ subsystem }) => ({
      subsystem: named(subsystems, subsystem),
    })),
  };
}

/** What an object is for its users: what its controllers write on it comes back by itself. */
function withoutUid({ metadata, ...object }: KubernetesObject): string {
  const { name, namespace, labels, annotations } = metadata;
  return textOf({ ...object, status: undefined, name, namespace, labels, annotations });
}

/** Both sides of a world as they are for those who use them: without what is another once it was deleted and made again. */
export function meaningOf({ clusters, systems }: World): unknown {
  return {
    systems: systems.map(withoutIds),
    clusters: clusters.map(({ objects }) =>
      Object.fromEntries(
        Object.entries(objects)
          .filter(([plural]) => !PASSING.has(plural))
          .map(([plural, list]) => [plural, list.map(withoutUid).toSorted()]),
      ),
    ),
  };
}
