import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirm, planSecondRead, withSecondReads } from '../../src/lib/core/confirm/confirm.ts';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { failed, listed, partial, unlisted } from '../../src/lib/core/model/coverage.ts';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import {
  CLUSTER_SOURCES,
  SYSTEM_SOURCES,
  type Inventory,
  type ListSource,
} from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type RemedyAction } from '../../src/lib/core/model/remedy.ts';
import { composeFinding } from '../../src/lib/core/report/compose-finding.ts';
import { evaluate } from '../../src/lib/core/rules/evaluate.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import {
  aCluster,
  type aDataset,
  aSystem,
  type aZfsSnapshot,
  LONG_AGO,
  NOW,
} from '../support/builders.ts';
import { fuzzing } from '../support/fuzzing.ts';
import {
  ALL_SOURCES,
  CLUSTERS,
  BARE,
  DRIVERS,
  liveWorldOf,
  type Scenery,
  scenery,
  sceneryAstray,
  SOUND,
  SYSTEMS,
  type Truth,
  type Volume,
  volume,
} from '../support/live-worlds.ts';

/** What becomes of a list on its way to us. */
type Fate = 'whole' | 'failed' | 'cut-short' | 'empty-without-error';
type Fates = Readonly<Record<string, Fate>>;

/** Lists that may come back empty without an error: those a key or a wrong context cannot see. */
const MAY_LIE: readonly ListSource[] = ['persistentVolumes', 'datasets', 'iscsiTargetExtents'];

/** By `<member> <source>`. */
const fates: fc.Arbitrary<Fates> = fc.dictionary(
  fc
    .tuple(fc.constantFrom(...CLUSTERS, ...SYSTEMS), fc.constantFrom(...ALL_SOURCES))
    .map((key) => key.join(' ')),
  fc.constantFrom<Fate>('whole', 'failed', 'cut-short', 'empty-without-error'),
  { maxKeys: 5 },
);

/** What a reader hands over of a list, given its fate: a broken one is always told apart from a whole one. */
function seen(source: ListSource, items: readonly unknown[], fate: Fate) {
  switch (fate) {
    case 'whole':
      return listed(items);
    case 'failed':
      return unlisted<unknown>(failed('connection lost'));
    case 'cut-short':
      return listed(items.slice(0, items.length >> 1), partial('page 2 failed'));
    case 'empty-without-error':
      return MAY_LIE.includes(source) ? listed<unknown>([]) : listed(items);
  }
}

/** Everything has been suspect for long, so that rules that remember may be certain. */
class LongKnown extends Map<string, Date> {
  override get(): Date {
    return LONG_AGO;
  }
}

function read(truth: Truth, fateOf: Fates): Inventory {
  const lists = (member: string, sources: readonly ListSource[]): Record<string, unknown> =>
    Object.fromEntries(
      sources.map((source) => [
        source,
        seen(source, truth.get(member)?.[source] ?? [], fateOf[`${member} ${source}`] ?? 'whole'),
      ]),
    );
  return {
    takenAt: NOW,
    clusters: CLUSTERS.map((name) => ({
      identity: aCluster({ name, uid: `uid-of-${name}` }),
      lists: lists(name, CLUSTER_SOURCES),
    })),
    systems: SYSTEMS.map((name) => ({
      identity: aSystem({ name, hostId: `id-of-${name}`, host: `${name}.example` }),
      lists: lists(name, SYSTEM_SOURCES),
    })),
    drivers: DRIVERS,
    firstSeen: new LongKnown(),
    moved: [],
  };
}

function pick(lists: Readonly<Record<string, unknown>>, sources: Iterable<string> = []) {
  return Object.fromEntries([...sources].map((source) => [source, lists[source]]));
}

/** A look at single objects, which tells the truth or is not answered. */
function look<T extends { readonly id: string }>(items: readonly unknown[], ids: Iterable<string>) {
  const byId = new Map((items as readonly T[]).map((item) => [item.id, item]));
  const found = new Map<string, T>();
  const absent = new Set<string>();
  for (const id of ids) {
    const item = byId.get(id);
    if (item === undefined) absent.add(id);
    else found.set(id, item);
  }
  return { found, absent, coverage: { state: 'complete' as const } };
}

