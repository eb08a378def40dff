import { RESOURCES } from '../kubernetes/resources.ts';
import { certain, defineScenario } from './build/define.ts';
import { guidOf, hex64Of, uuidOf } from './build/identity.ts';
import { isRecord } from './build/record.ts';
import { addNas, newStage, secondsText, type Nas } from './build/stage.ts';
import { sizeForUsable } from './pool-space.ts';
import {
  type KubernetesObject,
  type LabCluster,
  type LabDataset,
  type LabSnapshot,
  type Scenario,
  type TrueNasVersion,
  type World,
} from './world.ts';

/*
 * A fleet recorded from real software: both sides as kube-apiserver served them and as democratic-csi left
 * them. What was not recorded is denied, so that a scan of it can only be incomplete.
 */

/** Parsed files of the recording, by file name. */
export type Recording = Readonly<Record<string, unknown>>;

type Raw = Readonly<Record<string, unknown>>;

/** By now everything in the recording is older than any threshold. */
const SINCE_RECORDING = 2 * 86_400_000;

/** The recording as a scenario: one volume is released, and much of it may not be read. */
export function realChain(recording: Recording): Scenario {
  return defineScenario({
    name: 'real-chain',
    description: 'both sides of a small fleet as the real driver and the real API server left them',
    row: null,
    exitCode: 3,
    build: (version) => ({
      world: realChainWorld(recording, version),
      expected: [certain('pv-released', 'pvc-3a06635b-061e-47fd-ab23-c301e0e83a1e')],
    }),
  });
}

/** Builds the recorded world. Throws a `TypeError` where the files are not those of a recording. */
export function realChainWorld(recording: Recording, version: TrueNasVersion): World {
  const objects = readObjects(recording);
  const state = rawOf(recording['truenas-state.json'], 'truenas-state.json');
  const born = Object.values(objects).flatMap((list) =>
    list.map(({ metadata }) => Date.parse(metadata.creationTimestamp)),
  );
  const stage = newStage(secondsText(Math.max(...born) + SINCE_RECORDING));
  const datasets = valuesOf(state, 'datasets').map(readDataset);
  stage.world.clusters.push(clusterOf(objects, datasets[0]?.createdAt ?? stage.world.now));
  const nas = addNas(stage, version, { pools: [] });
  addRecorded(nas, state, datasets);
  return stage.world;
}

function readObjects(recording: Recording): Record<string, KubernetesObject[]> {
  const objects: Record<string, KubernetesObject[]> = {};
  for (const [file, content] of Object.entries(recording)) {
    const resource = /^k8s-(\w+)\.json$/.exec(file)?.[1];
    if (resource === undefined) continue;
    const items = rawOf(content, file)['items'];
    if (!Array.isArray(items) || !items.every(isObject)) throw unexpected(file);
    objects[resource] = structuredClone(items);
  }
  return objects;
}

function isObject(value: unknown): value is KubernetesObject {
  return (
    isRecord(value) &&
    typeof value['kind'] === 'string' &&
    isRecord(value['metadata']) &&
    typeof value['metadata']['uid'] === 'string'
  );
}

function clusterOf(objects: Record<string, KubernetesObject[]>, createdAt: string): LabCluster {
  return {
    name: 'prod',
    uid: uuidOf('cluster of the recording'),
    createdAt,
    version: 'v1.36.2',
    platform: 'kubernetes',
    objects,
    missingGroups: ['config.openshift.io', 'route.openshift.io'],
    forbidden: RESOURCES.filter(({ group }) => !group.endsWith('openshift.io'))
      .map(({ plural }) => plural)
      .filter((plural) => !(plural in objects)),
  };
}

function addRecorded(nas: Nas, state: Raw, datasets: readonly LabDataset[]): void {
  const { system } = nas;
  system.hostId = hex64Of('host of the recording');
  system.datasets.push(...datasets);
  for (const dataset of valuesOf(state, 'datasets')) {
    const name = textOf(dataset, 'id');
    if (name.includes('/')) continue;
    const used = sizeOf(dataset, 'used');
    system.pools.push({
      name,
      guid: guidOf(`pool of the recording ${name}`),
      status: 'ONLINE',
      imported: true,
      size: sizeForUsable(used + sizeOf(dataset, 'available')),
    });
  }
  system.snapshots.push(...valuesOf(state, 'snapshots').map(readSnapshot));
  addRecordedExports(nas, state);
}

