import { volumesByName } from '../../correlate/listed-by.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { WORKLOAD_LISTS } from '../../correlate/sources.ts';
import { assurance, condition, note, type Check } from '../../model/check.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
} from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import {
  defineRule,
  type Consulted,
  type EvidenceFor,
  type Lookup,
  type RuleContext,
  type Verdict,
} from '../../model/rule.ts';
import { refToClaim } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { formatBytes } from '../../render/text/format.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { datasetBehind } from '../checks/backing.ts';
import { claimFacts } from '../checks/claims.ts';
import { isBackupMover, ownerChecks } from '../checks/claim-users.ts';
import { isApproximate } from '../checks/facts.ts';
import { placeOfBackend } from '../checks/place.ts';
import { suspectedForThreshold } from '../checks/suspected.ts';
import { suspectsAmong } from '../checks/suspects.ts';

type Use = Consulted<'claimUse'>;

/** Pods that use it for its own sake; a backup only reads what others wrote. */
function isUser(pod: Pod): boolean {
  return !isBackupMover(pod);
}

function noPod(pods: readonly Pod[]): Check {
  const users = pods.filter(isUser).map(({ name }) => `pod ${name}`);
  return condition('no-pod-uses-it', users.length === 0, () =>
    users.length === 0 ? 'no pod mounts it' : users.slice(0, 3).join(', '),
  );
}

/** What would mount it if it were scaled up, woken or started. Which lists are missing hides as much as it would show. */
function noWorkload(claim: PersistentVolumeClaim, { coverage, value }: Use): Check {
  const workload = value.workloadsOf(claim).find((each) => !isBackupMover(each));
  if (workload !== undefined) {
    const { kind, name } = workload;
    return condition('no-workload-wants-it', false, `${kind} ${name} would mount it`);
  }
  return coverage.state === 'complete'
    ? condition('no-workload-wants-it', true, 'no template names it or makes it')
    : condition('no-workload-wants-it', undefined, `could not be read: ${coverage.reason}`);
}

/** Kubernetes says it from 1.36 on, in a condition of the claim; before, it speaks neither for nor against. */
function notInUseByCluster({ unused }: PersistentVolumeClaim): readonly Check[] {
  if (unused === null) return [];
  return [condition('not-in-use-by-cluster', unused, `its condition Unused is ${String(unused)}`)];
}

const KEEP = 'helm.sh/resource-policy';

function notKept({ annotations }: PersistentVolumeClaim): Check {
  const kept = annotations[KEEP] === 'keep';
  return assurance(
    'not-kept-on-purpose',
    !kept,
    kept ? `${KEEP} says to keep it` : 'nothing says to keep it',
  );
}

/** Snapshots and clones need their source: golden images are mounted by nobody. */
function notASource(
  snapshots: readonly string[],
  clones: readonly Dataset[],
  coverage: Consulted<'volumeSnapshots'>['coverage'],
): Check {
  const found = [...snapshots, ...clones.map(({ id }) => `clone ${id}`)];
  if (found.length > 0) {
    return condition('not-a-source', false, `source of ${found.slice(0, 3).join(', ')}`);
  }
  return coverage.state === 'complete'
    ? condition('not-a-source', true, 'no snapshot and no clone of it')
    : condition('not-a-source', undefined, `could not be read: ${coverage.reason}`);
}

/** Kubernetes dates it from 1.36 on; before, only what was seen in earlier scans does. */
function ageChecks(claim: PersistentVolumeClaim, context: RuleContext): readonly Check[] {
  const id = 'unused-for-threshold';
  if (claim.unused === true && claim.unusedSince !== null) {
    return [
      olderThanThreshold(claim.unusedSince, context, 'unused since'),
      assurance(id, true, `the cluster says unused since ${claim.unusedSince.toISOString()}`),
    ];
  }
  return [
    olderThanThreshold(claim.createdAt, context),
    suspectedForThreshold(id, refToClaim(claim), context),
  ];
}

/** Since when it is known to be unused. */
function unusedSince(claim: PersistentVolumeClaim, context: RuleContext): string {
  const since =
    claim.unused === true && claim.unusedSince !== null
      ? claim.unusedSince
      : context.firstSeen(refToClaim(claim));
  if (since === undefined) return 'no pod or workload uses it (noticed by this scan first)';
  const day = since.toISOString().slice(0, 10);
  // What earlier scans saw tells nothing of the time before them.
  return claim.unusedSince === since
    ? `no pod or workload has used it since ${day}`
    : `no pod or workload uses it (first noticed on ${day})`;
}

function messageOf(
  claim: PersistentVolumeClaim,
  dataset: Dataset | undefined,
  context: RuleContext,
): string {
  const used = dataset?.used ?? null;
  const holds = used === null ? '' : `, and its dataset holds ${formatBytes(used.bytes)}`;
  return `${unusedSince(claim, context)}${holds}`;
}