/** A whole scan: the first read, the verdicts, the second read with a fate of its own, what is left. */
function scan(truth: Truth, first: Fates, second: Fates): Finding[] {
  const inventory = read(truth, first);
  const evidence = correlate(inventory, DEFAULT_POLICY);
  const candidates = evaluate(RULES, evidence, DEFAULT_POLICY).flatMap((outcome) =>
    outcome.state === 'ran' ? outcome.candidates : [],
  );
  const again = read(truth, second);
  const plan = planSecondRead(candidates);
  const after = withSecondReads(
    inventory,
    {
      clusterLists: new Map(
        again.clusters.map(({ identity, lists }) => [
          identity.name,
          pick(lists, plan.clusterLists),
        ]),
      ),
      systemLists: new Map(
        again.systems.map(({ identity, lists }) => [
          identity.name,
          pick(lists, plan.systemLists.get(identity.name)),
        ]),
      ),
      datasets: new Map(
        [...plan.datasets].map(([system, ids]) => [
          system,
          look<ReturnType<typeof aDataset>>(truth.get(system)?.datasets ?? [], ids),
        ]),
      ),
      snapshots: new Map(
        [...plan.snapshots].map(([system, ids]) => [
          system,
          look<ReturnType<typeof aZfsSnapshot>>(truth.get(system)?.zfsSnapshots ?? [], ids),
        ]),
      ),
    },
    evidence.surprises,
  );
  const result = confirm(candidates, after, DEFAULT_POLICY);
  return result.confirmed.map((candidate) => composeFinding(candidate, result.evidence, true));
}

/** What these actions touch on TrueNAS is gone afterwards, or nobody can reach it. */
const TAKES_AWAY: readonly RemedyAction[] = [
  'quarantine-dataset',
  'destroy-dataset',
  'delete-zfs-snapshot',
  'delete-detached-snapshot',
  'delete-detached-container',
  'delete-nfs-share',
  'delete-smb-share',
  'delete-iscsi-extent',
  'delete-iscsi-target',
  'delete-nvmet-namespace',
  'delete-nvmet-subsystem',
];

const { rounds, seed } = fuzzing();

/** Thousands of whole scans: minutes where other work has the processors. */
const UNHURRIED = 120_000 * rounds;

type World = [world: Volume[], scenery: Scenery, first: Fates, second: Fates];

/** What matters of a volume that made a world go wrong is said beside this. */
const sound = SOUND;

/** Worlds that were judged wrongly once, smallest form. */
const ONCE_WRONG: readonly World[] = [
  [
    [
      sound,
      { ...sound, cluster: 'dev' },
      {
        ...sound,
        system: 'nas2',
        driver: 'csi.truenas.io',
        protocol: 'nvmeof',
        pv: 'none',
        other: 'inline-volume',
      },
    ],
    BARE,
    { 'nas2 nvmetNamespaces': 'failed' },
    {},
  ],
  [
    [{ ...sound, dataset: 'gone' }, { ...sound, cluster: 'dev' }, sound],
    BARE,
    { 'prod persistentVolumes': 'failed' },
    { 'prod persistentVolumes': 'empty-without-error' },
  ],
  [
    [
      { ...sound, driver: 'replicated', dataset: 'gone' },
      { ...sound, driver: 'replicated', dataset: 'gone', other: 'second-cluster' },
      sound,
    ],
    BARE,
    { 'nas1 pools': 'failed' },
    {},
  ],
  [
    [
      { ...sound, system: 'nas2', pv: 'none', dataset: 'moved', copy: 'empty-container' },
      { ...sound, pv: 'none' },
    ],
    BARE,
    { 'nas1 datasets': 'failed' },
    {},
  ],
  [
    [
      { ...sound, driver: 'csi.truenas.io', dataset: 'moved', other: 'second-cluster' },
      { ...sound, cluster: 'dev', pv: 'available' },
      { ...sound, driver: 'csi.truenas.io', dataset: 'moved' },
    ],
    BARE,
    {},
    { 'prod persistentVolumes': 'failed' },
  ],
];

const settings = (numRuns: number) => ({
  numRuns: numRuns * rounds,
  seed,
  examples: [...ONCE_WRONG],
});

const volumes = fc.array(volume, { minLength: 1, maxLength: 16 });

