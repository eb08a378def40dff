import { combineCoverage, type Coverage, type Listing } from '../model/coverage.ts';
import { type DerivedTypes, type EvidenceSource } from '../model/evidence.ts';
import {
  isClusterSource,
  type Inventory,
  type ListSource,
  type SystemSource,
} from '../model/inventory.ts';
import { type Policy } from '../model/policy.ts';
import { type SourceStatus } from '../model/report.ts';
import { type Scope } from '../model/rule.ts';
import { BySystem } from './by-system.ts';
import { type DatasetIndex, indexDatasets } from './dataset-index.ts';
import { clusterItems, concat, derive, inlineUsers, systemItems } from './derive.ts';
import { targetKey } from './paths.ts';
import { gatesOf, isEverywhere } from './sources.ts';
import { type Surprise } from './seen.ts';
import { findSurprises } from './surprise.ts';

/** One cluster or one system: where a rule is evaluated. */
export interface ScopeMember {
  readonly scope: Scope;
  readonly name: string;
}

/** The inventory and everything derived from it. */
export interface Evidence {
  readonly inventory: Inventory;
  readonly derived: DerivedTypes;
  /** The earliest of all clocks of the scan. */
  readonly now: Date;
  /** Coverage of a source as seen from one member: its own lists, and all lists of the other side. */
  statusesOf(source: EvidenceSource, member: ScopeMember): readonly SourceStatus[];
  /** Items of a list as seen from one member. */
  itemsOf(source: ListSource, member: ScopeMember): readonly unknown[];
  /** Every source of the scan, for the report. */
  readonly statuses: readonly SourceStatus[];
  /** Lists that are empty though they cannot be. */
  readonly surprises: readonly Surprise[];
}

function readStatuses(inventory: Inventory): SourceStatus[] {
  const rows: SourceStatus[] = [];
  for (const { identity, lists } of inventory.clusters) {
    for (const [name, listing] of Object.entries(lists)) {
      rows.push(statusOf(name, { cluster: identity.name, system: null }, listing));
    }
  }
  for (const { identity, lists } of inventory.systems) {
    for (const [name, listing] of Object.entries(lists)) {
      rows.push(statusOf(name, { cluster: null, system: identity.name }, listing));
    }
  }
  return rows;
}

function statusOf(
  name: string,
  home: { cluster: string | null; system: string | null },
  listing: Listing<unknown>,
): SourceStatus {
  const { coverage, items, unreadable = [] } = listing;
  return { name, ...home, coverage, count: items.length, unreadable };
}

/** Lists that are empty against all evidence. */
function surprisesIn(
  inventory: Inventory,
  derived: DerivedTypes,
  index: DatasetIndex,
  policy: Policy,
): readonly Surprise[] {
  return findSurprises(
    {
      ...derived,
      volumes: clusterItems(inventory, 'persistentVolumes'),
      contents: clusterItems(inventory, 'volumeSnapshotContents'),
      snapshots: systemItems(inventory, 'zfsSnapshots'),
      unreadDatasets: new Set(
        inventory.systems.flatMap(({ identity, lists }) =>
          (lists.datasets?.coverage.state ?? 'complete') === 'complete' ? [] : [identity.name],
        ),
      ),
      emptyLists: (source) => emptyLists(inventory, source),
      snapshotCounts: new Map(
        inventory.systems.flatMap(({ identity, lists }) =>
          lists.zfsSnapshots === undefined
            ? []
            : [[identity.name, lists.zfsSnapshots.items.length]],
        ),
      ),
      inline: () => inlineUsers(inventory).flatMap(({ inlineVolumes }) => inlineVolumes),
      unmapped: unmappedTargets(inventory),
      clusters: inventory.clusters.map(({ identity }) => identity.name),
      index,
    },
    policy,
  );
}

/** Lowers the coverage of the lists that surprise. */
function withSurprises(
  statuses: readonly SourceStatus[],
  surprises: readonly Surprise[],
): SourceStatus[] {
  return statuses.map((status) => {
    const surprise = surprises.find(
      ({ source, member }) =>
        source === status.name && member === (status.cluster ?? status.system),
    );
    return surprise === undefined || status.coverage.state !== 'complete'
      ? status
      : { ...status, coverage: surprise.coverage };
  });
}

