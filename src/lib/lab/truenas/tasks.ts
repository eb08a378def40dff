import { type LabReplicationTask, type LabSnapshotTask } from '../scenario/world.ts';
import { type Fields } from './json.ts';
import { listing, read } from './listing.ts';
import { type Call, type MethodTable } from './method.ts';

const SCHEDULE = {
  minute: '0',
  hour: '0',
  dom: '*',
  month: '*',
  dow: '*',
  begin: '00:00',
  end: '23:59',
};

function snapshotTask(task: LabSnapshotTask): Fields {
  return {
    id: task.id,
    dataset: task.dataset,
    recursive: task.recursive,
    lifetime_value: task.lifetimeValue,
    lifetime_unit: task.lifetimeUnit,
    enabled: task.enabled,
    exclude: [],
    naming_schema: task.namingSchema,
    allow_empty: true,
    schedule: SCHEDULE,
    vmware_sync: false,
    state: { state: 'PENDING' },
  };
}

function replicationTask(task: LabReplicationTask): Fields {
  return {
    id: task.id,
    name: task.name,
    direction: task.direction ?? 'PUSH',
    transport: task.transport ?? 'LOCAL',
    ssh_credentials: null,
    netcat_active_side: null,
    netcat_active_side_listen_address: null,
    netcat_active_side_port_min: null,
    netcat_active_side_port_max: null,
    netcat_passive_side_connect_address: null,
    sudo: false,
    source_datasets: task.sources,
    target_dataset: task.target,
    recursive: task.recursive,
    exclude: [],
    properties: true,
    properties_exclude: [],
    properties_override: {},
    replicate: false,
    encryption: false,
    encryption_inherit: null,
    encryption_key: null,
    encryption_key_format: null,
    encryption_key_location: null,
    periodic_snapshot_tasks: [],
    naming_schema: [],
    also_include_naming_schema: ['auto-%Y-%m-%d_%H-%M'],
    name_regex: null,
    auto: true,
    schedule: SCHEDULE,
    restrict_schedule: null,
    only_matching_schedule: false,
    allow_from_scratch: false,
    readonly: 'SET',
    hold_pending_snapshots: false,
    retention_policy: 'SOURCE',
    lifetime_value: null,
    lifetime_unit: null,
    lifetimes: [],
    compression: null,
    speed_limit: null,
    large_block: true,
    embed: false,
    compressed: true,
    retries: 5,
    logging_level: null,
    enabled: task.enabled,
    state: { state: 'PENDING' },
    job: null,
    has_encrypted_dataset_keys: false,
  };
}

const SERVICES = ['cifs', 'ftp', 'iscsitarget', 'nfs', 'snmp', 'ssh', 'ups', 'nvmet'];

function services({ lab }: Call): Fields[] {
  const { system, table } = lab;
  const used: Readonly<Record<string, boolean>> = {
    cifs: system.smbShares.length > 0,
    nfs: system.nfsShares.length > 0,
    iscsitarget: system.iscsiTargets.length > 0,
    nvmet: system.nvmetSubsystems.length > 0,
    ssh: true,
  };
  const known = SERVICES.filter(
    (name) => name !== 'nvmet' || table.methods.has('nvmet.subsys.query'),
  );
  return known.map((service, index) => ({
    id: index + 1,
    service,
    enable: used[service] ?? false,
    state: used[service] === true ? 'RUNNING' : 'STOPPED',
    pids: used[service] === true ? [1000 + index] : [],
  }));
}

const CAPACITY = [
  { above: 0.95, level: 'CRITICAL', klass: 'ZpoolCapacityCritical' },
  { above: 0.9, level: 'WARNING', klass: 'ZpoolCapacityWarning' },
  { above: 0.85, level: 'NOTICE', klass: 'ZpoolCapacityNotice' },
];

function alerts({ lab }: Call): Fields[] {
  const since = { $date: lab.now().getTime() };
  return lab.system.pools.flatMap(({ name, imported, size, allocated }) => {
    const share = size > 0 ? allocated / size : 0;
    const alert = CAPACITY.find(({ above }) => share >= above);
    if (!imported || alert === undefined) return [];
    const args = { volume: name, capacity: Math.floor(share * 100) };
    const uuid = `capacity-${name}`;
    return [
      {
        uuid,
        source: 'ZpoolCapacity',
        klass: alert.klass,
        args,
        node: 'A',
        key: JSON.stringify([name]),
        datetime: since,
        last_occurrence: since,
        dismissed: false,
        mail: null,
        text: "Space usage for pool '%(volume)s' is %(capacity)d%%.",
        id: uuid,
        level: alert.level,
        formatted: `Space usage for pool '${name}' is ${args.capacity}%.`,
        one_shot: false,
      },
    ];
  });
}

export const TASK_METHODS: MethodTable = {
  ...listing('pool.snapshottask', 'PeriodicSnapshotTask', ['SNAPSHOT_TASK_READ'], ({ lab }) =>
    lab.system.snapshotTasks.map(snapshotTask),
  ),
  ...listing('replication', 'Replication', ['REPLICATION_TASK_READ'], ({ lab }) =>
    lab.system.replicationTasks.map(replicationTask),
  ),
  ...listing('service', 'Service', ['SERVICE_READ'], services),
  'alert.list': read(['ALERT_LIST_READ'], alerts),
};
