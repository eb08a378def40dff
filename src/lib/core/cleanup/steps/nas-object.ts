import {
  refToExtent,
  refToNamespace,
  refToNfsShare,
  refToSmbShare,
  refToSubsystem,
  refToTarget,
} from '../../model/subjects.ts';
import {
  type IscsiExtent,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSubsystem,
  type SmbShare,
} from '../../model/truenas.ts';
import { type NasObjectKind, type SwitchedKind } from '../change.ts';
import { type Expectation, type Identity, type NasTarget } from '../expectation.ts';
import { identityOf } from '../identity.ts';
import { type PlanSubject } from '../plan-schema.ts';
import { subjectOf, type StepDraft } from './making.ts';

/** An object in the database of TrueNAS, as steps need it. */
export interface NasObject {
  readonly kind: NasObjectKind;
  readonly system: string;
  readonly id: number;
  readonly identity: Identity;
  /** What people call it. */
  readonly label: string;
  readonly subject: PlanSubject;
  /** What it refers to: an undo finds those by their names, since their ids may be others by then. */
  readonly belongsTo?: readonly NasObject[];
}

/** One that can be switched off and on. */
export interface SwitchedObject extends NasObject {
  readonly kind: SwitchedKind;
}

export const nasObject = {
  nfsShare: (share: NfsShare): SwitchedObject => ({
    kind: 'nfs-share',
    system: share.system,
    id: share.id,
    identity: identityOf.nfsShare(share),
    label: `NFS share ${String(share.id)} of ${share.path}`,
    subject: subjectOf(refToNfsShare(share)),
  }),

  smbShare: (share: SmbShare): SwitchedObject => ({
    kind: 'smb-share',
    system: share.system,
    id: share.id,
    identity: identityOf.smbShare(share),
    label: `SMB share ${share.name}`,
    subject: subjectOf(refToSmbShare(share)),
  }),

  extent: (extent: IscsiExtent): SwitchedObject => ({
    kind: 'iscsi-extent',
    system: extent.system,
    id: extent.id,
    identity: identityOf.iscsiExtent(extent),
    label: `iSCSI extent ${extent.name}`,
    subject: subjectOf(refToExtent(extent)),
  }),

  target: (target: IscsiTarget): NasObject => ({
    kind: 'iscsi-target',
    system: target.system,
    id: target.id,
    identity: identityOf.iscsiTarget(target),
    label: `iSCSI target ${target.name}`,
    subject: subjectOf(refToTarget(target)),
  }),

  /** It has no name of its own: it goes by that of its extent. */
  mapping: (
    mapping: IscsiTargetExtent,
    extent: IscsiExtent,
    target: IscsiTarget | undefined,
  ): NasObject => ({
    kind: 'iscsi-mapping',
    system: mapping.system,
    id: mapping.id,
    identity: identityOf.iscsiMapping(mapping),
    label: `mapping ${String(mapping.id)} of iSCSI extent ${extent.name}`,
    subject: subjectOf(refToExtent(extent)),
    belongsTo: [
      nasObject.extent(extent),
      ...(target === undefined ? [] : [nasObject.target(target)]),
    ],
  }),

  namespace: (namespace: NvmetNamespace, subsystem?: NvmetSubsystem): SwitchedObject => ({
    kind: 'nvmet-namespace',
    system: namespace.system,
    id: namespace.id,
    identity: identityOf.nvmetNamespace(namespace),
    label: `namespace ${String(namespace.id)} of NVMe-oF subsystem ${namespace.subsystem}`,
    subject: subjectOf(refToNamespace(namespace)),
    belongsTo: subsystem === undefined ? [] : [nasObject.subsystem(subsystem)],
  }),

  subsystem: (subsystem: NvmetSubsystem): NasObject => ({
    kind: 'nvmet-subsystem',
    system: subsystem.system,
    id: subsystem.id,
    identity: identityOf.nvmetSubsystem(subsystem),
    label: `NVMe-oF subsystem ${subsystem.name}`,
    subject: subjectOf(refToSubsystem(subsystem)),
  }),
} as const;

export function nasTarget(kind: NasTarget['kind'], where: Identity): NasTarget {
  return { side: 'truenas', kind, where };
}

function targetOf({ kind, id }: NasObject): NasTarget {
  return nasTarget(kind, { id });
}

/** That an object is still what it was. */
export function expectObject(object: NasObject): Expectation {
  return { target: targetOf(object), identity: object.identity };
}

/**
 * Deletes an object whose deletion takes no data along.
 *
 * @param around what else must be so right before
 */
export function deleteObject(object: NasObject, around: readonly Expectation[] = []): StepDraft {
  const { kind, system, id, identity, label, subject, belongsTo = [] } = object;
  const target = targetOf(object);
  return {
    title: `Delete ${label}`,
    target: { side: 'truenas', system },
    subject,
    change: { type: 'delete-object', kind, id },
    before: [{ target, identity }, ...belongsTo.map(expectObject), ...around],
    after: [{ target, identity: null }],
    preconditions: [`${label} still has its id, and what is behind it`],
    undo: `Make ${label} again as the journal has it; it gets another id`,
    reversibleUntil: null,
    bytes: 0,
  };
}

/** Switches an object off or on. */
export function switchObject(
  object: SwitchedObject,
  enabled: boolean,
  around: readonly Expectation[] = [],
): StepDraft {
  const { kind, system, id, identity, label, subject } = object;
  const target = targetOf(object);
  return {
    title: `${enabled ? 'Enable' : 'Disable'} ${label}`,
    target: { side: 'truenas', system },
    subject,
    change: { type: 'set-enabled', kind, id, enabled },
    before: [{ target, identity: { ...identity, enabled: !enabled } }, ...around],
    after: [{ target, identity: { ...identity, enabled } }],
    preconditions: [`${label} still has its id, and is ${enabled ? 'disabled' : 'enabled'}`],
    undo: `${enabled ? 'Disable' : 'Enable'} it again`,
    reversibleUntil: null,
    bytes: 0,
  };
}
