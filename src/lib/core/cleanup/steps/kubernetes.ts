import { refToAttachment, refToVolume } from '../../model/subjects.ts';
import { type ObjectMeta, type PersistentVolume } from '../../model/kubernetes.ts';
import { type Finding } from '../../model/finding.ts';
import { type ClusterLists } from '../../model/inventory.ts';
import { type ClusterChange, type ResourceKind } from '../change.ts';
import { whoCountsOn } from '../counted-on.ts';
import { type ClusterTarget, type Identity } from '../expectation.ts';
import { identityOf } from '../identity.ts';
import { type PlanSubject } from '../plan-schema.ts';
import {
  leaveOut,
  NOT_SEEN,
  subjectOf,
  type Making,
  type StepDraft,
  type StepMaker,
} from './making.ts';
import { onCluster, type Scene } from './scene.ts';

/** An object of a cluster, as steps need it. */
export interface Resource {
  readonly kind: ResourceKind;
  readonly word: string;
  readonly cluster: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly identity: Identity;
  readonly subject: PlanSubject;
}

/** One whose driver takes the data along, unless it is told to retain it. */
export interface Retainable extends Resource {
  readonly kind: Extract<ClusterChange, { type: 'set-policy' }>['kind'];
}

function volumeResource(volume: PersistentVolume): Retainable {
  return {
    kind: 'persistentvolume',
    word: 'PersistentVolume',
    cluster: volume.cluster,
    namespace: null,
    name: volume.name,
    identity: identityOf.persistentVolume(volume),
    subject: subjectOf(refToVolume(volume)),
  };
}

function targetOf({ kind, namespace, name }: Resource): ClusterTarget {
  return { side: 'kubernetes', kind, where: { name, namespace } };
}

const RETAIN = 'Retain';

function retained(identity: Identity): Identity {
  return { ...identity, policy: RETAIN };
}

/** Nothing where it is retained already. */
function retainSteps(resource: Retainable): readonly StepDraft[] {
  const { kind, word, cluster, name, identity, subject } = resource;
  if (identity['policy'] === RETAIN) return [];
  const target = targetOf(resource);
  return [
    {
      title: `Set ${word} ${name} to ${RETAIN}`,
      target: { side: 'kubernetes', cluster },
      subject,
      change: { type: 'set-policy', kind, name, policy: RETAIN },
      before: [{ target, identity }],
      after: [{ target, identity: retained(identity) }],
      preconditions: [`${name} is the object that was looked at, unchanged`],
      undo: `Set it to ${String(identity['policy'])} again`,
      reversibleUntil: null,
      bytes: 0,
    },
  ];
}

export function deleteStep(resource: Resource, identity: Identity, undo: string): StepDraft {
  const { kind, word, cluster, namespace, name, subject } = resource;
  const target = targetOf(resource);
  return {
    title: `Delete ${word} ${namespace === null ? '' : `${namespace}/`}${name}`,
    target: { side: 'kubernetes', cluster },
    subject,
    change: { type: 'delete-resource', kind, namespace, name },
    before: [{ target, identity }],
    after: [{ target, identity: null }],
    preconditions: [
      `${name} is the object that was looked at`,
      ...(identity['policy'] === RETAIN
        ? [`its policy is ${RETAIN}, so that its driver deletes nothing`]
        : []),
    ],
    undo,
    reversibleUntil: null,
    bytes: 0,
  };
}

export const MADE_AGAIN = 'Make it again from its manifest in the journal';

/** @param between what has to go before it, and after it is retained */
export function deleteRetained(
  resource: Retainable,
  between: readonly StepDraft[] = [],
): readonly StepDraft[] {
  const steps = retainSteps(resource);
  const identity = steps.length === 0 ? resource.identity : retained(resource.identity);
  return [...steps, ...between, deleteStep(resource, identity, MADE_AGAIN)];
}

type Kept = 'persistentVolumes' | 'volumeSnapshotContents' | 'volumeAttachments';

export function resourceOf<S extends Kept>(
  { subject }: Finding,
  scene: Scene,
  source: S,
): ClusterLists[S] | undefined {
  if (subject.location !== 'kubernetes') return undefined;
  const { cluster, name } = subject;
  return onCluster(scene, cluster, source).find((item) => item.name === name);
}

export function volumeOf(finding: Finding, scene: Scene): PersistentVolume | undefined {
  return finding.subject.type === 'PersistentVolume'
    ? resourceOf(finding, scene, 'persistentVolumes')
    : undefined;
}

export function deletion(finding: Finding, steps: readonly StepDraft[]): Making {
  return {
    intent: 'delete',
    dataset: finding.place?.path ?? null,
    parent: null,
    bytes: finding.reclaimable,
    steps,
  };
}

export function whyNot({ deletedAt }: ObjectMeta): string | undefined {
  return deletedAt === null
    ? undefined
    : 'it is being deleted already: see what its finalizers wait for';
}

export const deletePersistentVolume: StepMaker = (finding, scene) => {
  const volume = volumeOf(finding, scene);
  if (volume === undefined) return NOT_SEEN;
  const reason = whyNot(volume);
  if (reason !== undefined) return leaveOut(reason);
  if (volume.phase === 'Bound') return leaveOut('a claim is bound to it');
  const user = whoCountsOn(volume, scene.inventory);
  if (user !== undefined) return leaveOut(user);
  return deletion(finding, deleteRetained(volumeResource(volume)));
};

export const deleteVolumeAttachment: StepMaker = (finding, scene) => {
  const attachment = resourceOf(finding, scene, 'volumeAttachments');
  if (attachment === undefined) return NOT_SEEN;
  const reason = whyNot(attachment);
  if (reason !== undefined) return leaveOut(reason);
  const resource: Resource = {
    kind: 'volumeattachment',
    word: 'VolumeAttachment',
    cluster: attachment.cluster,
    namespace: null,
    name: attachment.name,
    identity: identityOf.volumeAttachment(attachment),
    subject: subjectOf(refToAttachment(attachment)),
  };
  return deletion(finding, [
    deleteStep(resource, resource.identity, `${MADE_AGAIN}: the volume is attached anew`),
  ]);
};

/** Several volumes stand for the same data: the first that is deleted must not take it along. */
export const retainVolumes: StepMaker = (finding, scene) => {
  const volume = volumeOf(finding, scene);
  if (volume === undefined) return NOT_SEEN;
  const steps = retainSteps(volumeResource(volume));
  if (steps.length === 0) return leaveOut(`its policy is ${RETAIN} already`);
  return {
    intent: 'repair',
    dataset: finding.place?.path ?? null,
    parent: null,
    bytes: 0,
    steps,
  };
};
