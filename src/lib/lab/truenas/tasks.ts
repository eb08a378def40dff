import { type LabReplicationTask, type LabSnapshotTask } from '../scenario/world.ts';
import { type Fields } from './json.ts';
import { listing } from './listing.ts';
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

function covers(task: LabSnapshotTask, source: string): boolean {
  return task.dataset === source || (task.recursive && source.startsWith(`${task.dataset}/`));
}

/** Snapshot tasks whose snapshots a replication sends; a pull has none. */
function sentTasks(task: LabReplicationTask, { lab }: Call): readonly LabSnapshotTask[] {
  if (task.direction === 'PULL') return [];
  const { snapshotTasks: chosen, sources } = task;
  return lab.system.snapshotTasks.filter((each) =>
    chosen === undefined
      ? each.enabled && sources.some((source) => covers(each, source))
      : chosen.includes(each.id),
  );
}

/** A replication carries its snapshot tasks as they lie in the database. */
function storedTask(task: LabSnapshotTask): Fields {
  const entry: Fields = { ...snapshotTask(task), state: '{"state": "PENDING"}' };
  delete entry['vmware_sync'];
  return entry;
}

/** What a replication sends, and by which names. */
function sending(task: LabReplicationTask, call: Call): Fields {
  const tasks = sentTasks(task, call);
  const usual = tasks.length > 0 || task.nameRegex !== undefined ? [] : ['auto-%Y-%m-%d_%H-%M'];
  const names = task.alsoSends ?? usual;
  const isPull = task.direction === 'PULL';
  return {
    periodic_snapshot_tasks: tasks.map(storedTask),
    naming_schema: isPull ? names : [],
    also_include_naming_schema: isPull ? [] : names,
    name_regex: task.nameRegex ?? null,
  };
}

function replicationTask(task: LabReplicationTask, call: Call): Fields {
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
    ...sending(task, call),
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

export const TASK_METHODS: MethodTable = {
  ...listing('pool.snapshottask', 'PeriodicSnapshotTask', ['SNAPSHOT_TASK_READ'], ({ lab }) =>
    lab.system.snapshotTasks.map(snapshotTask),
  ),
  ...listing('replication', 'Replication', ['REPLICATION_TASK_READ'], (call) =>
    call.lab.system.replicationTasks.map((task) => replicationTask(task, call)),
  ),
};
