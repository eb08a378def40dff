import { isNqnOf } from '../../correlate/nvmet.ts';
import { subsystemNameOf } from '../../correlate/volume-handle.ts';
import { type Finding } from '../../model/finding.ts';
import { type Dataset, type NvmetSubsystem } from '../../model/truenas.ts';
import { isOwnNvmetName } from '../../rules/checks/foreign-exports.ts';
import { type JoinKind } from '../change.ts';
import { creation, deviceOf } from './creation.ts';
import { type CsiVolume } from './csi-volume.ts';
import { leaveOut, type Making, type StepDraft } from './making.ts';
import { reachFor, reachOf, type Reach } from './neighbours.ts';
import { canonicalJson } from '../plan-hash.ts';
import { expectSubsystem, joinIdentity, joinLabel } from './nvmet.ts';
import { repair } from './repairs.ts';
import { onSystem, type Scene } from './scene.ts';

/** What a volume lacks between its zvol and its hosts. */
interface Wanted {
  readonly dataset: Dataset;
  readonly nqn: string;
  readonly nsid: number;
  readonly name: string;
  readonly known: NvmetSubsystem | undefined;
}

function subsystemStep({ dataset, name, nqn }: Wanted, { anyHost }: Reach): StepDraft {
  return creation(dataset, 'nvmet-subsystem', `NVMe-oF subsystem ${name}`, {
    fields: { name, subnqn: nqn, allow_any_host: anyHost },
    where: { name },
    identity: { name },
    because: `there is no subsystem ${name}`,
  });
}

/** Joins a subsystem, which may be made by a step before this one and have no id until then. */
export function joinStep(
  dataset: Dataset,
  kind: JoinKind,
  member: number,
  subsystem: { readonly name: string; readonly known: NvmetSubsystem | undefined },
): StepDraft {
  const { name, known } = subsystem;
  const where = joinIdentity(kind, { subsystem_name: name }, member);
  const side = joinIdentity(kind, {}, member);
  return creation(dataset, kind, `the join of ${joinLabel(kind, name, member)}`, {
    fields: side,
    refersTo: { subsystem: name },
    where,
    identity: side,
    around: known === undefined ? [] : [expectSubsystem(known)],
    because: 'its neighbours are joined with the same, every one of them',
  });
}

function namespaceStep({ dataset, nsid, name, known }: Wanted): StepDraft {
  const path = deviceOf(dataset);
  return creation(dataset, 'nvmet-namespace', `namespace ${String(nsid)} of ${name}`, {
    fields: { nsid, device_type: 'ZVOL', device_path: path, enabled: true },
    refersTo: { subsystem: name },
    where: { device_path: path },
    identity: { device_path: path, enabled: true },
    around: known === undefined ? [] : [expectSubsystem(known)],
    because: `no namespace exports zvol ${dataset.id}`,
  });
}

/** The one subsystem a volume means; a text is why that cannot be told. */
function knownFor(nqn: string, system: string, scene: Scene): NvmetSubsystem | undefined | string {
  const all = onSystem(scene, system, 'nvmetSubsystems');
  const exact = all.filter((each) => each.nqn?.toLowerCase() === nqn.toLowerCase());
  const meant = exact.length > 0 ? exact : all.filter((each) => isNqnOf(each, nqn));
  return meant.length > 1 ? `several subsystems may be meant by ${nqn}` : meant[0];
}

function nsidOf({ source }: CsiVolume): number {
  const text = source.attributes['nsid'];
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 1;
}

function wantedFor(volume: CsiVolume, dataset: Dataset, scene: Scene): Wanted | string {
  const nqn = subsystemNameOf(volume.source);
  if (nqn === undefined) return 'its PersistentVolume does not say its subsystem';
  const known = knownFor(nqn, dataset.system, scene);
  if (typeof known === 'string') return known;
  const name = known?.name ?? nqn.slice(nqn.lastIndexOf(':') + 1);
  if (!isOwnNvmetName(name, dataset)) return `its subsystem ${name} is not called after it`;
  return { dataset, nqn, nsid: nsidOf(volume), name, known };
}

function whyNot({ dataset, name, known }: Wanted, scene: Scene): string | undefined {
  const [served] = scene.derived.exports.namespacesOf(dataset);
  if (served !== undefined) return `subsystem ${served.namespace.subsystem} serves its zvol`;
  const { system } = dataset;
  const others = onSystem(scene, system, 'nvmetNamespaces').filter(
    ({ subsystemId }) => subsystemId === known?.id,
  );
  if (others.length > 0) return `its subsystem ${name} serves something else`;
  const extent = scene.derived.exports.extentsOf(dataset)[0];
  return extent && `iSCSI extent ${extent.extent.name} serves its zvol`;
}

/** Who reaches a subsystem that is still there is as it was; only a missing one is made as its neighbours are. */
function stepsFor(wanted: Wanted, reach: Reach): readonly StepDraft[] {
  const { dataset, known } = wanted;
  const join = (kind: JoinKind) => (member: number) => joinStep(dataset, kind, member, wanted);
  const hosts = known === undefined ? reach.hosts : [];
  const ports = known === undefined || known.ports.length === 0 ? reach.ports : [];
  return [
    ...(known === undefined ? [subsystemStep(wanted, reach)] : []),
    ...hosts.map(join('nvmet-host-subsystem')),
    ...ports.map(join('nvmet-port-subsystem')),
    // Last: with it the volume is served again, and nothing is left to prove.
    namespaceStep(wanted),
  ];
}

/** Whether a subsystem that is shown on a port again lets in whom its neighbours let in. */
export function opensLike(subsystem: NvmetSubsystem, reach: Reach): boolean {
  const { hosts, anyHost } = reachOf(subsystem);
  return canonicalJson([hosts, anyHost]) === canonicalJson([reach.hosts, reach.anyHost]);
}

/** Makes what is missing of subsystem, joins and namespace, under the NQN that the hosts connect to. */
export function restoreNvmeof(
  finding: Finding,
  volume: CsiVolume,
  dataset: Dataset,
  scene: Scene,
): Making {
  if (dataset.kind !== 'volume') return leaveOut(`${dataset.id} is no zvol`);
  const wanted = wantedFor(volume, dataset, scene);
  if (typeof wanted === 'string') return leaveOut(wanted);
  const reason = whyNot(wanted, scene);
  if (reason !== undefined) return leaveOut(reason);
  const { known } = wanted;
  if (known !== undefined && known.ports.length > 0) {
    return repair(finding, stepsFor(wanted, reachOf(known)));
  }
  const reach = reachFor(dataset, scene);
  if (reach === undefined) {
    return leaveOut(
      'on which ports and to whom it is shown is not known: the subsystems of its neighbours do not say so with one voice',
    );
  }
  if (known !== undefined && !opensLike(known, reach)) {
    return leaveOut(`its subsystem ${known.name} lets in others than those of its neighbours`);
  }
  return repair(finding, stepsFor(wanted, reach));
}
