import { estateSpace } from '../analysis/space.ts';
import { type PoolSpace } from '../analysis/pool-space.ts';
import { type VolumeSpace } from '../analysis/volume-space.ts';
import { type Evidence } from '../correlate/correlate.ts';
import { type Finding } from '../model/finding.ts';
import {
  type ClassSample,
  type FindingSample,
  type JudgedScope,
  type PoolSample,
  type ScanSample,
  type VolumeSample,
} from '../model/history.ts';
import { type Report } from '../model/report.ts';
import { typedName } from '../model/resource-ref.ts';
import { homeId, homeIdOf, type RuleOutcome, type Suspect } from '../rules/evaluate.ts';
import { type EstateIds, estateIds, type NoIds } from './estate-ids.ts';

/** A scan as far as history wants to know of it. */
export interface ScanOutcome {
  readonly evidence: Pick<Evidence, 'inventory' | 'derived'>;
  readonly outcomes: readonly RuleOutcome<Suspect>[];
  readonly report: Pick<Report, 'findings' | 'suppressed'>;
}

export type Sampled = { readonly state: 'sample'; readonly sample: ScanSample } | NoIds;

/** What a scan leaves behind; nothing where a cluster or system could not be told from another one. */
export function sampleOf({ evidence, outcomes, report }: ScanOutcome): Sampled {
  const { inventory } = evidence;
  const ids = estateIds(inventory);
  if (ids.state === 'none') return ids;
  const { pools, classes, volumes } = estateSpace(evidence);
  return {
    state: 'sample',
    sample: {
      at: inventory.takenAt,
      clusters: ids.clusters,
      systems: ids.systems,
      pools: pools.flatMap((pool) => poolSample(pool, ids)),
      classes: classes.map(({ cluster, storageClass, volumes: count, space }): ClassSample => ({
        clusterUid: ids.uidOf(cluster),
        storageClass,
        volumes: count,
        ...space,
      })),
      volumes: volumes.map((volume) => volumeSample(volume, ids)),
      findings: findingSamples(report, evidence),
      judged: judgedScopes(outcomes, evidence),
    },
  };
}

/** A pool that does not tell its size has no row: nothing could be said of it later. */
function poolSample({ pool, capacity, space }: PoolSpace, ids: EstateIds): readonly PoolSample[] {
  if (capacity === null || space === null) return [];
  const { name, guid, system } = pool;
  return [{ hostId: ids.hostIdOf(system), pool: guid ?? name, name, capacity, ...space }];
}

function volumeSample({ pv, dataset, space }: VolumeSpace, ids: EstateIds): VolumeSample {
  return {
    hostId: ids.hostIdOf(dataset.system),
    dataset: dataset.id,
    createdAt: dataset.createdAt,
    clusterUid: ids.uidOf(pv.cluster),
    volume: pv.name,
    namespace: pv.claim?.namespace ?? null,
    claim: pv.claim?.name ?? null,
    storageClass: pv.storageClass,
    ...space,
  };
}

function findingSamples(
  { findings, suppressed }: ScanOutcome['report'],
  evidence: ScanOutcome['evidence'],
): readonly FindingSample[] {
  const sample = (finding: Finding, isSuppressed: boolean): FindingSample => ({
    id: finding.id,
    rule: finding.rule,
    category: finding.category,
    severity: finding.severity,
    subject: typedName(finding.subject),
    scope: homeId(evidence, finding.subject),
    reclaimable: finding.reclaimable,
    suppressed: isSuppressed,
  });
  return [
    ...findings.map((finding) => sample(finding, false)),
    ...suppressed.map(({ finding }) => sample(finding, true)),
  ];
}

/** A rule that was skipped says nothing of what it found before: that stays open. */
function judgedScopes(
  outcomes: readonly RuleOutcome<Suspect>[],
  evidence: ScanOutcome['evidence'],
): readonly JudgedScope[] {
  return outcomes
    .filter(({ state }) => state === 'ran')
    .map(({ rule, member }) => ({ rule: rule.id, scope: homeIdOf(evidence, member) }));
}
