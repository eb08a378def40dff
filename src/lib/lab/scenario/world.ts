/*
 * A world as data: what exists on both sides, independent of any API version. The simulators answer from
 * it in the shape of the version they play. Plain JSON throughout, so that a world can be kept in a file:
 * instants are ISO 8601 text, sizes are bytes.
 */

import {
  type LabPool,
  type LabDataset,
  type LabSnapshot,
  type LabNfsShare,
  type LabSmbShare,
  type LabIscsiTarget,
  type LabIscsiExtent,
  type LabTargetExtent,
  type LabIscsiSession,
  type LabIscsiInitiator,
  type LabNvmetSubsystem,
  type LabNvmetNamespace,
  type LabNvmetPort,
  type LabNvmetHost,
  type LabNvmetSession,
  type LabSnapshotTask,
  type LabReplicationTask,
  type LabRunningJob,
  type LabAttachment,
} from './nas-objects.ts';
import {
  type LabAlert,
  type LabApiKey,
  type LabIscsiAuth,
  type LabIscsiPortal,
  type LabService,
  type LabUser,
} from './nas-surroundings.ts';

export type * from './nas-objects.ts';
export type * from './nas-surroundings.ts';

export type TrueNasVersion = '24.10' | '25.04' | '25.10' | '26';

export const TRUENAS_VERSIONS: readonly TrueNasVersion[] = ['24.10', '25.04', '25.10', '26'];

/** An object as the Kubernetes API serves it alone. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion?: string;
    creationTimestamp: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

export interface LabCluster {
  /** Name in the monitor's configuration and of the kubeconfig context. */
  name: string;
  /** uid of the `kube-system` namespace, which the simulator serves of itself. */
  uid: string;
  /** Creation of `kube-system`. */
  createdAt: string;
  /** Git version, such as `v1.35.2`. */
  version: string;
  platform: 'kubernetes' | 'openshift';
  /** By plural resource name: `persistentvolumes`, `volumesnapshotcontents`, … */
  objects: Record<string, KubernetesObject[]>;
  /** API groups that are not installed: plain-text 404. */
  missingGroups?: string[];
  /** Plural resource names that are answered with 403; `name@namespace` denies one namespace only, `name@*` denies the list over all namespaces, and a verb in front of any, as in `delete:name`, that verb alone. */
  forbidden?: string[];
  /** Seconds this cluster's clock is ahead of the world's. */
  clockSkewSeconds?: number;
}

export interface LabSystem {
  /** Name in the monitor's configuration. */
  name: string;
  hostId: string;
  version: TrueNasVersion;
  /** Full release, such as `25.10.1`. */
  release: string;
  pools: LabPool[];
  datasets: LabDataset[];
  snapshots: LabSnapshot[];
  nfsShares: LabNfsShare[];
  smbShares: LabSmbShare[];
  iscsiBasename: string;
  iscsiTargets: LabIscsiTarget[];
  iscsiExtents: LabIscsiExtent[];
  iscsiTargetExtents: LabTargetExtent[];
  iscsiSessions: LabIscsiSession[];
  /** Those a target refers to exist without being named here; where none is named, number 1 does too. */
  iscsiInitiators?: LabIscsiInitiator[];
  /** Where none is named, number 1 on every address, and those that targets refer to. */
  iscsiPortals?: LabIscsiPortal[];
  /** Where none is named, those that targets refer to. */
  iscsiAuths?: LabIscsiAuth[];
  nvmetSubsystems: LabNvmetSubsystem[];
  nvmetNamespaces: LabNvmetNamespace[];
  /** Port 1 unless said. */
  nvmetPorts?: LabNvmetPort[];
  nvmetHosts?: LabNvmetHost[];
  nvmetSessions?: LabNvmetSession[];
  snapshotTasks: LabSnapshotTask[];
  replicationTasks: LabReplicationTask[];
  runningJobs?: LabRunningJob[];
  /**
   * Rows that stand in the answers of a method as they are, whatever their shape: what another version or another
   * program left. By method, such as `sharing.nfs.query`; a look-up gives those whose `id` or `name` it asks for.
   */
  oddRows?: Record<string, unknown[]>;
  apiKeys: LabApiKey[];
  users?: LabUser[];
  otherAttachments?: LabAttachment[];
  /** By name, such as `nfs`: whatever exports, and `ssh`, runs and starts with the system unless said here. */
  services?: Record<string, LabService>;
  alerts?: LabAlert[];
  /** Addresses it answers at; one unless said. */
  addresses?: string[];
  clockSkewSeconds?: number;
}

/** An entry of `drivers:` in the monitor's configuration, as written there. */
export interface DriverEntry {
  driver: string;
  cluster?: string;
  system?: string;
  /** `namespace/name` of the Secret with its configuration. */
  secret?: string;
  /** May be left to the Secret. */
  parent?: string;
  detached_snapshots_parent?: string;
  instance_id?: string;
  exclusive?: boolean;
}

/** A finding a scenario expects: rule, subject name (`namespace/name` where it has one), and how sure. */
export interface ExpectedFinding {
  readonly rule: string;
  readonly name: string;
  readonly confidence: 'certain' | 'likely';
  /** Whether its remedy may lose nothing; left out where that is not the point of the scenario. */
  readonly safe?: boolean;
  /** Cluster or system it is on, where two have a thing of this name. */
  readonly on?: string;
  /** What its reason, its evidence or its remedy mentions. */
  readonly says?: string;
}

/** Both sides of a fleet at one instant. */
export interface World {
  /** The instant at which the world stands: every clock of the lab shows it. */
  now: string;
  clusters: LabCluster[];
  systems: LabSystem[];
  drivers: DriverEntry[];
}

/** A world, with what a scan of it must find: no more and no less. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** Row of the corpus of known false positives this stands for; null for others. */
  readonly corpusRow: number | null;
  /** Versions it makes sense on. */
  readonly versions: readonly TrueNasVersion[];
  /** @param version which TrueNAS the world's systems run */
  build(version: TrueNasVersion): World;
  readonly expected: readonly ExpectedFinding[];
  readonly exitCode: number;
}
