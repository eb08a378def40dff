import { type Confidence, type Finding, type Severity } from '../../model/finding.ts';
import { type Report } from '../../model/report.ts';
import { type RuleOutcome, type Suspect } from '../../rules/evaluate.ts';
import { isWhole } from '../../report/build-report.ts';
import { type OrphanGroup, orphanGroupOf } from '../../report/summarise.ts';
import { family, type Measured, measured, type Sample, single } from './family.ts';

const findings = family(
  'findings',
  'Findings that nobody suppressed, 0 where a rule found nothing; a rule that could not be judged has no series.',
  ['rule', 'severity', 'confidence', 'cluster', 'system'],
);
const suppressed = family(
  'findings_suppressed',
  'Findings that somebody said to leave alone; they count nowhere else.',
  ['rule', 'cluster', 'system'],
);
const skipped = family(
  'rule_skipped',
  '1 where a rule could not be judged because something it needs was not read, 0 where it was judged.',
  ['rule', 'cluster', 'system'],
);
const orphans = family(
  'orphans',
  'Distinct objects that one side has forgotten, by kind; none of a kind that not every rule could be judged for.',
  ['kind'],
);
const orphanedPvs = family(
  'orphaned_pvs_total',
  'PersistentVolumes that are orphaned now. A gauge, whatever its established name says.',
);
const orphanedPvcs = family(
  'orphaned_pvcs_total',
  'PersistentVolumeClaims that are orphaned now. A gauge, whatever its established name says.',
);
const orphanedSnapshots = family(
  'orphaned_snapshots_total',
  'Snapshots on either side that are orphaned now. A gauge, whatever its established name says.',
);
const reclaimable = family(
  'reclaimable_bytes',
  'Bytes that removing what is certainly orphaned would free, each counted once.',
);

export const FINDING_FAMILIES = [
  findings,
  suppressed,
  skipped,
  orphans,
  orphanedPvs,
  orphanedPvcs,
  orphanedSnapshots,
  reclaimable,
];

export type Outcomes = readonly RuleOutcome<Suspect>[];

/** What rules found, and what they could not look at. */
export function findingMeasures(report: Report, outcomes: Outcomes): readonly Measured[] {
  const counts = orphanCounts(report, outcomes);
  return [
    measured(findings, findingSamples(report.findings, outcomes)),
    measured(suppressed, suppressedSamples(report)),
    measured(skipped, skippedSamples(outcomes)),
    measured(
      orphans,
      [...counts].map(([kind, value]) => ({ labels: [kind], value })),
    ),
    single(orphanedPvs, counts.get('pvs') ?? null),
    single(orphanedPvcs, counts.get('pvcs') ?? null),
    single(orphanedSnapshots, counts.get('snapshots') ?? null),
    single(
      reclaimable,
      outcomes.length > 0 && !outcomes.some(isGap) ? report.summary.reclaimable : null,
    ),
  ];
}

/** Counts by labels; a label that is null has no value. */
class Tally {
  readonly #samples = new Map<string, { labels: readonly (string | null)[]; value: number }>();

  add(labels: readonly (string | null)[], count: number): void {
    const key = JSON.stringify(labels);
    const sample = this.#samples.get(key);
    if (sample === undefined) this.#samples.set(key, { labels, value: count });
    else sample.value += count;
  }

  get samples(): readonly Sample[] {
    return [...this.#samples.values()];
  }
}

const CONFIDENCES: readonly Confidence[] = ['certain', 'likely'];

function findingSamples(found: readonly Finding[], outcomes: Outcomes): readonly Sample[] {
  const tally = new Tally();
  const add = (
    { rule, severity }: { readonly rule: string; readonly severity: Severity },
    confidence: Confidence,
    home: readonly (string | null)[],
    count: number,
  ): void => {
    tally.add([rule, severity, confidence, ...home], count);
  };
  for (const { state, rule, member } of outcomes) {
    if (state === 'skipped') continue;
    const { id, severity } = rule;
    for (const each of CONFIDENCES) add({ rule: id, severity }, each, placeOf(member), 0);
  }
  for (const finding of found) add(finding, finding.confidence, homeOf(finding), 1);
  return tally.samples;
}

function suppressedSamples(report: Report): readonly Sample[] {
  const tally = new Tally();
  for (const { finding } of report.suppressed) tally.add([finding.rule, ...homeOf(finding)], 1);
  return tally.samples;
}

/** A rule of what cannot exist somewhere is neither judged nor missed there. */
function skippedSamples(outcomes: Outcomes): readonly Sample[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.state === 'skipped' && !isGap(outcome)) return [];
    const value = outcome.state === 'skipped' ? 1 : 0;
    return [{ labels: [outcome.rule.id, ...placeOf(outcome.member)], value }];
  });
}

/** Whether something was not looked at that could be there. */
function isGap(outcome: Outcomes[number]): boolean {
  return outcome.state === 'skipped' && !outcome.because.every(isWhole);
}

/** Only of kinds about which every rule had its say: of all others the count is no more than what was seen of them. */
function orphanCounts({ summary }: Report, outcomes: Outcomes): ReadonlyMap<OrphanGroup, number> {
  const judged = new Set<OrphanGroup>();
  const missed = new Set<OrphanGroup>();
  for (const outcome of outcomes) {
    if (outcome.rule.category !== 'orphan') continue;
    for (const type of outcome.rule.subjects) {
      (isGap(outcome) ? missed : judged).add(orphanGroupOf(type));
    }
  }
  const counts: readonly (readonly [OrphanGroup, number])[] = [
    ['pvs', summary.orphanedPvs],
    ['pvcs', summary.orphanedPvcs],
    ['snapshots', summary.orphanedSnapshots],
    ['truenas', summary.orphanedTruenasObjects],
    ['others', summary.orphanedOthers],
  ];
  return new Map(counts.filter(([kind]) => judged.has(kind) && !missed.has(kind)));
}

function placeOf({ scope, name }: Outcomes[number]['member']): readonly (string | null)[] {
  return scope === 'cluster' ? [name, null] : [null, name];
}

function homeOf({ subject }: Finding): readonly (string | null)[] {
  return subject.location === 'kubernetes' ? [subject.cluster, null] : [null, subject.system];
}
