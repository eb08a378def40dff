/*
 * What a TrueNAS system holds, independent of the version it runs.
 */

export interface LabPool {
  name: string;
  guid: string;
  status: string;
  /** False: the pool is exported; it and its datasets are in no answer. */
  imported: boolean;
  /** Raw, as `zpool` says it: with parity. What is allocated of it follows from the datasets. */
  size: number;
  /** Raw bytes for each that can be used: 1.5 for six disks with two of parity; 1, as for mirrors, unless said. */
  parity?: number;
  /** As its status says, unless said. */
  healthy?: boolean;
  /** Percent; 0 unless said. */
  fragmentation?: number;
  /** Finished without errors 5 days before the world's now unless said; null for none ever. */
  scrub?: LabScrub | null;
}

/** The last scrub or resilver of a pool. */
export interface LabScrub {
  /** `SCRUB` unless said. */
  kind?: 'SCRUB' | 'RESILVER';
  /** `FINISHED` unless said. */
  state?: 'FINISHED' | 'SCANNING' | 'CANCELED';
  /** When it ended, or began where it still runs. */
  at: string;
  errors?: number;
}

export interface LabDataset {
  /** Full path; its ancestors exist too. */
  id: string;
  type: 'FILESYSTEM' | 'VOLUME';
  createdAt: string;
  guid: string;
  createtxg: number;
  /** Own data; `used` is derived from the four parts. */
  usedbydataset: number;
  usedbysnapshots: number;
  usedbyrefreservation: number;
  /** Logical for each physical byte of its own data and snapshots; 1 unless said. */
  compressRatio?: number;
  refquota?: number;
  volsize?: number;
  origin?: string;
  locked?: boolean;
  readonly?: boolean;
  /** Set on this dataset itself; children and snapshots inherit them in what the simulator answers. */
  userProperties: Record<string, string>;
}

export interface LabSnapshot {
  /** `dataset@name`. */
  id: string;
  createdAt: string;
  guid: string;
  createtxg: number;
  used: number;
  referenced: number;
  userProperties: Record<string, string>;
  holds?: string[];
  deferDestroy?: boolean;
}

/** Fields of an entry that mean nothing to the lab, where they are not as they are by default. */
export interface LabKept {
  kept?: Record<string, unknown>;
}

export interface LabNfsShare extends LabKept {
  id: number;
  path: string;
  comment: string;
  enabled: boolean;
  networks?: string[];
  hosts?: string[];
  ro?: boolean;
}

export interface LabSmbShare extends LabKept {
  id: number;
  name: string;
  path: string;
  comment: string;
  enabled: boolean;
  readonly?: boolean;
}

export interface LabIscsiTarget extends LabKept {
  id: number;
  name: string;
  alias?: string;
  groups: { portal: number; initiator: number | null; authmethod: string; auth: number | null }[];
}

/** Which initiators may reach a target; it has no name but its comment. */
export interface LabIscsiInitiator {
  id: number;
  /** Empty: any. */
  initiators: string[];
  comment: string;
}

export interface LabIscsiExtent extends LabKept {
  id: number;
  name: string;
  type: 'DISK' | 'FILE';
  /** `zvol/<dataset>` with `+` for a space, or `/mnt/<file>`. */
  path: string;
  comment: string;
  enabled: boolean;
}

export interface LabTargetExtent {
  id: number;
  target: number;
  extent: number;
  lunid: number;
}

export interface LabIscsiSession {
  initiator: string;
  initiatorAddress: string;
  /** Full IQN. */
  target: string;
}

export interface LabNvmetPort {
  id: number;
  address: string;
  /** 4420 unless said. */
  service?: number;
}

export interface LabNvmetHost {
  id: number;
  hostnqn: string;
}

export interface LabNvmetSubsystem extends LabKept {
  id: number;
  name: string;
  /** Null: as the system makes it up from its base name. */
  subnqn: string | null;
  /** Ids of ports; the first one unless said. */
  ports?: number[];
  /** Ids of hosts; with none, any host may connect. */
  hosts?: number[];
}

export interface LabNvmetSession {
  hostnqn: string;
  hostAddress: string;
  /** Id of the subsystem. */
  subsystem: number;
  /** Id of the port. */
  port: number;
}

export interface LabNvmetNamespace extends LabKept {
  id: number;
  nsid: number;
  /** Id of the subsystem. */
  subsystem: number;
  devicePath: string;
  enabled: boolean;
}

export interface LabSnapshotTask {
  id: number;
  dataset: string;
  recursive: boolean;
  enabled: boolean;
  lifetimeValue: number;
  lifetimeUnit: 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'YEAR';
  namingSchema: string;
}

export interface LabReplicationTask {
  id: number;
  name: string;
  /** `PUSH` unless said. */
  direction?: 'PUSH' | 'PULL';
  /** `LOCAL`, both sides on this system, unless said. */
  transport?: 'SSH' | 'SSH+NETCAT' | 'LOCAL';
  sources: string[];
  target: string;
  recursive: boolean;
  enabled: boolean;
  /** Ids of the snapshot tasks it sends the snapshots of; those on its sources unless said. */
  snapshotTasks?: number[];
  /** Names of the snapshots it sends beside those; `auto-%Y-%m-%d_%H-%M` unless said, where it has no snapshot task. */
  alsoSends?: string[];
  /** An expression that names of snapshots match, in place of both. */
  nameRegex?: string;
}

/** A job that is under way when the scenario begins, and never ends by itself. */
export interface LabRunningJob {
  id: number;
  /** Such as `replication.run_onetime`. */
  method: string;
  arguments: unknown[];
  /** `RUNNING` unless said. */
  state?: 'WAITING' | 'RUNNING';
  /** Who started it: another user without full rights does not see it. Null, as unless said: the system itself. */
  username?: string | null;
}

/** Something else on TrueNAS that uses a dataset, such as a virtual machine that has a zvol as its disk. */
export interface LabAttachment {
  /** As `pool.dataset.attachments` calls its kind: `VM`, `Rsync Task`, … */
  type: string;
  name: string;
  dataset: string;
}
