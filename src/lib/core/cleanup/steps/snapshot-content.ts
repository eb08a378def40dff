import { type VolumeSnapshot, type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { refToContent, refToVolumeSnapshot } from '../../model/subjects.ts';
import { managerOf } from '../../report/managed-by.ts';
import { identityOf } from '../identity.ts';
import {
  deleteRetained,
  deleteStep,
  deletion,
  MADE_AGAIN,
  resourceOf,
  whyNot,
  type Resource,
  type Retainable,
} from './kubernetes.ts';
import { leaveOut, NOT_SEEN, subjectOf, type StepMaker } from './making.ts';
import { onCluster } from './scene.ts';

function contentResource(content: VolumeSnapshotContent): Retainable {
  return {
    kind: 'volumesnapshotcontent',
    word: 'VolumeSnapshotContent',
    cluster: content.cluster,
    namespace: null,
    name: content.name,
    identity: identityOf.snapshotContent(content),
    subject: subjectOf(refToContent(content)),
  };
}

/** A VolumeSnapshot is somebody's: it goes only with what it stands for, and only where nobody else looks after it. */
function whyNotClaimant(
  snapshot: VolumeSnapshot,
  content: VolumeSnapshotContent,
): string | undefined {
  const name = `VolumeSnapshot ${snapshot.namespace}/${snapshot.name}`;
  if (snapshot.deletedAt !== null) return `${name} is being deleted already`;
  if (snapshot.contentName !== content.name) return `${name} is bound to another content`;
  const manager = managerOf(snapshot);
  if (manager !== undefined) return `${name} belongs to ${manager.name}: ${manager.step}`;
  const owner = snapshot.owners[0];
  return owner && `${name} belongs to ${owner.kind} ${owner.name}, which would make it again`;
}

function snapshotResource(snapshot: VolumeSnapshot): Resource {
  return {
    kind: 'volumesnapshot',
    word: 'VolumeSnapshot',
    cluster: snapshot.cluster,
    namespace: snapshot.namespace,
    name: snapshot.name,
    identity: identityOf.volumeSnapshot(snapshot),
    subject: subjectOf(refToVolumeSnapshot(snapshot)),
  };
}

export const deleteSnapshotContent: StepMaker = (finding, scene) => {
  const content = resourceOf(finding, scene, 'volumeSnapshotContents');
  if (content === undefined) return NOT_SEEN;
  const reason = whyNot(content);
  if (reason !== undefined) return leaveOut(reason);
  const { cluster, snapshot } = content;
  const claimant = onCluster(scene, cluster, 'volumeSnapshots').find(
    ({ namespace, name }) => namespace === snapshot?.namespace && name === snapshot.name,
  );
  if (claimant === undefined) return deletion(finding, deleteRetained(contentResource(content)));
  const objection = whyNotClaimant(claimant, content);
  if (objection !== undefined) return leaveOut(objection);
  // Its finalizer keeps the content for as long as there is a VolumeSnapshot, of which the content is told first to retain.
  const released = deleteStep(
    snapshotResource(claimant),
    identityOf.volumeSnapshot(claimant),
    `${MADE_AGAIN}: it is bound to its content by name`,
  );
  return deletion(finding, deleteRetained(contentResource(content), [released]));
};
