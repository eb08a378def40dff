import { type NvmetSubsystem } from '../../model/truenas.ts';
import { type JoinKind } from '../change.ts';
import { type Expectation, type Identity } from '../expectation.ts';
import { identityOf } from '../identity.ts';
import { type StepDraft } from './making.ts';
import { deleteObject, nasObject, nasTarget } from './nas-object.ts';

/*
 * A subsystem, and what joins it with the ports that show it and the hosts that may reach it. Those are other volumes' too and stay;
 * TrueNAS deletes a subsystem that still has joins only by force, so each of them goes first.
 */

/** A join by both of its sides: its own id is in no list that a scan reads. */
export function joinIdentity(kind: JoinKind, subsystem: Identity, member: number): Identity {
  return { ...subsystem, [kind === 'nvmet-port-subsystem' ? 'port_id' : 'host_id']: member };
}

export function joinLabel(kind: JoinKind, subsystem: string, member: number): string {
  const other = kind === 'nvmet-port-subsystem' ? 'port' : 'host';
  return `NVMe-oF subsystem ${subsystem} and ${other} ${String(member)}`;
}

export function expectSubsystem(subsystem: NvmetSubsystem): Expectation {
  return {
    target: nasTarget('nvmet-subsystem', { id: subsystem.id }),
    identity: identityOf.nvmetSubsystem(subsystem),
  };
}

function detach(
  subsystem: NvmetSubsystem,
  kind: JoinKind,
  member: number,
  around: readonly Expectation[],
): StepDraft {
  const { system, id, name } = subsystem;
  const identity = joinIdentity(kind, { subsystem_id: id }, member);
  const target = nasTarget(kind, identity);
  const label = joinLabel(kind, name, member);
  return {
    title: `Take apart ${label}`,
    target: { side: 'truenas', system },
    subject: nasObject.subsystem(subsystem).subject,
    change: { type: 'delete-join', kind, subsystem: id, member },
    before: [{ target, identity }, expectSubsystem(subsystem), ...around],
    after: [{ target, identity: null }],
    preconditions: [`subsystem ${String(id)} is still ${name}`],
    undo: `Join ${label} again`,
    reversibleUntil: null,
    bytes: 0,
  };
}

/** From the ports on: nobody reaches it while who may is being taken away. An undo goes the other way, and opens it last. */
export function deleteSubsystem(
  subsystem: NvmetSubsystem,
  around: readonly Expectation[] = [],
): readonly StepDraft[] {
  const { ports, hosts } = subsystem;
  return [
    ...ports.map((port) => detach(subsystem, 'nvmet-port-subsystem', port, around)),
    ...hosts.map((host) => detach(subsystem, 'nvmet-host-subsystem', host, around)),
    deleteObject(nasObject.subsystem(subsystem), around),
  ];
}
