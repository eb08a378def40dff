import { type ParentIndex } from '../../correlate/parents.ts';
import { snapshotUids } from '../../correlate/listed-by.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type VolumeSnapshot, type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { type Severity } from '../../model/finding.ts';
import { lazy } from '../../model/lazy.ts';
import { type Policy } from '../../model/policy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule } from '../../model/rule.ts';
import { refToContent } from '../../model/subjects.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { placeOfSnapshot } from '../checks/backing.ts';
import { facts, isApproximate } from '../checks/facts.ts';
import { suspectedForThreshold } from '../checks/suspected.ts';
import { suspectsAmong } from '../checks/suspects.ts';

/** VolumeSnapshots of one cluster, by what a content calls them. */
interface Snapshots {
  hasUid(uid: string): boolean;
  hasName(namespace: string, name: string): boolean;
}

function indexSnapshots(snapshots: readonly VolumeSnapshot[]): Snapshots {
  const uids = snapshotUids(snapshots);
  const names = lazy(() => new Set(snapshots.map(({ namespace, name }) => `${namespace}/${name}`)));
  return {
    hasUid: (uid) => uids.find(uid) !== undefined,
    hasName: (namespace, name) => names().has(`${namespace}/${name}`),
  };
}

/** A content made by hand has no uid yet: its VolumeSnapshot is known by name until the two are bound. */
function isUnclaimed({ snapshot }: VolumeSnapshotContent, known: Snapshots): boolean {
  if (snapshot === null) return true;
  return snapshot.uid === null
    ? !known.hasName(snapshot.namespace, snapshot.name)
    : !known.hasUid(snapshot.uid);
}

const VELERO = 'velero.io/';

/** Velero keeps contents without their VolumeSnapshots: from them it restores. */
function isVeleros({ labels, annotations }: VolumeSnapshotContent): boolean {
  return [...Object.keys(labels), ...Object.keys(annotations)].some((key) => key.includes(VELERO));
}

type Keeper = 'velero' | 'policy' | 'nobody';

function keeperOf(content: VolumeSnapshotContent): Keeper {
  if (isVeleros(content)) return 'velero';
  return content.deletionPolicy === 'Retain' ? 'policy' : 'nobody';
}

const KEPT: Readonly<Record<Keeper, string>> = {
  velero: 'its marks of velero.io say that a backup needs it',
  policy: 'its deletion policy is Retain',
  nobody: 'its deletion policy is Delete, and no backup tool marked it',
};

const MESSAGES: Readonly<Record<Keeper, string>> = {
  velero: 'its VolumeSnapshot is gone, kept on purpose by Velero',
  policy: 'its VolumeSnapshot is gone, deletion policy Retain keeps it',
  nobody: 'its VolumeSnapshot is gone, and deletion policy Delete should have removed it',
};

const SEVERITIES: Readonly<Record<Keeper, Severity>> = {
  velero: 'info',
  policy: 'low',
  nobody: 'medium',
};

function wasBound({ snapshot }: VolumeSnapshotContent): Check {
  const uid = snapshot?.uid ?? null;
  return assurance(
    'was-bound',
    uid !== null,
    uid === null ? 'it was never bound' : `it was bound to ${uid}`,
  );
}

function nameNotReused({ snapshot }: VolumeSnapshotContent, known: Snapshots): Check {
  const reused = snapshot !== null && known.hasName(snapshot.namespace, snapshot.name);
  return assurance(
    'name-not-reused',
    !reused,
    reused ? 'a newer VolumeSnapshot has its name' : 'no VolumeSnapshot has its name',
  );
}

/** Too many at once, and it is the VolumeSnapshots that are not in view: a cluster restored from an older state. */
function plausibleLoss(unclaimed: number, all: number, policy: Policy): Check {
  const implausible =
    unclaimed >= policy.implausibleCount && unclaimed > all * policy.implausibleShare;
  return assurance(
    'few-unclaimed-at-once',
    !implausible,
    `${unclaimed} of ${all} contents of the cluster have no VolumeSnapshot`,
  );
}

