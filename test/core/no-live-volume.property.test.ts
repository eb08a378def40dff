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
import { composeFinding } from '../../src/lib/core/report/compose-finding.ts';
import { evaluate } from '../../src/lib/core/rules/evaluate.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import {
  aCluster,
  aContent,
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  anExtent,
  anIscsiPv,
  anNfsShare,
  aPool,
  aPv,
  aSystem,
  aTarget,
  aZfsSnapshot,
  details,
  finished,
  JUST_NOW,
  LONG_AGO,
  NOW,
  PARENT,
  properties,
} from '../support/builders.ts';

/** One volume as it truly is, on both sides. */
interface Volume {
  readonly pv: 'bound' | 'released' | 'none';
  readonly protocol: 'nfs' | 'iscsi';
  readonly handle: 'name' | 'hashed';
  readonly dataset: 'at-home' | 'moved' | 'gone';
  readonly finished: boolean;
  readonly exported: boolean;
  readonly snapshot: 'none' | 'claimed' | 'forgotten';
  readonly young: boolean;
}

const volume: fc.Arbitrary<Volume> = fc.record({
  pv: fc.constantFrom('bound', 'bound', 'released', 'none'),
  protocol: fc.constantFrom('nfs', 'iscsi'),
  handle: fc.constantFrom('name', 'hashed'),
  dataset: fc.constantFrom('at-home', 'at-home', 'at-home', 'moved', 'gone'),
  finished: fc.boolean(),
  exported: fc.boolean(),
  snapshot: fc.constantFrom('none', 'claimed', 'forgotten'),
  young: fc.boolean(),
});

/** What becomes of a list on its way to us. */
type Fate = 'whole' | 'failed' | 'cut-short' | 'empty-without-error';

const ALL_SOURCES: readonly ListSource[] = [...CLUSTER_SOURCES, ...SYSTEM_SOURCES];
/** Lists that may come back empty without an error: those a key or a wrong context cannot see. */
const MAY_LIE: readonly ListSource[] = ['persistentVolumes', 'datasets'];

const fates = fc.dictionary(
  fc.constantFrom(...ALL_SOURCES),
  fc.constantFrom<Fate>('whole', 'failed', 'cut-short', 'empty-without-error'),
  { maxKeys: 4 },
);

const uidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

type Truth = Record<ListSource, readonly unknown[]>;

/** Adds one volume's objects to the truth, and what a bound PersistentVolume uses of them to `live`. */
function addVolume(
  truth: Record<string, unknown[]>,
  live: Set<string>,
  each: Volume,
  n: number,
): void {
  const name = `pvc-${uidOf(n)}`;
  const leaf = each.handle === 'name' ? name : String(1000 + n);
  const home = each.dataset === 'moved' ? 'tank/elsewhere' : PARENT;
  const id = `${home}/${leaf}`;
  const createdAt = each.young ? JUST_NOW : LONG_AGO;
  const iscsi = each.protocol === 'iscsi';
  const base = iscsi ? anIscsiPv({ name }) : aPv({ name });
  const source = base.source.kind === 'csi' ? { ...base.source, handle: leaf } : base.source;
  if (each.pv !== 'none') {
    const phase = each.pv === 'bound' ? 'Bound' : 'Released';
    truth['persistentVolumes']?.push({ ...base, source, phase, createdAt });
  }
  if (each.dataset !== 'gone') {
    truth['datasets']?.push(
      aDataset({
        id,
        kind: iscsi ? 'volume' : 'filesystem',
        mountpoint: iscsi ? null : `/mnt/${id}`,
        createdAt,
        properties: each.finished
          ? finished(name)
          : properties({ csiVolumeName: name, managed: true }),
      }),
    );
  }
  if (each.exported && iscsi) {
    truth['iscsiExtents']?.push(
      anExtent({ id: n, name: `csi-${name}`, path: `zvol/${PARENT}/${leaf}` }),
    );
    truth['iscsiTargets']?.push(aTarget({ id: n, name: `csi-${name}` }));
    truth['iscsiTargetExtents']?.push(aMapping({ id: n, target: n, extent: n }));
  } else if (each.exported) {
    truth['nfsShares']?.push(
      anNfsShare({
        id: n,
        path: `/mnt/${PARENT}/${leaf}`,
        comment: `democratic-csi (org.democratic-csi.nfs): ${PARENT}/${leaf}`,
      }),
    );
  }
  const snapshotName = `snapshot-${uidOf(500 + n)}`;
  if (each.snapshot !== 'none' && each.dataset !== 'gone') {
    const own = finished(name, { csiSnapshotName: snapshotName, csiSnapshotSourceVolumeId: leaf });
    truth['zfsSnapshots']?.push(
      aZfsSnapshot({
        dataset: id,
        name: snapshotName,
        details: details({ createdAt, properties: own }),
      }),
    );
  }
  if (each.snapshot === 'claimed') {
    truth['volumeSnapshotContents']?.push(
      aContent({
        name: `content-${n}`,
        snapshotHandle: `${leaf}@${snapshotName}`,
        volumeHandle: leaf,
        snapshot: { namespace: 'media', name: `s${n}`, uid: uidOf(500 + n) },
      }),
    );
    live.add(`${id}@${snapshotName}`);
  }
  if (each.pv === 'bound') {
    for (const used of [id, `/mnt/${PARENT}/${leaf}`, `csi-${name}`]) live.add(used);
  }
}

