import { type LabNvmetNamespace, type LabNvmetSubsystem } from '../scenario/world.ts';
import { type Fields, pick } from './json.ts';
import { listing, read } from './listing.ts';
import { type Call, type MethodTable } from './method.ts';
import { whereFields } from './paths.ts';

const READ = ['SHARING_NVME_TARGET_READ'];

const PORT: Fields = {
  id: 1,
  index: 1,
  addr_trtype: 'TCP',
  addr_trsvcid: 4420,
  addr_traddr: '0.0.0.0',
  addr_adrfam: 'IPV4',
  inline_data_size: null,
  max_queue_size: null,
  pi_enable: null,
  enabled: true,
};

function subsystem({ id, name, subnqn }: LabNvmetSubsystem, namespaces: readonly number[]): Fields {
  return {
    id,
    name,
    subnqn,
    serial: id.toString(16).padStart(20, '0'),
    allow_any_host: true,
    pi_enable: null,
    qid_max: null,
    ieee_oui: null,
    ana: null,
    hosts: [],
    namespaces,
    ports: [1],
  };
}

function subsystems({ lab }: Call): Fields[] {
  const members = Map.groupBy(lab.system.nvmetNamespaces, (item) => item.subsystem);
  return lab.system.nvmetSubsystems.map((item) =>
    subsystem(
      item,
      (members.get(item.id) ?? []).map(({ id }) => id),
    ),
  );
}

function namespace(item: LabNvmetNamespace, subsys: Fields, call: Call): Fields {
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
    ...whereFields(call.view, item.devicePath),
  };
  return pick(entry, call.lab.table.fields.namespace);
}

function namespaces(call: Call): Fields[] {
  const owners = new Map(subsystems(call).map((owner) => [owner['id'], owner]));
  return call.lab.system.nvmetNamespaces.flatMap((item) => {
    const owner = owners.get(item.subsystem);
    return owner === undefined ? [] : [namespace(item, owner, call)];
  });
}

export const NVMET_METHODS: MethodTable = {
  'nvmet.global.config': read(READ, () => ({
    id: 1,
    basenqn: 'nqn.2011-06.com.truenas:uuid:00000000-0000-4000-8000-000000000000',
    kernel: true,
    ana: false,
    rdma: false,
    xport_referral: true,
  })),
  'nvmet.global.sessions': read(READ, () => []),
  ...listing('nvmet.subsys', 'NVMetSubsys', READ, subsystems),
  ...listing('nvmet.namespace', 'NVMetNamespace', READ, namespaces),
  ...listing('nvmet.port', 'NVMetPort', READ, () => [PORT]),
  ...listing('nvmet.host', 'NVMetHost', READ, () => []),
  ...listing('nvmet.host_subsys', 'NVMetHostSubsys', READ, () => []),
  ...listing('nvmet.port_subsys', 'NVMetPortSubsys', READ, (call) =>
    subsystems(call).map((subsys) => ({ id: subsys['id'], port: PORT, subsys })),
  ),
};
