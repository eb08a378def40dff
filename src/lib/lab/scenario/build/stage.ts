import {
  type KubernetesObject,
  type LabCluster,
  type LabDataset,
  type LabPool,
  type LabSystem,
  type TrueNasVersion,
  type World,
} from '../world.ts';
import { guidOf, hex64Of } from './identity.ts';

/** The instant at which scenarios stand unless they need another. */
export const SCENARIO_NOW = '2026-11-22T12:00:00Z';

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
export const TIB = 1024 * GIB;

/** Spans are given in days throughout; a fraction of one for what is younger. */
export const HOUR = 1 / 24;
export const MINUTE = HOUR / 60;

const DAY_MILLIS = 86_400_000;
/** Transaction groups close about every five seconds, so a later object has a higher one. */
const TXG_MILLIS = 5_000;
const FIRST_TXG = Date.UTC(2024, 0, 1);

const RELEASES: Record<TrueNasVersion, string> = {
  '24.10': '24.10.2.4',
  '25.04': '25.04.2.6',
  '25.10': '25.10.1',
  '26': '26.0.0',
};

/** A world while it is being built. */
export interface Stage {
  readonly world: World;
  readonly now: number;
  /** Clusters by their object in the world, which may have been taken out of it again. */
  readonly clusters: Cluster[];
}

type NasIds = Record<
  'nfs' | 'smb' | 'target' | 'extent' | 'mapping' | 'subsystem' | 'namespace' | 'task',
  number
>;

/** A TrueNAS system while it is being built. */
export interface Nas {
  readonly stage: Stage;
  readonly system: LabSystem;
  readonly datasets: Map<string, LabDataset>;
  readonly ids: NasIds;
  /** Address by which drivers and nodes reach it. */
  readonly host: string;
}

/** A cluster while it is being built. */
export interface Cluster {
  readonly stage: Stage;
  readonly cluster: LabCluster;
  /** Last resource version given out. */
  readonly versions: { last: number };
  /** `managedFields` entries by what they describe: objects of one shape share them. */
  readonly fieldSets: Map<string, object>;
  /** Claims, as `namespace/name`, that nothing is to use. */
  readonly idle: Set<string>;
  /** What is left to be done once its machines and its add-ons are known. */
  readonly finishing: (() => void)[];
}

export function newStage(now: string = SCENARIO_NOW): Stage {
  return {
    world: { now, clusters: [], systems: [], drivers: [] },
    now: Date.parse(now),
    clusters: [],
  };
}

/** The instant `days` ago, with whole seconds, as both sides write it. */
export function ago(stage: Stage, days: number): string {
  return secondsText(stage.now - days * DAY_MILLIS);
}

/** An instant without fractions of a second: `2026-11-22T12:00:00Z`. */
export function secondsText(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}

export function txgAt(instant: string): number {
  return 1_000 + Math.floor((Date.parse(instant) - FIRST_TXG) / TXG_MILLIS);
}

/** A pool by itself: nothing but what scenarios put there is on it. */
export interface PoolOptions {
  readonly name: string;
  readonly size: number;
  readonly parity?: number;
  readonly days?: number;
}

export interface NasOptions {
  readonly name?: string;
  /** By name alone: as large as all, and well filled with what other people keep there. */
  readonly pools?: readonly (string | PoolOptions)[];
  readonly poolSize?: number;
  /** Age of the pools. */
  readonly days?: number;
  readonly host?: string;
  /** Of the user whose key there is. */
  readonly roles?: readonly string[];
}

/** What clean-up needs beside reading: no role of TrueNAS holds the last two but the one that holds all. */
export const CLEANUP_ROLES = ['SHARING_ADMIN', 'DATASET_DELETE', 'SNAPSHOT_DELETE'] as const;

function poolOf(system: string, { name, size, parity }: PoolOptions): LabPool {
  return {
    name,
    guid: guidOf(`${system} pool ${name}`),
    status: 'ONLINE',
    imported: true,
    size,
    ...(parity === undefined ? {} : { parity }),
  };
}

function firstIds(): NasIds {
  return {
    nfs: 0,
    smb: 0,
    target: 0,
    extent: 0,
    mapping: 0,
    subsystem: 0,
    namespace: 0,
    task: 0,
  };
}

function addPool(nas: Nas, pool: string | PoolOptions, size: number, days: number): void {
  if (typeof pool === 'string') addDataset(nas, pool, { days, used: Math.floor(size * 0.4) });
  else addDataset(nas, pool.name, { days: pool.days ?? days });
}

export function addNas(stage: Stage, version: TrueNasVersion, options: NasOptions = {}): Nas {
  const { name = 'nas1', pools = ['tank'], poolSize = 40 * TIB, days = 900 } = options;
  const { host = '10.10.0.5', roles = ['READONLY_ADMIN'] } = options;
  const system: LabSystem = {
    name,
    hostId: hex64Of(`host ${name}`),
    version,
    release: RELEASES[version],
    pools: pools.map((pool) =>
      poolOf(name, typeof pool === 'string' ? { name: pool, size: poolSize } : pool),
    ),
    datasets: [],
    snapshots: [],
    nfsShares: [],
    smbShares: [],
    iscsiBasename: 'iqn.2005-10.org.freenas.ctl',
    iscsiTargets: [],
    iscsiExtents: [],
    iscsiTargetExtents: [],
    iscsiSessions: [],
    nvmetSubsystems: [],
    nvmetNamespaces: [],
    snapshotTasks: [],
    replicationTasks: [],
    addresses: [host],
    apiKeys: [
      {
        id: 1,
        secret: hex64Of(`${name} key of the lab`),
        username: 'truenas-monitor',
        roles: [...roles],
      },
    ],
  };
  stage.world.systems.push(system);
  const nas: Nas = { stage, system, datasets: new Map(), ids: firstIds(), host };
  for (const pool of pools) addPool(nas, pool, poolSize, days);
  return nas;
}

export interface DatasetOptions {
  readonly days: number;
  readonly used?: number;
  readonly volsize?: number;
  readonly compressRatio?: number;
  readonly refquota?: number;
  readonly origin?: string;
  readonly locked?: boolean;
  readonly userProperties?: Record<string, string>;
}

/** Adds a dataset, or a zvol where it has a `volsize`, and whatever of its ancestors is missing. */
export function addDataset(nas: Nas, id: string, options: DatasetOptions): LabDataset {
  const { days, used = 96 * KIB, userProperties = {}, ...given } = options;
  addParentOf(nas, id);
  const createdAt = ago(nas.stage, days);
  const dataset: LabDataset = {
    id,
    type: given.volsize === undefined ? 'FILESYSTEM' : 'VOLUME',
    createdAt,
    guid: guidOf(`${nas.system.name} ${id}`),
    createtxg: txgAt(createdAt),
    usedbydataset: used,
    usedbysnapshots: 0,
    usedbyrefreservation: 0,
    ...given,
    userProperties,
  };
  nas.system.datasets.push(dataset);
  nas.datasets.set(id, dataset);
  return dataset;
}

function addParentOf(nas: Nas, id: string): void {
  const slash = id.lastIndexOf('/');
  const parent = id.slice(0, Math.max(slash, 0));
  if (parent !== '' && !nas.datasets.has(parent)) addDataset(nas, parent, { days: 890 });
}

/** The list of one resource, made where the cluster has none yet. */
export function objectsOf(cluster: LabCluster, resource: string): KubernetesObject[] {
  return (cluster.objects[resource] ??= []);
}
