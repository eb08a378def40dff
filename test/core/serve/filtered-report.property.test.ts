import fc from 'fast-check';
import { packing } from '../../../src/lib/server/answer/packing.ts';
import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { listed, partial } from '../../../src/lib/core/model/coverage.ts';
import {
  type FindingFilter,
  type IgnoreEntry,
  NO_FILTER,
} from '../../../src/lib/core/model/filter.ts';
import { type Finding, SEVERITIES } from '../../../src/lib/core/model/finding.ts';
import {
  CLUSTER_SOURCES,
  SYSTEM_SOURCES,
  type Inventory,
  type ListSource,
} from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { RESOURCE_TYPES } from '../../../src/lib/core/model/resource-ref.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import { buildReport, type ReportParts } from '../../../src/lib/core/report/build-report.ts';
import { composeFinding } from '../../../src/lib/core/report/compose-finding.ts';
import { namespaceOf } from '../../../src/lib/core/report/select-findings.ts';
import { evaluate } from '../../../src/lib/core/rules/evaluate.ts';
import { RULES, selectRules } from '../../../src/lib/core/rules/registry.ts';
import { filteredReport } from '../../../src/lib/core/serve/filtered-report.ts';
import { servedFindings } from '../../../src/lib/core/serve/served-findings.ts';
import {
  aCluster,
  aDataset,
  anInventory,
  aSystem,
  aZfsSnapshot,
  LONG_AGO,
  NOW,
  size,
} from '../../support/builders.ts';
import { fuzzing } from '../../support/fuzzing.ts';
import {
  CLUSTERS,
  DRIVERS,
  liveWorldOf,
  scenery,
  SYSTEMS,
  volume,
} from '../../support/live-worlds.ts';
import { aReportFinding, onCluster, onSystem } from '../report/finding-builder.ts';

/** What is asked of a served scan, and of a scan by the same flags. */
interface Asked {
  readonly filter: FindingFilter;
  readonly rules: readonly string[] | null;
  readonly allowed: readonly string[] | null;
}

type World = Pick<ReportParts, 'inventory' | 'derived' | 'findings' | 'outcomes' | 'sources'>;

const NAMESPACES = ['shop', 'default', 'other', 'prod', 'elsewhere'] as const;
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const some = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 });

const asked: fc.Arbitrary<Asked> = fc.record({
  filter: fc.record({
    namespaces: maybe(some(...NAMESPACES)),
    selector: maybe(fc.constant([{ key: 'app', operator: 'in' as const, values: ['db'] }])),
    // Alone each of these leaves some rule.
    types: maybe(
      some(...RESOURCE_TYPES.filter((type) => RULES.some((rule) => rule.subjects.includes(type)))),
    ),
    olderThan: maybe(fc.constantFrom(millis(0), millis(5 * 86_400_000))),
    minSeverity: maybe(fc.constantFrom(...SEVERITIES)),
  }),
  rules: maybe(some('*', 'dataset-*', 'zfs-snapshot-unclaimed', 'pv-*', '*-dangling')),
  allowed: maybe(some(...NAMESPACES)),
});

const ignored: fc.Arbitrary<readonly IgnoreEntry[]> = fc.array(
  fc.record({
    rule: maybe(fc.constantFrom('dataset-*', 'pv-*', 'zfs-snapshot-unclaimed')),
    name: maybe(fc.constantFrom('tank/k8s/a*', '*1*')),
    namespace: maybe(fc.constantFrom(...NAMESPACES)),
    selector: fc.constant(null),
    reason: fc.constant('known'),
    until: fc.constant(null),
  }),
  { maxLength: 2 },
);

const DATASETS = ['tank/k8s/a', 'tank/k8s/b', 'tank/k8s/c'] as const;
const SNAPSHOTS = DATASETS.flatMap((dataset) =>
  ['s1', 's2', 's3'].map((name) => `${dataset}@${name}`),
);

/** Datasets whose snapshots share space; on one of the last rests a clone, and not all of them may be listed. */
function shelf(listedWhole: boolean): Inventory {
  const inventory = anInventory({
    datasets: [
      ...DATASETS.map((id) => aDataset({ id, usedBySnapshots: size(1_000) })),
      aDataset({ id: 'tank/k8s/clone', origin: `${DATASETS[2]}@s2` }),
    ],
    zfsSnapshots: SNAPSHOTS.map((id) => {
      const [dataset = '', name = ''] = id.split('@');
      return aZfsSnapshot({ id, dataset, name });
    }),
  });
  if (listedWhole) return inventory;
  return {
    ...inventory,
    systems: inventory.systems.map((system) => ({
      ...system,
      lists: {
        ...system.lists,
        zfsSnapshots: listed(system.lists.zfsSnapshots?.items ?? [], partial('page 2 failed')),
      },
    })),
  };
}

