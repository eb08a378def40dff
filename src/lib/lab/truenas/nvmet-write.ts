import { type LabNvmetNamespace, type LabNvmetSubsystem } from '../scenario/world.ts';
import { acceptedFields, keptOf } from './accepted-fields.ts';
import { invalid } from './errors.ts';
import { type Fields, textOf } from './json.ts';
import { write } from './listing.ts';
import { type Call, fieldsParam, flagOf, type MethodTable } from './method.ts';
import { namespaceEntry, portsOf, subsystemEntry } from './nvmet.ts';
import { findStored, removeStored, storing } from './storing.ts';

const WRITE = ['SHARING_NVME_TARGET_WRITE'];

const SUBSYSTEM_FIELDS = [
  'name',
  'subnqn',
  'allow_any_host',
  'pi_enable',
  'qid_max',
  'ieee_oui',
  'ana',
];

/** What it is shown on, and who may reach it: a new one is shown on no port. */
function reachOf(old: LabNvmetSubsystem | null): Pick<LabNvmetSubsystem, 'ports' | 'hosts'> {
  if (old === null) return { ports: [] };
  const { ports, hosts } = old;
  return { ...(ports && { ports }), ...(hosts && { hosts }) };
}

function buildSubsystem(
  data: Fields,
  old: LabNvmetSubsystem | null,
  id: number,
  call: Call,
): LabNvmetSubsystem {
  const name = textOf(data, 'name', old?.name);
  if (name === '') throw invalid('nvmet_subsys_create.name', 'Field required');
  if (call.lab.system.nvmetSubsystems.some((other) => other.name === name && other.id !== id)) {
    throw invalid('nvmet_subsys_create.name', 'Object with this name already exists');
  }
  const subnqn = textOf(data, 'subnqn', old?.subnqn ?? '');
  return {
    id,
    name,
    subnqn: subnqn === '' ? null : subnqn,
    ...reachOf(old),
    ...keptOf(data, old, SUBSYSTEM_FIELDS, ['name', 'subnqn']),
  };
}

/** Refuses what still has namespaces or is shown on a port; hosts that may reach it do not keep it. */
function deleteSubsystem(call: Call): unknown {
  const { system, faults } = call.lab;
  const subsystem = findStored(system.nvmetSubsystems, 'NVMetSubsys', call);
  const force = flagOf(fieldsParam(call, 1, 'options', ['force']), 'force');
  const inside = system.nvmetNamespaces.filter((item) => item.subsystem === subsystem.id);
  const ports = portsOf(subsystem).length;
  const why =
    inside.length > 0
      ? `contains ${inside.length} namespace: ${inside.map(({ nsid }) => nsid).join(',')}`
      : `visible on ${ports} port`;
  if (!force && inside.length + ports > 0) {
    throw invalid('nvmet_subsys_delete.id', `Subsystem ${subsystem.name} ${why}`);
  }
  if (faults.deletesLie === true) return true;
  for (const item of inside) removeStored(system.nvmetNamespaces, item);
  removeStored(system.nvmetSubsystems, subsystem);
  return true;
}

function ownerOf(call: Call, id: number): LabNvmetSubsystem {
  const owner = call.lab.system.nvmetSubsystems.find((item) => item.id === id);
  if (owner !== undefined) return owner;
  throw invalid('nvmet_namespace_create.subsys_id', `No subsystem with ID ${id}`);
}

const PATH = 'nvmet_namespace_create.device_path';

/** One device serves one namespace, or one extent. */
function checkDevice({ lab }: Call, path: string, id: number): void {
  const { nvmetNamespaces, nvmetSubsystems, iscsiExtents } = lab.system;
  if (path === '') throw invalid(PATH, 'Field required');
  const taken = nvmetNamespaces.find((item) => item.devicePath === path && item.id !== id);
  const owner = nvmetSubsystems.find((item) => item.id === taken?.subsystem);
  if (taken !== undefined) {
    throw invalid(PATH, `This device_path already used by subsystem: ${owner?.name ?? ''}`);
  }
  const extent = iscsiExtents.find((item) => item.path === path);
  if (extent !== undefined) {
    throw invalid(PATH, `This device_path already used by iSCSI extent: ${extent.name}`);
  }
}

const namespaceFields = acceptedFields('namespace');

const NAMESPACE_UNDERSTOOD = ['nsid', 'device_type', 'device_path', 'enabled'];

function number(data: Fields, name: string, otherwise: number): number {
  const value = data[name];
  return typeof value === 'number' ? value : otherwise;
}

/** As asked for, if it is free in its subsystem; else as it was, or the next one. */
function nsidOf(
  { lab }: Call,
  data: Fields,
  old: LabNvmetNamespace | null,
  { id, subsystem }: Pick<LabNvmetNamespace, 'id' | 'subsystem'>,
): number {
  const used = lab.system.nvmetNamespaces
    .filter((item) => item.subsystem === subsystem && item.id !== id)
    .map(({ nsid }) => nsid);
  const nsid = number(data, 'nsid', old?.nsid ?? Math.max(0, ...used) + 1);
  if (!used.includes(nsid)) return nsid;
  const what = `Subsystem ID: ${subsystem}/NSID: ${nsid}`;
  throw invalid('nvmet_namespace_create.nsid', `This record already exists (${what})`);
}

function buildNamespace(
  data: Fields,
  old: LabNvmetNamespace | null,
  id: number,
  call: Call,
): LabNvmetNamespace {
  const subsystem = ownerOf(call, number(data, 'subsys_id', old?.subsystem ?? 0)).id;
  const devicePath = textOf(data, 'device_path', old?.devicePath);
  if (old?.devicePath !== devicePath) checkDevice(call, devicePath, id);
  return {
    id,
    nsid: nsidOf(call, data, old, { id, subsystem }),
    subsystem,
    devicePath,
    enabled: flagOf(data, 'enabled', old?.enabled ?? true),
    ...keptOf(data, old, namespaceFields(call), NAMESPACE_UNDERSTOOD),
  };
}

/** `remove` would delete the file behind it too, of which the lab has none. */
function deleteNamespace(call: Call): unknown {
  const { system, faults } = call.lab;
  const item = findStored(system.nvmetNamespaces, 'NVMetNamespace', call);
  fieldsParam(call, 1, 'options', ['remove']);
  if (faults.deletesLie !== true) removeStored(system.nvmetNamespaces, item);
  return true;
}

export const NVMET_WRITE_METHODS: MethodTable = {
  ...storing({
    service: 'nvmet.subsys',
    noun: 'NVMetSubsys',
    audience: WRITE,
    list: (call) => call.lab.system.nvmetSubsystems,
    entry: (item, call) => subsystemEntry(call, item),
    accepted: () => SUBSYSTEM_FIELDS,
    build: buildSubsystem,
  }),
  'nvmet.subsys.delete': write(WRITE, ['id', 'options'], deleteSubsystem),
  ...storing({
    service: 'nvmet.namespace',
    noun: 'NVMetNamespace',
    audience: WRITE,
    list: (call) => call.lab.system.nvmetNamespaces,
    entry: (item, call) =>
      namespaceEntry(item, subsystemEntry(call, ownerOf(call, item.subsystem)), call),
    accepted: (call) => [...namespaceFields(call), 'subsys_id'],
    build: buildNamespace,
  }),
  'nvmet.namespace.delete': write(WRITE, ['id', 'options'], deleteNamespace),
};
