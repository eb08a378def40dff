import { correlate, type Evidence } from '../correlate/correlate.ts';
import { type Surprise } from '../correlate/seen.ts';
import {
  combineCoverage,
  failed,
  partial,
  type Coverage,
  type Listing,
} from '../model/coverage.ts';
import {
  type ClusterInventory,
  type ClusterSource,
  type Inventory,
  type SystemInventory,
  type SystemSource,
} from '../model/inventory.ts';
import { type Policy } from '../model/policy.ts';
import { type Lookup, type Rule } from '../model/rule.ts';
import { type Dataset, type ZfsSnapshot } from '../model/truenas.ts';
import {
  evaluateRule,
  isSettled,
  membersFor,
  verdictKey,
  type Candidate,
  type RuleOutcome,
  type Suspect,
} from '../rules/evaluate.ts';

/** Everything that has to be read a second time before the candidates may be reported. */
export interface SecondReadPlan {
  readonly clusterLists: ReadonlySet<ClusterSource>;
  /** By system. */
  readonly systemLists: ReadonlyMap<string, ReadonlySet<SystemSource>>;
  readonly datasets: ReadonlyMap<string, ReadonlySet<string>>;
  readonly snapshots: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Answer of a look at single objects; ids in neither set could not be looked up. */
export interface SecondLook<T> {
  readonly found: ReadonlyMap<string, T>;
  readonly absent: ReadonlySet<string>;
  readonly coverage: Coverage;
}

/** What the second read brought, by cluster and by system. */
export interface SecondReads {
  readonly clusterLists: ReadonlyMap<string, Partial<ClusterInventory['lists']>>;
  readonly systemLists: ReadonlyMap<string, Partial<SystemInventory['lists']>>;
  readonly datasets: ReadonlyMap<string, SecondLook<Dataset>>;
  readonly snapshots: ReadonlyMap<string, SecondLook<ZfsSnapshot>>;
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

/** Collects what the candidates say is absent, each thing once. */
export function planSecondRead(candidates: readonly Candidate[]): SecondReadPlan {
  const clusterLists = new Set<ClusterSource>();
  const systemLists = new Map<string, Set<SystemSource>>();
  const datasets = new Map<string, Set<string>>();
  const snapshots = new Map<string, Set<string>>();
  const plan = (lookup: Lookup): void => {
    switch (lookup.kind) {
      case 'cluster-list':
        clusterLists.add(lookup.source);
        return;
      case 'system-list':
        addTo(systemLists, lookup.system, lookup.source);
        return;
      case 'dataset':
        addTo(datasets, lookup.system, lookup.id);
        return;
      case 'snapshot':
        addTo(snapshots, lookup.system, lookup.id);
    }
  };
  for (const { verdict } of candidates) verdict.lookups().forEach(plan);
  return { clusterLists, systemLists, datasets, snapshots };
}

/**
 * Replaces objects of a list by what the second look found. An id that could not be looked up makes the
 * whole list untrustworthy: what rests on it must not be reported.
 */
function patch<T extends { readonly id: string }>(
  listing: Listing<T>,
  look: SecondLook<T> | undefined,
): Listing<T> {
  if (look === undefined) return listing;
  const kept = listing.items.filter(({ id }) => !look.absent.has(id) && !look.found.has(id));
  const coverage: Coverage =
    look.coverage.state === 'complete'
      ? listing.coverage
      : failed(`the second look failed: ${look.coverage.reason}`);
  return {
    ...listing,
    coverage: combineCoverage([listing.coverage, coverage]),
    items: [...kept, ...look.found.values()],
  };
}

type Lists = Readonly<Partial<Record<string, Listing<unknown>>>>;

/** The lists of one member, those that surprised without the trust they do not deserve. */
function mistrusted<L extends Lists>(
  lists: L,
  { name }: { readonly name: string },
  surprises: readonly Surprise[],
): L {
  const doubted: L = { ...lists };
  for (const { source, member, coverage } of surprises) {
    const listing = lists[source];
    if (member !== name || listing?.coverage.state !== 'complete') continue;
    Object.assign(doubted, { [source]: { ...listing, coverage } });
  }
  return doubted;
}

/**
 * Why a list that was read whole the second time still proves nothing; undefined where it does. One that is empty, and held
 * something moments ago or could not be read then, is more likely of a reader that lost its sight than of a world that lost
 * everything. One that surprised, and has not grown, surprises still: what showed it may be what could not be read now.
 */
function doubtOf(
  was: Listing<unknown>,
  again: Listing<unknown>,
  surprised: boolean,
): Coverage | undefined {
  if (surprised && again.items.length <= was.items.length) return was.coverage;
  if (again.items.length > 0) return undefined;
  if (was.coverage.state === 'complete' && was.items.length === 0) return undefined;
  return partial('the second list is empty, the first was not');
}

/** Lists of who is there at the moment: a host that went between the two reads was there all the same, and may come back. */
const MOMENTARY: ReadonlySet<string> = new Set<SystemSource>(['iscsiSessions', 'nvmetSessions']);

function inEither(was: readonly unknown[], again: readonly unknown[]): readonly unknown[] {
  const seen = new Set(again.map((each) => JSON.stringify(each)));
  return [...again, ...was.filter((each) => !seen.has(JSON.stringify(each)))];
}

/** The lists of the second read in place of the first ones, or beside them where they tell of a moment. */
function replaceLists<L extends Lists>(
  first: L,
  again: Partial<L> | undefined,
  identity: { readonly name: string },
  surprises: readonly Surprise[],
): L {
  const before = mistrusted(first, identity, surprises);
  const lists: L = { ...before, ...again };
  for (const [source, listing] of Object.entries<Listing<unknown> | undefined>({ ...again })) {
    const was = before[source];
    if (was === undefined || listing === undefined) continue;
    const doubt =
      listing.coverage.state === 'complete'
        ? doubtOf(was, listing, was !== first[source])
        : undefined;
    const items = MOMENTARY.has(source) ? inEither(was.items, listing.items) : listing.items;
    const coverage = doubt ?? listing.coverage;
    Object.assign(lists, { [source]: { ...listing, coverage, items } });
  }
  return lists;
}

/**
 * The inventory as it is after the second read.
 *
 * @param surprises lists of the first read that were empty though they cannot be
 */
export function withSecondReads(
  inventory: Inventory,
  reads: SecondReads,
  surprises: readonly Surprise[],
): Inventory {
  return {
    ...inventory,
    clusters: inventory.clusters.map((cluster) => {
      const { identity } = cluster;
      const again = reads.clusterLists.get(identity.name);
      return { ...cluster, lists: replaceLists(cluster.lists, again, identity, surprises) };
    }),
    systems: inventory.systems.map((system) => {
      const { name } = system.identity;
      const again = reads.systemLists.get(name);
      const lists = replaceLists(system.lists, again, system.identity, surprises);
      return {
        ...system,
        lists: {
          ...lists,
          ...(lists.datasets && { datasets: patch(lists.datasets, reads.datasets.get(name)) }),
          ...(lists.zfsSnapshots && {
            zfsSnapshots: patch(lists.zfsSnapshots, reads.snapshots.get(name)),
          }),
        },
      };
    }),
  };
}

/** What is left after the second read. */
export interface Confirmation {
  readonly confirmed: readonly Candidate[];
  /** Rules that could no longer be judged, because the second read of something they need failed. */
  readonly skipped: readonly Extract<RuleOutcome, { state: 'skipped' }>[];
  /** Evidence after the second read, against which the confirmed candidates were judged. */
  readonly evidence: Evidence;
}

/**
 * Judges the candidates again, by the same rules, on the inventory after the second read. Only what was a
 * candidate before and has every condition settled now is left: nothing new enters here, since nothing new was looked
 * up twice.
 */
export function confirm(
  candidates: readonly Suspect[],
  inventory: Inventory,
  policy: Policy,
): Confirmation {
  const evidence = correlate(inventory, policy);
  const before = new Set(candidates.map(({ rule, verdict }) => verdictKey(rule, verdict.subject)));
  const places = new Set(candidates.map(({ rule, member }) => `${rule.id} ${member.name}`));
  const rules = new Set<Rule>(candidates.map(({ rule }) => rule));
  const outcomes = [...rules].flatMap((rule) =>
    membersFor(rule, evidence)
      .filter((member) => places.has(`${rule.id} ${member.name}`))
      .map((member) => evaluateRule(rule, member, evidence, policy)),
  );
  return {
    confirmed: outcomes
      .flatMap((outcome) => (outcome.state === 'ran' ? outcome.candidates : []))
      .filter(
        (candidate) =>
          isSettled(candidate) && before.has(verdictKey(candidate.rule, candidate.verdict.subject)),
      ),
    skipped: outcomes.filter((outcome) => outcome.state === 'skipped'),
    evidence,
  };
}