/** A finding about a dataset, a snapshot, or a volume that stands on either. */
const findingAbout = (about: string): fc.Arbitrary<Finding> =>
  fc
    .record({
      isVolume: fc.boolean(),
      confidence: fc.constantFrom('certain' as const, 'certain' as const, 'likely' as const),
      severity: fc.constantFrom(...SEVERITIES),
      namespace: maybe(fc.constantFrom(...NAMESPACES)),
      labels: fc.constantFrom({}, { app: 'db' }, { app: 'web' }),
      days: fc.constantFrom(null, 1, 10),
      freed: fc.constantFrom(0, 10, 100, 5_000),
    })
    .map(({ isVolume, namespace, days, freed, ...rest }) => {
      const isSnapshot = about.includes('@');
      const [path = ''] = about.split('@');
      const type = isSnapshot ? 'ZfsSnapshot' : 'Dataset';
      return aReportFinding({
        ...rest,
        rule: isVolume
          ? 'pv-released'
          : isSnapshot
            ? 'zfs-snapshot-unclaimed'
            : 'dataset-unclaimed',
        subject: isVolume ? onCluster('PersistentVolume', about) : onSystem(type, about),
        place: { system: 'nas1', path },
        truenasReference: about,
        kubernetesReference: namespace === null ? null : `${namespace}/data`,
        age: days === null ? null : millis(days * 86_400_000),
        reclaimable: bytes(freed),
      });
    });

const shelves: fc.Arbitrary<World> = fc
  .record({
    // Nearly all snapshots are forgotten: only what goes whole gives back what is shared.
    findings: fc
      .tuple(
        ...[...SNAPSHOTS, ...SNAPSHOTS, ...DATASETS, `${DATASETS[0]}@gone`].map((about) =>
          fc.option(findingAbout(about), { freq: 4, nil: undefined }),
        ),
      )
      .map((findings) => findings.filter((each) => each !== undefined)),
    listedWhole: fc.boolean(),
  })
  .map(({ findings, listedWhole }) => {
    const inventory = shelf(listedWhole);
    const { derived, statuses } = correlate(inventory, DEFAULT_POLICY);
    const named = findings.map((each, at) => ({ ...each, id: at.toString(16).padStart(16, '0') }));
    return { inventory, derived, findings: named, outcomes: [], sources: statuses };
  });

class LongKnown extends Map<string, Date> {
  override get(): Date {
    return LONG_AGO;
  }
}

/** Whole estates of two clusters and two systems, judged by every rule. */
const estates: fc.Arbitrary<World> = fc
  .record({ volumes: fc.array(volume, { minLength: 1, maxLength: 8 }), scenery })
  .map(({ volumes, scenery: around }) => {
    const { truth } = liveWorldOf(volumes, around);
    const lists = (member: string, sources: readonly ListSource[]): Record<string, unknown> =>
      Object.fromEntries(
        sources.map((source) => [source, listed(truth.get(member)?.[source] ?? [])]),
      );
    const inventory: Inventory = {
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
    const evidence = correlate(inventory, DEFAULT_POLICY);
    const outcomes = evaluate(RULES, evidence, DEFAULT_POLICY);
    const findings = outcomes.flatMap((outcome) =>
      outcome.state === 'ran'
        ? outcome.candidates.map((candidate) => composeFinding(candidate, evidence, true))
        : [],
    );
    const { derived, statuses } = evidence;
    return { inventory, derived, findings, outcomes, sources: statuses };
  });

function reportOf(world: World, ignore: readonly IgnoreEntry[], filter: FindingFilter) {
  return buildReport({
    ...world,
    now: NOW,
    filter,
    ignore,
    wholeEstate: true,
    duration: millis(5),
    cachedFor: null,
  });
}

function rulesFor({ rules, filter }: Asked): ReadonlySet<string> {
  const chosen = selectRules({ categories: null, globs: rules, types: filter.types });
  return new Set(chosen.map(({ id }) => id));
}

/** What a scan by these flags reports, of what may be seen. */
function scanned(world: World, ignore: readonly IgnoreEntry[], query: Asked) {
  const rules = rulesFor(query);
  const { allowed } = query;
  const findings = world.findings.filter(
    (finding) =>
      rules.has(finding.rule) && (allowed === null || allowed.includes(namespaceOf(finding) ?? '')),
  );
  const report = reportOf({ ...world, findings }, ignore, query.filter);
  const { summary } = report;
  return {
    findings: report.findings.map(({ id }) => id),
    suppressed: report.suppressed.map(({ finding }) => finding.id),
    filteredOut: report.filteredOut,
    summary:
      allowed === null
        ? summary
        : { ...summary, totalPvs: null, totalPvcs: null, totalSnapshots: null },
  };
}

/** The same out of what is served of one scan of everything. */
function served(world: World, ignore: readonly IgnoreEntry[], query: Asked) {
  const { findings, suppressed, ...report } = reportOf(world, ignore, NO_FILTER);
  const scan = { report, ...servedFindings({ findings, suppressed }, world, packing) };
  const answer = filteredReport(scan, {
    ...query,
    allowed: query.allowed === null ? null : new Set(query.allowed),
  });
  return {
    findings: answer.findings.map((index) => scan.findings.keys[index]?.id),
    suppressed: answer.suppressed.map((index) => scan.suppressed.keys[index]?.id),
    filteredOut: answer.filteredOut,
    summary: answer.summary,
  };
}

const { rounds, seed } = fuzzing();

test.each([
  ['findings that share space', shelves, 300],
  ['whole estates', estates, 60],
])('says of %s what a scan by the same flags says', { timeout: 120_000 * rounds }, (...given) => {
  const [, worlds, runs] = given;
  fc.assert(
    fc.property(worlds, ignored, asked, (world, ignore, query) => {
      fc.pre(rulesFor(query).size > 0);
      expect(served(world, ignore, query)).toEqual(scanned(world, ignore, query));
    }),
    { numRuns: runs * rounds, seed },
  );
});