/** Systems whose list of this name was read, and holds nothing. */
function emptyLists({ systems }: Inventory, source: SystemSource): readonly string[] {
  return systems.flatMap(({ identity, lists }) => {
    return lists[source]?.items.length === 0 ? [identity.name] : [];
  });
}

/** Systems whose targets and extents were listed without a single mapping, and the keys of those targets. */
function unmappedTargets({ systems }: Inventory): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    systems.flatMap(({ identity, lists }) => {
      const { iscsiTargets, iscsiExtents, iscsiTargetExtents } = lists;
      if (iscsiTargetExtents === undefined || iscsiTargetExtents.items.length > 0) return [];
      if ((iscsiExtents?.items ?? []).length === 0) return [];
      const keys = new Set((iscsiTargets?.items ?? []).map(({ name }) => targetKey(name)));
      return [[identity.name, keys] as const];
    }),
  );
}

function earliestClock(inventory: Inventory): Date {
  const clocks = [...inventory.clusters, ...inventory.systems].flatMap(
    ({ identity }) => identity.clock ?? [],
  );
  return new Date(Math.min(...[inventory.takenAt, ...clocks].map((clock) => clock.getTime())));
}

/** Derives everything rules may ask for from what was seen. Pure, and linear in the size of the inventory. */
export function correlate(inventory: Inventory, policy: Policy): Evidence {
  const index = indexDatasets(systemItems(inventory, 'datasets'));
  const derived = derive(inventory, index);
  const surprises = surprisesIn(inventory, derived, index, policy);
  const statuses = withSurprises(readStatuses(inventory), surprises);
  const items = new BySystem<readonly unknown[]>();
  const listed = (source: ListSource, member: ScopeMember, everywhere: boolean): SourceStatus[] => {
    const ownAlone = !everywhere && isClusterSource(source) === (member.scope === 'cluster');
    const rows = statuses.filter(
      (status) =>
        status.name === source && (!ownAlone || (status.cluster ?? status.system) === member.name),
    );
    // What cannot exist in one cluster is still to be judged by the others.
    const existing = rows.filter(({ coverage }) => coverage.state !== 'not_applicable');
    if (existing.length > 0) return existing;
    return rows.length > 0 ? rows : [notListed(source, member)];
  };
  return {
    inventory,
    derived,
    now: earliestClock(inventory),
    statusesOf: (source, member) =>
      gatesOf(source).flatMap((gate) => listed(gate, member, isEverywhere(source))),
    itemsOf: (source, member) => {
      const ownSide = isClusterSource(source) === (member.scope === 'cluster');
      // Lists of several members are put together once, and every rule is given the same one.
      return items.of(ownSide ? member.name : '', source, () => itemsOf(inventory, source, member));
    },
    statuses: [...statuses, ...poolStatuses(derived)],
    surprises,
  };
}

function itemsOf(
  inventory: Inventory,
  source: ListSource,
  member: ScopeMember,
): readonly unknown[] {
  const clusterSide = isClusterSource(source);
  const members = clusterSide ? inventory.clusters : inventory.systems;
  const ownSide = clusterSide === (member.scope === 'cluster');
  const chosen = ownSide
    ? members.filter(({ identity }) => identity.name === member.name)
    : members;
  return concat(
    chosen.map(
      ({ lists }) =>
        (lists as Readonly<Partial<Record<ListSource, Listing<unknown>>>>)[source]?.items,
    ),
  );
}

/** Whoever evaluates a rule on an inventory that lacks its lists learns it as missing coverage. */
function notListed(name: string, member: ScopeMember): SourceStatus {
  const coverage: Coverage = { state: 'failed', reason: 'it was not read in this scan' };
  const home = { cluster: null, system: null, [member.scope]: member.name };
  return { name, ...home, coverage, count: 0, unreadable: [] };
}

function poolStatuses({ storage }: DerivedTypes): SourceStatus[] {
  return storage.problems.map(({ system, reason }) => ({
    name: 'poolAvailability',
    cluster: null,
    system,
    coverage: { state: 'partial', reason },
    count: 0,
    unreadable: [],
  }));
}

/** The coverage of several statuses read as one. */
export function worstOf(statuses: readonly SourceStatus[]): Coverage {
  return combineCoverage(statuses.map(({ coverage }) => coverage));
}