function addRecordedExports({ system }: Nas, state: Raw): void {
  for (const share of valuesOf(state, 'nfs')) {
    system.nfsShares.push({
      id: numberOf(share, 'id'),
      path: textOf(share, 'path'),
      comment: textOf(share, 'comment'),
      enabled: share['enabled'] === true,
    });
  }
  for (const target of valuesOf(state, 'targets')) {
    system.iscsiTargets.push({
      id: numberOf(target, 'id'),
      name: textOf(target, 'name'),
      groups: [{ portal: 1, initiator: 1, authmethod: 'NONE', auth: null }],
    });
  }
  for (const extent of valuesOf(state, 'extents')) {
    system.iscsiExtents.push({
      id: numberOf(extent, 'id'),
      name: textOf(extent, 'name'),
      type: textOf(extent, 'type') === 'FILE' ? 'FILE' : 'DISK',
      path: textOf(extent, 'path'),
      comment: textOf(extent, 'comment'),
      enabled: extent['enabled'] === true,
    });
  }
  for (const mapping of valuesOf(state, 'targetextents')) {
    system.iscsiTargetExtents.push({
      id: numberOf(mapping, 'id'),
      target: numberOf(mapping, 'target'),
      extent: numberOf(mapping, 'extent'),
      lunid: numberOf(mapping, 'lunid'),
    });
  }
}

function readDataset(raw: Raw): LabDataset {
  const id = textOf(raw, 'id');
  const properties = Object.entries(rawOf(raw['user_properties'], id));
  const dataset: LabDataset = {
    id,
    type: textOf(raw, 'type') === 'VOLUME' ? 'VOLUME' : 'FILESYSTEM',
    createdAt: creationOf(raw),
    guid: guidOf(`recording ${id}`),
    createtxg: txgOf(raw),
    usedbydataset: sizeOf(raw, 'usedbydataset'),
    usedbysnapshots: sizeOf(raw, 'usedbysnapshots'),
    usedbyrefreservation: sizeOf(raw, 'usedbyrefreservation'),
    userProperties: Object.fromEntries(properties.map(([key, value]) => [key, rawValue(value)])),
  };
  const refquota = sizeOf(raw, 'refquota');
  const volsize = sizeOf(raw, 'volsize');
  const origin = rawValue(raw['origin']);
  if (refquota > 0) dataset.refquota = refquota;
  if (volsize > 0) dataset.volsize = volsize;
  if (origin !== '') dataset.origin = origin;
  return dataset;
}

function readSnapshot(raw: Raw): LabSnapshot {
  const id = textOf(raw, 'id');
  const properties = rawOf(raw['properties'], id);
  const own = Object.entries(properties).filter(
    ([key, value]) => key.includes(':') && isRecord(value) && value['source'] === 'LOCAL',
  );
  return {
    id,
    createdAt: creationOf(properties),
    guid: guidOf(`recording ${id}`),
    createtxg: Number(textOf(raw, 'createtxg')),
    used: sizeOf(properties, 'used'),
    referenced: sizeOf(properties, 'referenced'),
    userProperties: Object.fromEntries(own.map(([key, value]) => [key, rawValue(value)])),
  };
}

/** Of datasets no transaction group was recorded; those of snapshots count one for each minute. */
function txgOf(raw: Raw): number {
  return 1_001 + Math.floor((Date.parse(creationOf(raw)) / 1000 - 1_785_000_000) / 60);
}

function creationOf(raw: Raw): string {
  return secondsText(Number(rawValue(raw['creation'])) * 1000);
}

/** A size property; zero where the object has none or it is not set. */
function sizeOf(raw: Raw, key: string): number {
  return Number(rawValue(raw[key]));
}

function rawValue(property: unknown): string {
  const value = isRecord(property) ? property['rawvalue'] : '';
  return typeof value === 'string' ? value : '';
}

function valuesOf(state: Raw, key: string): Raw[] {
  return Object.values(rawOf(state[key], key)).map((value) => rawOf(value, key));
}

function rawOf(value: unknown, what: string): Raw {
  if (!isRecord(value)) throw unexpected(what);
  return value;
}

function textOf(raw: Raw, key: string): string {
  const value = raw[key];
  if (typeof value !== 'string') throw unexpected(key);
  return value;
}

function numberOf(raw: Raw, key: string): number {
  const value = raw[key];
  if (typeof value !== 'number') throw unexpected(key);
  return value;
}

function unexpected(what: string): TypeError {
  return new TypeError(`not a recording: ${what}`);
}
