import { type ParentIndex } from '../../correlate/parents.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import {
  type PersistentVolumeClaim,
  type StorageClass,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
} from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { type Listing } from '../../model/coverage.ts';
import { defineRule, type EvidenceFor, type Lookup, type SubjectFacts } from '../../model/rule.ts';
import { refToVolumeSnapshot } from '../../model/subjects.ts';
import { type RunningJob } from '../../model/truenas-tasks.ts';
import { absenceOf } from '../checks/absence.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { placeOfSnapshot, type SnapshotPlace } from '../checks/backing.ts';
import { provisionerOf } from '../checks/claims.ts';
import { facts, isApproximate } from '../checks/facts.ts';
import { excerpt } from '../checks/excerpt.ts';
import { suspectsAmong } from '../checks/suspects.ts';

const BEING_CREATED = 'snapshot.storage.kubernetes.io/volumesnapshot-being-created';

/** What names the driver of a snapshot: its content, else its class, else the claim it is to be taken of. */
interface Surroundings {
  readonly contents: () => ReadonlyMap<string, VolumeSnapshotContent>;
  readonly classes: readonly VolumeSnapshotClass[];
  readonly claims: () => ReadonlyMap<string, PersistentVolumeClaim>;
  readonly storageClasses: readonly StorageClass[];
}

function contentOf(
  { contentName }: VolumeSnapshot,
  { contents }: Surroundings,
): VolumeSnapshotContent | undefined {
  return contentName === null ? undefined : contents().get(contentName);
}

function driverOf(snapshot: VolumeSnapshot, around: Surroundings): string | undefined {
  const content = contentOf(snapshot, around);
  if (content !== undefined) return content.driver;
  const snapshotClass = around.classes.find(({ name }) => name === snapshot.snapshotClass);
  if (snapshotClass !== undefined) return snapshotClass.driver;
  const { namespace, sourceClaim } = snapshot;
  const claim =
    sourceClaim === null ? undefined : around.claims().get(`${namespace}/${sourceClaim}`);
  return claim && provisionerOf(claim, around.storageClasses);
}

function problemOf(snapshot: VolumeSnapshot, content: VolumeSnapshotContent | undefined): string {
  const error = snapshot.error ?? content?.error ?? null;
  if (error !== null) return `taking it fails: ${excerpt(error.message)}`;
  if (snapshot.contentName === null) return 'it has no VolumeSnapshotContent, and gives no error';
  return content === undefined
    ? `its VolumeSnapshotContent ${snapshot.contentName} does not exist`
    : 'it is not ready to use, and gives no error';
}

function touches(job: string, path: string): boolean {
  const dataset = job.split('@', 1)[0] ?? job;
  return dataset === path || path.startsWith(`${dataset}/`) || dataset.startsWith(`${path}/`);
}

/** A detached snapshot is a copy, and copying a large volume takes its time. */
function noReplication(
  place: SnapshotPlace | undefined,
  volume: string | null,
  parents: ParentIndex,
  jobs: Listing<RunningJob>,
): Check {
  const concerns = ({ system, datasets }: RunningJob): boolean =>
    place === undefined
      ? // Which dataset it is taken of is not known, so that any replication may be its own.
        parents.all.some(
          (parent) =>
            parent.system === system && datasets.some((dataset) => touches(dataset, parent.path)),
        )
      : place.system === system &&
        datasets.some(
          (dataset) =>
            touches(dataset, place.path) ||
            (volume !== null && dataset.split(/[/@]/).includes(volume)),
        );
  const found = jobs.items.filter(concerns).map(({ id, method }) => `${method} (job ${id})`);
  return absenceOf('no-job-runs', found, [jobs.coverage]);
}

const LOOKUPS: readonly Lookup[] = [
  { kind: 'cluster-list', source: 'volumeSnapshots' },
  { kind: 'cluster-list', source: 'volumeSnapshotContents' },
];

function lookupsFor(systems: readonly { readonly name: string }[]): readonly Lookup[] {
  return [
    ...LOOKUPS,
    ...systems.map(({ name }): Lookup => ({
      kind: 'system-list',
      source: 'runningJobs',
      system: name,
    })),
  ];
}

