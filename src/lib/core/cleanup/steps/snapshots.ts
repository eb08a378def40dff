import { refToSnapshot } from '../../model/subjects.ts';
import { type Dataset, type ZfsSnapshot } from '../../model/truenas.ts';
import { type Expectation } from '../expectation.ts';
import { identityOf } from '../identity.ts';
import { leaveOut, NOT_SEEN, subjectOf, type StepDraft, type StepMaker } from './making.ts';
import { nasTarget } from './nas-object.ts';
import { isReadWhole, onSystem, type Scene } from './scene.ts';

/** Why a snapshot may not be deleted, in words. */
function whyNotDelete(snapshot: ZfsSnapshot, { derived }: Scene): string | undefined {
  const { id, system, details } = snapshot;
  const unknown = `what tells snapshot ${id} from another is not known`;
  if (details === null) return unknown;
  if (details.createtxg === null) return unknown;
  if (details.holds === null) return `whether snapshot ${id} is held is not known`;
  if (details.holds.length > 0) return `snapshot ${id} is held by ${details.holds.join(', ')}`;
  if (derived.snapshotLinks.isClaimed(snapshot)) return `Kubernetes counts on snapshot ${id}`;
  const clones = derived.volumeLinks.clonesOfSnapshot(system, id).map((clone) => clone.id);
  return clones.length > 0 ? `snapshot ${id} was cloned into ${clones.join(', ')}` : undefined;
}

/**
 * Why a dataset cannot go for the sake of its snapshots. Whoever made them, each has to be named by somebody who looked at it: ZFS
 * deletes no dataset that has one.
 */
export function whyNotWithSnapshots(dataset: Dataset, scene: Scene): string | undefined {
  if (!isReadWhole(scene, dataset.system, 'zfsSnapshots')) return 'its snapshots were not all read';
  const snapshots = scene.derived.snapshotLinks.snapshotsOf(dataset);
  const unnamed = snapshots.filter(({ id }) => !scene.snapshots.has(id)).map(({ id }) => id);
  if (unnamed.length > 0) {
    return `it has snapshots that nobody named with --include-snapshots: ${unnamed.toSorted().join(', ')}`;
  }
  for (const snapshot of snapshots) {
    const reason = whyNotDelete(snapshot, scene);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

export function deleteSnapshot(
  snapshot: ZfsSnapshot,
  around: readonly Expectation[] = [],
): StepDraft {
  const { id, system, details } = snapshot;
  const identity = identityOf.snapshot(snapshot);
  const target = nasTarget('snapshot', { id });
  return {
    title: `Delete snapshot ${id}`,
    target: { side: 'truenas', system },
    subject: subjectOf(refToSnapshot(snapshot)),
    change: { type: 'delete-snapshot', snapshot: id },
    before: [{ target, identity }, ...around],
    after: [{ target, identity: null }],
    preconditions: [
      `${id} is the snapshot that was looked at, by its transaction ${String(identity['createtxg'])}`,
      'nothing holds it, and nothing was cloned from it',
    ],
    undo: null,
    reversibleUntil: null,
    bytes: details?.used?.bytes ?? 0,
  };
}

/** A snapshot cannot be put aside: that nobody missed its claimant for as long takes the place of a quarantine. */
export const deleteZfsSnapshot: StepMaker = ({ subject, seenFor }, scene) => {
  if (subject.location !== 'truenas') return NOT_SEEN;
  const { system, name } = subject;
  const snapshot = onSystem(scene, system, 'zfsSnapshots').find(({ id }) => id === name);
  if (snapshot === undefined) return NOT_SEEN;
  if (seenFor === null || seenFor < scene.policy.quarantineFor) {
    return leaveOut(
      'it has not been seen so for as long as quarantine_for: a snapshot cannot be put aside, only waited for',
    );
  }
  const reason = whyNotDelete(snapshot, scene);
  if (reason !== undefined) return leaveOut(reason);
  const step = deleteSnapshot(snapshot);
  return {
    intent: 'destroy',
    dataset: snapshot.dataset,
    parent: null,
    bytes: step.bytes,
    steps: [step],
  };
};
