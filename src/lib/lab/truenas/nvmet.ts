import {
  type LabNvmetHost,
  type LabNvmetNamespace,
  type LabNvmetPort,
  type LabNvmetSubsystem,
} from '../scenario/world.ts';
import { type Fields, pick } from './json.ts';
import { listing, read } from './listing.ts';
import { type Call, flagOf, type MethodTable, readQuery } from './method.ts';
import { whereFields } from './paths.ts';
import { filterList, parseOptions } from './query-options.ts';

const READ = ['SHARING_NVME_TARGET_READ'];

const BASE_NQN = 'nqn.2011-06.com.truenas:uuid:00000000-0000-4000-8000-000000000000';

const FIRST_PORT: LabNvmetPort = { id: 1, address: '0.0.0.0' };

function ports({ lab }: Call): Fields[] {
  return (lab.system.nvmetPorts ?? [FIRST_PORT]).map(({ id, address, service }) => ({
    id,
    index: id,
    addr_trtype: 'TCP',
    addr_trsvcid: service ?? 4420,
    addr_traddr: address,
    addr_adrfam: address.includes(':') ? 'IPV6' : 'IPV4',
    inline_data_size: null,
    max_queue_size: null,
    pi_enable: null,
    enabled: true,
  }));
}

function hostEntry(call: Call, { id, hostnqn }: LabNvmetHost): Fields {
  const entry = {
    id,
    hostnqn,
    dhchap_key: null,
    dhchap_ctrl_key: null,
    dhchap_dhgroup: null,
    dhchap_hash: 'SHA-256',
  };
  return call.lab.table.version === '26' ? { ...entry, description: '' } : entry;
}

function hosts(call: Call): Fields[] {
  return (call.lab.system.nvmetHosts ?? []).map((host) => hostEntry(call, host));
}

export const portsOf = (subsystem: LabNvmetSubsystem): readonly number[] => subsystem.ports ?? [1];

export function subsystemEntry(call: Call, subsystem: LabNvmetSubsystem): Fields {
  const { id, name, subnqn } = subsystem;
  // Without `verbose` nothing is said of what belongs to a subsystem: an empty list, on 26 null.
  const unsaid = call.lab.table.version === '26' ? null : [];
  return {
    id,
    name,
    subnqn: subnqn ?? `${BASE_NQN}:${name}`,
    serial: id.toString(16).padStart(20, '0'),
    allow_any_host: (subsystem.hosts ?? []).length === 0,
    pi_enable: null,
    qid_max: null,
    ieee_oui: null,
    ana: null,
    ...subsystem.kept,
    hosts: unsaid,
    namespaces: unsaid,
    ports: unsaid,
  };
}

function subsystems(call: Call): Fields[] {
  const { nvmetSubsystems, nvmetNamespaces } = call.lab.system;
  const { extra } = parseOptions(call.params[1], call.lab.table.queryOptions);
  const members = Map.groupBy(nvmetNamespaces, (item) => item.subsystem);
  return nvmetSubsystems.map((subsystem) => {
    const entry = subsystemEntry(call, subsystem);
    if (!flagOf(extra, 'verbose')) return entry;
    return {
      ...entry,
      hosts: subsystem.hosts ?? [],
      namespaces: (members.get(subsystem.id) ?? []).map(({ id }) => id),
      ports: portsOf(subsystem),
    };
  });
}

export function namespaceEntry(item: LabNvmetNamespace, subsys: Fields, call: Call): Fields {
  const number = item.id.toString(16).padStart(12, '0');
  const entry = {
    id: item.id,
    nsid: item.nsid,
    subsys,
    device_type: item.devicePath.startsWith('zvol/') ? 'ZVOL' : 'FILE',
    device_path: item.devicePath,
    filesize: null,
    device_uuid: `00000000-0000-4000-8000-${number}`,
    device_nguid: `00000000-0000-4000-9000-${number}`,
    enabled: item.enabled,
    ...item.kept,
    ...whereFields(call.view, item.devicePath),
  };
  return pick(entry, call.lab.table.fields.namespace);
}

function namespaces(call: Call): Fields[] {
  const owners = new Map(call.lab.system.nvmetSubsystems.map((owner) => [owner.id, owner]));
  return call.lab.system.nvmetNamespaces.flatMap((item) => {
    const owner = owners.get(item.subsystem);
    return owner === undefined ? [] : [namespaceEntry(item, subsystemEntry(call, owner), call)];
  });
}

/** A table that joins subsystems with the ports that show them, or with the hosts that may reach them. */
export interface JoinTable {
  readonly member: 'port' | 'host';
  readonly idsOf: (subsystem: LabNvmetSubsystem) => readonly number[];
  readonly entries: (call: Call) => readonly Fields[];
}

export const PORT_JOINS: JoinTable = { member: 'port', idsOf: portsOf, entries: ports };
export const HOST_JOINS: JoinTable = {
  member: 'host',
  idsOf: ({ hosts: ids }) => ids ?? [],
  entries: hosts,
};

/** The lab keeps joins with their subsystem, so that their ids are made of those of both sides. */
export function joinId(subsystem: number, member: number): number {
  return subsystem * 1_000 + member;
}

export function joinEntries(call: Call, { member, idsOf, entries }: JoinTable): Fields[] {
  const byId = new Map(entries(call).map((entry) => [entry['id'], entry]));
  return call.lab.system.nvmetSubsystems.flatMap((subsystem) =>
    idsOf(subsystem)
      .filter((id) => byId.has(id))
      .map((id) => ({
        id: joinId(subsystem.id, id),
        [member]: byId.get(id),
        subsys: subsystemEntry(call, subsystem),
      })),
  );
}

function sessions(call: Call): Fields[] {
  return (call.lab.system.nvmetSessions ?? []).map((session, index) => ({
    host_traddr: session.hostAddress,
    hostnqn: session.hostnqn,
    subsys_id: session.subsystem,
    port_id: session.port,
    ctrl: index + 1,
  }));
}

export const NVMET_METHODS: MethodTable = {
  'nvmet.global.config': read(READ, () => ({
    id: 1,
    basenqn: BASE_NQN,
    kernel: true,
    ana: false,
    rdma: false,
    xport_referral: true,
  })),
  'nvmet.global.sessions': {
    audience: READ,
    kind: 'query',
    parameters: ['filters', 'options'],
    run: (call) => filterList(sessions(call), readQuery(call)),
  },
  ...listing('nvmet.subsys', 'NVMetSubsys', READ, subsystems),
  ...listing('nvmet.namespace', 'NVMetNamespace', READ, namespaces),
  ...listing('nvmet.port', 'NVMetPort', READ, ports),
  ...listing('nvmet.host', 'NVMetHost', READ, hosts),
  ...listing('nvmet.host_subsys', 'NVMetHostSubsys', READ, (call) => joinEntries(call, HOST_JOINS)),
  ...listing('nvmet.port_subsys', 'NVMetPortSubsys', READ, (call) => joinEntries(call, PORT_JOINS)),
};