const REQUIRES = ['volumeSnapshots', 'volumeSnapshotContents', 'parents', 'systems'] as const;
const CONSULTS = [
  'volumeSnapshotClasses',
  'persistentVolumeClaims',
  'storageClasses',
  'runningJobs',
] as const;
type Given = EvidenceFor<(typeof REQUIRES)[number], (typeof CONSULTS)[number]>;

function lookAround(evidence: Given): Surroundings {
  const { volumeSnapshotContents, volumeSnapshotClasses, storageClasses } = evidence;
  const claims = evidence.persistentVolumeClaims.items;
  return {
    contents: lazy(() => new Map(volumeSnapshotContents.map((each) => [each.name, each]))),
    classes: volumeSnapshotClasses.items,
    claims: lazy(() => new Map(claims.map((each) => [`${each.namespace}/${each.name}`, each]))),
    storageClasses: storageClasses.items,
  };
}

function notBeingDeleted(
  snapshot: VolumeSnapshot,
  content: VolumeSnapshotContent | undefined,
): Check {
  const deleting = snapshot.deletedAt ?? content?.deletedAt ?? null;
  return condition(
    'not-being-deleted',
    deleting === null,
    deleting === null ? 'nobody deletes it' : 'it is being deleted',
  );
}

function notBeingMade(content: VolumeSnapshotContent | undefined): Check {
  const beingMade = content !== undefined && BEING_CREATED in content.annotations;
  return assurance(
    'not-being-made',
    !beingMade,
    beingMade
      ? 'the driver is at it, or was when it last answered'
      : 'no call to the driver is open',
  );
}

function factsOf(
  snapshot: VolumeSnapshot,
  content: VolumeSnapshotContent | undefined,
  place: SnapshotPlace | undefined,
): SubjectFacts {
  const size = content?.restoreSize ?? null;
  return facts({
    createdAt: snapshot.createdAt,
    size: size?.bytes ?? null,
    approximate: isApproximate(size),
    labels: snapshot.labels,
    annotations: snapshot.annotations,
    truenasReference: place?.id ?? content?.snapshotHandle ?? null,
    kubernetesReference: `${snapshot.namespace}/${snapshot.name}`,
    remedy: {
      action: 'investigate',
      safe: false,
      steps: [
        'Do not count on it: nothing can be restored from this VolumeSnapshot.',
        'Read its status and events, and the log of the csi-snapshotter and of the driver: they hold the answer of TrueNAS.',
        'Check that the snapshot-controller runs, that its class exists, and that no replication job of the volume hangs on TrueNAS.',
        'Remove the cause and take a new snapshot; delete this one when the new one is ready.',
      ],
      command: null,
    },
  });
}

export const snapshotNotReady = defineRule({
  id: 'snapshot-not-ready',
  category: 'orphan',
  severity: 'medium',
  title: 'VolumeSnapshot that never became ready',
  scope: 'cluster',
  subjects: ['VolumeSnapshot'],
  requires: REQUIRES,
  consults: CONSULTS,

  *evaluate(evidence: Given, context) {
    const { volumeSnapshots, parents, systems, runningJobs } = evidence;
    const around = lookAround(evidence);
    // Once it is ready it stays so; what fails afterwards is its deletion.
    const isNotReady = ({ readyToUse }: VolumeSnapshot): boolean => readyToUse !== true;
    for (const snapshot of suspectsAmong(volumeSnapshots, context, isNotReady)) {
      const ready = !isNotReady(snapshot);
      const driver = driverOf(snapshot, around);
      if (driver === undefined || !parents.isTrueNasDriver(snapshot.cluster, driver)) continue;
      const content = contentOf(snapshot, around);
      const place = content && placeOfSnapshot(content, parents);
      yield {
        subject: refToVolumeSnapshot(snapshot),
        place: place === undefined ? null : { system: place.system, path: place.path },
        premise: condition('not-ready', !ready, ready ? 'it is ready to use' : 'it is not ready'),
        checks: () => [
          notBeingDeleted(snapshot, content),
          olderThanThreshold(snapshot.createdAt, context),
          notBeingMade(content),
          noReplication(place, content?.volumeHandle ?? null, parents, runningJobs),
        ],
        message: () => problemOf(snapshot, content),
        lookups: () => lookupsFor(systems),
        facts: () => factsOf(snapshot, content, place),
      };
    }
  },
});