test(
  'no certain finding on TrueNAS takes away what a bound volume or a claimed snapshot uses, whatever fails',
  () => {
    const certain = new Map<string, number>();
    fc.assert(
      fc.property(volumes, scenery, fates, fates, (world, around, first, second) => {
        const { truth, live } = liveWorldOf(world, around);
        for (const { rule, subject, confidence, remedy, category, reason } of scan(
          truth,
          first,
          second,
        )) {
          if (confidence !== 'certain' || subject.location !== 'truenas') continue;
          certain.set(rule, (certain.get(rule) ?? 0) + 1);
          if (category !== 'orphan' && !TAKES_AWAY.includes(remedy.action)) continue;
          expect(live, `${rule}: ${reason}`).not.toContain(`${subject.system} ${subject.name}`);
        }
      }),
      settings(1500),
    );
    // A property that never meets a certain finding would prove nothing.
    for (const rule of [
      'dataset-unclaimed',
      'dataset-half-provisioned',
      'zfs-snapshot-unclaimed',
      'detached-snapshot-unclaimed',
      'nfs-share-dangling',
      'iscsi-extent-dangling',
    ]) {
      expect(certain.get(rule) ?? 0, rule).toBeGreaterThan(5);
    }
  },
  UNHURRIED,
);

/** Of what these do the right owner has to be in view; exports without a dataset or a mapping are judged by themselves. */
const NEEDS_OWNER: readonly RemedyAction[] = [
  'quarantine-dataset',
  'destroy-dataset',
  'delete-zfs-snapshot',
  'delete-detached-snapshot',
  'delete-detached-container',
];

const systemOf = (subject: Finding['subject']): string | undefined =>
  subject.location === 'truenas' ? subject.system : undefined;

test(
  'no certain finding takes away a dataset or snapshot in use where a context leads to another cluster',
  () => {
    fc.assert(
      fc.property(volumes, sceneryAstray, fates, fates, (world, around, first, second) => {
        const { truth, live } = liveWorldOf(world, around);
        const taken = scan(truth, first, second)
          .filter(({ confidence }) => confidence === 'certain')
          .filter(({ remedy }) => NEEDS_OWNER.includes(remedy.action))
          .map(({ rule, subject }) => ({ rule, name: subject.name, system: systemOf(subject) }))
          .filter(({ system, name }) => live.has(`${system} ${name}`));
        expect(taken).toEqual([]);
      }),
      settings(500),
    );
  },
  UNHURRIED,
);

const failuresOf = (each: Fates): Fates =>
  Object.fromEntries(Object.entries(each).filter(([, fate]) => fate === 'failed'));

function newFindings(
  world: readonly Volume[],
  around: Scenery,
  first: Fates,
  second: Fates,
): readonly Finding[] {
  const { truth } = liveWorldOf(world, around);
  const known = new Map(scan(truth, {}, {}).map((finding) => [finding.id, finding]));
  return scan(truth, failuresOf(first), failuresOf(second)).filter(
    ({ id, confidence }) =>
      !known.has(id) || (confidence === 'certain' && known.get(id)?.confidence === 'likely'),
  );
}

/**
 * The lists by which a name of an SMB share or subsystem is followed decide nothing alone: without them whoever is known only by
 * such a name is not seen, and there is a finding that is likely. It is never certain, as the next claim says.
 */
function decisively(each: Volume): Volume {
  const byHand = each.other === 'static-volume' || each.other === 'inline-volume';
  const follows = each.protocol === 'nfs' || each.protocol === 'iscsi';
  return byHand && !follows ? { ...each, other: 'nobody' } : each;
}

const fewVolumes = fc.array(volume, { minLength: 1, maxLength: 10 });

test(
  'a source that fails in either read never adds a finding, nor certainty',
  () => {
    fc.assert(
      fc.property(fewVolumes, scenery, fates, fates, (world, around, first, second) => {
        // A mark of quarantine only silences, and where it was not seen there is nothing to be silent about.
        const unmarked = world.map((each) => ({ ...each, mark: 'none' as const }));
        expect(newFindings(unmarked.map(decisively), around, first, second)).toEqual([]);
      }),
      settings(500),
    );
  },
  UNHURRIED,
);

test(
  'a source that fails never makes anything certain, be it in quarantine or used under any name',
  () => {
    fc.assert(
      fc.property(fewVolumes, scenery, fates, fates, (world, around, first, second) => {
        const certain = newFindings(world, around, first, second).filter(
          ({ confidence }) => confidence === 'certain',
        );
        expect(certain).toEqual([]);
      }),
      settings(500),
    );
  },
  UNHURRIED,
);