function remedyFor(keeper: Keeper): Remedy {
  return {
    action: 'investigate',
    safe: false,
    steps: [
      keeper === 'velero'
        ? 'Look whether the Velero backup that made it still exists: Velero deletes the content with its backup.'
        : 'Ask the owner of the namespace whether anybody would restore from it: this may be the last copy.',
      'To restore from it, create a further VolumeSnapshotContent with deletionPolicy Retain and its handle as spec.source.snapshotHandle, and a VolumeSnapshot that names it.',
      'To let it go, set deletionPolicy to Delete and delete the VolumeSnapshotContent, so that the driver removes the snapshot from TrueNAS.',
      'Check on TrueNAS that the snapshot is gone.',
    ],
    command: null,
  };
}

function countUnclaimed(
  contents: readonly VolumeSnapshotContent[],
  known: Snapshots,
  parents: ParentIndex,
): { unclaimed: number; all: number } {
  const ours = contents.filter((each) => parents.isTrueNasDriver(each.cluster, each.driver));
  return {
    all: ours.length,
    // What somebody keeps was never meant to have its VolumeSnapshot.
    unclaimed: ours.filter((each) => keeperOf(each) === 'nobody' && isUnclaimed(each, known))
      .length,
  };
}

export const snapshotContentUnclaimed = defineRule({
  id: 'snapshot-content-unclaimed',
  category: 'orphan',
  severity: 'medium',
  title: 'VolumeSnapshotContent without its VolumeSnapshot',
  scope: 'cluster',
  subjects: ['VolumeSnapshotContent'],
  remembers: true,
  requires: ['volumeSnapshotContents', 'volumeSnapshots', 'parents'],
  consults: [],

  *evaluate({ volumeSnapshotContents, volumeSnapshots, parents }, context) {
    const known = indexSnapshots(volumeSnapshots);
    const count = lazy(() => countUnclaimed(volumeSnapshotContents, known, parents));
    const isSuspect = (content: VolumeSnapshotContent): boolean => isUnclaimed(content, known);
    for (const content of suspectsAmong(volumeSnapshotContents, context, isSuspect)) {
      const unclaimed = isSuspect(content);
      if (!parents.isTrueNasDriver(content.cluster, content.driver)) continue;
      const { snapshot, error, deletedAt } = content;
      const subject = refToContent(content);
      const keeper = keeperOf(content);
      const place = placeOfSnapshot(content, parents);
      const name = snapshot === null ? null : `${snapshot.namespace}/${snapshot.name}`;
      yield {
        subject,
        place: place === undefined ? null : { system: place.system, path: place.path },
        premise: condition('no-volume-snapshot', unclaimed, () =>
          unclaimed ? `no VolumeSnapshot ${name ?? ''}`.trimEnd() : `VolumeSnapshot ${name ?? ''}`,
        ),
        checks: () => [
          olderThanThreshold(lastTurn(content), context, 'unchanged since'),
          condition(
            'not-delete-blocked',
            deletedAt === null || error === null,
            deletedAt === null || error === null
              ? 'no deletion of it fails'
              : 'its deletion is under way and fails',
          ),
          assurance('not-kept-on-purpose', keeper === 'nobody', KEPT[keeper]),
          wasBound(content),
          nameNotReused(content, known),
          plausibleLoss(count().unclaimed, count().all, context.policy),
          suspectedForThreshold('unclaimed-for-threshold', subject, context),
        ],
        message: MESSAGES[keeper],
        lookups: () => [
          { kind: 'cluster-list', source: 'volumeSnapshots' },
          { kind: 'cluster-list', source: 'volumeSnapshotContents' },
        ],
        severity: SEVERITIES[keeper],
        facts: () =>
          facts({
            createdAt: content.createdAt,
            size: content.restoreSize?.bytes ?? null,
            approximate: isApproximate(content.restoreSize),
            labels: content.labels,
            annotations: content.annotations,
            truenasReference: place?.id ?? content.snapshotHandle,
            kubernetesReference: name,
            remedy: remedyFor(keeper),
          }),
      };
    }
  },
});