const LOOKUPS: readonly Lookup[] = [
  { kind: 'cluster-list', source: 'persistentVolumeClaims' },
  { kind: 'cluster-list', source: 'pods' },
  { kind: 'cluster-list', source: 'volumeSnapshots' },
  ...WORKLOAD_LISTS.map((source): Lookup => ({ kind: 'cluster-list', source })),
];

const REQUIRES = ['persistentVolumeClaims', 'persistentVolumes', 'pods', 'volumeLinks'] as const;
const CONSULTS = ['claimUse', 'volumeSnapshots'] as const;
type Given = EvidenceFor<(typeof REQUIRES)[number], (typeof CONSULTS)[number]>;

/** VolumeSnapshots by the claim they were taken of. */
function snapshotsBySource({ volumeSnapshots }: Given): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const { namespace, sourceClaim, name } of volumeSnapshots.items) {
    if (sourceClaim === null) continue;
    const key = `${namespace}/${sourceClaim}`;
    const names = sources.get(key);
    if (names === undefined) sources.set(key, [`VolumeSnapshot ${name}`]);
    else names.push(`VolumeSnapshot ${name}`);
  }
  return sources;
}

function judge(
  claim: PersistentVolumeClaim,
  pv: PersistentVolume,
  pods: readonly Pod[],
  snapshots: () => readonly string[],
  { claimUse, volumeLinks, volumeSnapshots }: Given,
  context: RuleContext,
): Verdict {
  const backend = volumeLinks.backendOf(pv);
  const dataset = datasetBehind(backend);
  const movers = pods.filter(isBackupMover);
  return {
    subject: refToClaim(claim),
    place: placeOfBackend(backend),
    premise: noPod(pods),
    checks: () => [
      ...notInUseByCluster(claim),
      condition(
        'bound',
        claim.phase === 'Bound' && claim.deletedAt === null,
        claim.deletedAt === null ? `phase is ${claim.phase}` : 'it is being deleted',
      ),
      noWorkload(claim, claimUse),
      ...ownerChecks(claim),
      notASource(
        snapshots(),
        dataset === undefined ? [] : volumeLinks.clonesOf(dataset),
        volumeSnapshots.coverage,
      ),
      notKept(claim),
      ...ageChecks(claim, context),
      ...(movers.length === 0
        ? []
        : [note('read-by-backup', true, movers.map(({ name }) => `pod ${name}`).join(', '))]),
    ],
    message: () => messageOf(claim, dataset, context),
    lookups: () => LOOKUPS,
    facts: () => ({
      ...claimFacts(claim),
      approximate: isApproximate(claim.capacity, claim.requested, dataset?.used),
      truenasReference: dataset?.id ?? null,
      remedy: {
        action: 'investigate',
        safe: false,
        steps: [
          'Ask the owner of the namespace: what mounts it may be suspended, kept elsewhere, or started by hand.',
          'Where the data is still wanted, say so with the annotation truenas-monitor.io/ignore: pvc-unused on the claim.',
          'Otherwise take a last snapshot or backup, look at the reclaim policy of its PersistentVolume, and delete the claim.',
        ],
        command: null,
      },
    }),
  };
}

/** The volume a claim is bound to, if TrueNAS stands behind it. */
function volumeOf(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  links: VolumeLinks,
): PersistentVolume | undefined {
  const { cluster, volumeName } = claim;
  const pv = volumeName === null ? undefined : volumesByName(volumes).get(cluster, volumeName);
  return pv !== undefined && links.concerns(pv) ? pv : undefined;
}

export const pvcUnused = defineRule({
  id: 'pvc-unused',
  category: 'orphan',
  severity: 'low',
  title: 'PersistentVolumeClaim that nothing mounts',
  scope: 'cluster',
  subjects: ['PersistentVolumeClaim'],
  remembers: true,
  requires: REQUIRES,
  consults: CONSULTS,

  *evaluate(evidence: Given, context) {
    const { persistentVolumeClaims, persistentVolumes, claimUse, volumeLinks } = evidence;
    const snapshots = lazy(() => snapshotsBySource(evidence));
    const isSuspect = (claim: PersistentVolumeClaim): boolean =>
      claim.unused !== false && !claimUse.value.podsOf(claim).some(isUser);
    for (const claim of suspectsAmong(persistentVolumeClaims, context, isSuspect)) {
      const pods = claimUse.value.podsOf(claim);
      const pv = volumeOf(claim, persistentVolumes, volumeLinks);
      if (pv === undefined) continue;
      const sources = (): readonly string[] =>
        snapshots().get(`${claim.namespace}/${claim.name}`) ?? [];
      yield judge(claim, pv, pods, sources, evidence, context);
    }
  },
});