function truthOf(volumes: readonly Volume[]): { truth: Truth; live: ReadonlySet<string> } {
  const truth = Object.fromEntries(ALL_SOURCES.map((source) => [source, []])) as unknown as Record<
    ListSource,
    unknown[]
  >;
  truth.pools.push(aPool());
  truth.datasets.push(aFolder('tank'), aFolder(PARENT), aFolder('tank/elsewhere'));
  const live = new Set<string>();
  for (const [n, each] of volumes.entries()) addVolume(truth, live, each, n);
  return { truth, live };
}

/** What a reader hands over of a list, given its fate: a broken one is always told apart from a whole one. */
function seen(source: ListSource, truth: Truth, fate: Fate): ReturnType<typeof listed<unknown>> {
  const items = truth[source];
  switch (fate) {
    case 'whole':
      return listed(items);
    case 'failed':
      return unlisted(failed('connection lost'));
    case 'cut-short':
      return listed(items.slice(0, items.length >> 1), partial('page 2 failed'));
    case 'empty-without-error':
      return MAY_LIE.includes(source) ? listed<unknown>([]) : listed(items);
  }
}

function read(truth: Truth, fateOf: (source: ListSource) => Fate): Inventory {
  const lists = (sources: readonly ListSource[]): Record<string, unknown> =>
    Object.fromEntries(sources.map((source) => [source, seen(source, truth, fateOf(source))]));
  return {
    takenAt: NOW,
    clusters: [{ identity: aCluster(), lists: lists(CLUSTER_SOURCES) }],
    systems: [{ identity: aSystem(), lists: lists(SYSTEM_SOURCES) }],
    drivers: [aDriver()],
    firstSeen: new Map(),
  };
}

/** A whole scan: the first read, the verdicts, the second read with a fate of its own, what is left. */
function scan(truth: Truth, first: Record<string, Fate>, second: Record<string, Fate>): Finding[] {
  const inventory = read(truth, (source) => first[source] ?? 'whole');
  const evidence = correlate(inventory, DEFAULT_POLICY);
  const candidates = evaluate(RULES, evidence, DEFAULT_POLICY).flatMap((outcome) =>
    outcome.state === 'ran' ? outcome.candidates : [],
  );
  const again = read(truth, (source) => second[source] ?? 'whole');
  const plan = planSecondRead(candidates);
  const look = <T extends { readonly id: string }>(
    items: readonly T[],
    ids: ReadonlySet<string>,
  ) => {
    const found = new Map(items.filter(({ id }) => ids.has(id)).map((item) => [item.id, item]));
    const absent = new Set([...ids].filter((id) => !found.has(id)));
    return { found, absent, coverage: { state: 'complete' as const } };
  };
  const after = withSecondReads(inventory, {
    clusterLists: new Map(
      again.clusters.map(({ identity, lists }) => [
        identity.name,
        Object.fromEntries([...plan.clusterLists].map((source) => [source, lists[source]])),
      ]),
    ),
    systemLists: new Map(
      again.systems.map(({ identity, lists }) => [
        identity.name,
        Object.fromEntries(
          [...(plan.systemLists.get(identity.name) ?? [])].map((source) => [source, lists[source]]),
        ),
      ]),
    ),
    datasets: new Map(
      [...plan.datasets].map(([system, ids]) => [
        system,
        look(truth.datasets as ReturnType<typeof aDataset>[], ids),
      ]),
    ),
    snapshots: new Map(
      [...plan.snapshots].map(([system, ids]) => [
        system,
        look(truth.zfsSnapshots as ReturnType<typeof aZfsSnapshot>[], ids),
      ]),
    ),
  });
  const result = confirm(candidates, after, DEFAULT_POLICY);
  return result.confirmed.map((candidate) => composeFinding(candidate, result.evidence, true));
}

test('no certain finding on TrueNAS names what a bound volume or a claimed snapshot uses, whatever fails', () => {
  let certain = 0;
  fc.assert(
    fc.property(
      fc.array(volume, { minLength: 1, maxLength: 14 }),
      fates,
      fates,
      (volumes, first, second) => {
        const { truth, live } = truthOf(volumes);
        for (const finding of scan(truth, first, second)) {
          if (finding.confidence !== 'certain' || finding.subject.location !== 'truenas') continue;
          certain += 1;
          expect(live, `${finding.rule}: ${finding.reason}`).not.toContain(finding.subject.name);
        }
      },
    ),
    { numRuns: 1500 },
  );
  // A property that never meets a certain finding would prove nothing.
  expect(certain).toBeGreaterThan(100);
});

test('a source that fails in either read never adds a finding', () => {
  fc.assert(
    fc.property(
      fc.array(volume, { minLength: 1, maxLength: 10 }),
      fates,
      fates,
      (volumes, first, second) => {
        const { truth } = truthOf(volumes);
        const honest = (fate: Record<string, Fate>): Record<string, Fate> =>
          Object.fromEntries(Object.entries(fate).filter(([, each]) => each === 'failed'));
        const known = new Set(scan(truth, {}, {}).map(({ id }) => id));
        for (const { id, rule, reason } of scan(truth, honest(first), honest(second))) {
          expect(known, `${rule}: ${reason}`).toContain(id);
        }
      },
    ),
    { numRuns: 500 },
  );
});
