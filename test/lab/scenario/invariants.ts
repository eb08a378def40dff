import { expect } from 'vitest';
import { RULES } from '../../../src/lib/core/rules/registry.ts';
import {
  type KubernetesObject,
  type LabCluster,
  type LabSystem,
  type World,
} from '../../../src/lib/lab/scenario/world.ts';

/** The rules that scenarios may expect findings of. */
export const RULE_IDS: readonly string[] = RULES.map(({ id }) => id);

type Json = Record<string, unknown>;

export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (each, key) => (typeof each === 'object' && each !== null ? (each as Json)[key] : undefined),
    value,
  );
}

export function list(cluster: LabCluster, resource: string): readonly KubernetesObject[] {
  return cluster.objects[resource] ?? [];
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function expectUnique(what: string, values: readonly (string | number)[]): void {
  const seen = new Set<string | number>();
  const twice = values.filter((value) => seen.size === seen.add(value).size);
  expect(twice, `${what} given twice`).toEqual([]);
}

function expectCluster(cluster: LabCluster, now: number): void {
  const all = Object.values(cluster.objects).flat();
  expectUnique('uid', [cluster.uid, ...all.map(({ metadata }) => metadata.uid)]);
  for (const [resource, objects] of Object.entries(cluster.objects)) {
    expectUnique(`name of ${resource}`, objects.map(keyOf));
  }
  for (const { metadata, kind } of all) {
    const created = Date.parse(metadata.creationTimestamp);
    expect(created, `${kind} ${metadata.name}`).toBeLessThanOrEqual(now);
  }
  const namespaces = new Set(list(cluster, 'namespaces').map(({ metadata }) => metadata.name));
  const homeless = all.filter(
    ({ metadata, kind }) =>
      metadata.namespace !== undefined && kind !== 'Event' && !namespaces.has(metadata.namespace),
  );
  expect(homeless.map(keyOf)).toEqual([]);
}

/** A bound volume and its claim name each other. */
function expectBinding(cluster: LabCluster): void {
  const volumes = new Map(
    list(cluster, 'persistentvolumes').map((pv) => [pv.metadata.name, pv] as const),
  );
  const claims = new Map(
    list(cluster, 'persistentvolumeclaims').map((claim) => [claim.metadata.uid, claim] as const),
  );
  for (const [name, pv] of volumes) {
    if (at(pv, 'status', 'phase') !== 'Bound') continue;
    const claim = claims.get(String(at(pv, 'spec', 'claimRef', 'uid')));
    expect(at(claim, 'spec', 'volumeName'), `claim of ${name}`).toBe(name);
    expect(claim?.metadata.name).toBe(at(pv, 'spec', 'claimRef', 'name'));
    expect(claim?.metadata.namespace).toBe(at(pv, 'spec', 'claimRef', 'namespace'));
  }
  for (const claim of claims.values()) {
    const pv = volumes.get(String(at(claim, 'spec', 'volumeName')));
    const phase = at(claim, 'status', 'phase');
    expect(pv !== undefined, keyOf(claim)).toBe(phase === 'Bound');
  }
}

function expectDatasets({ datasets, snapshots }: LabSystem, now: number): void {
  const ids = new Set(datasets.map(({ id }) => id));
  expectUnique(
    'dataset',
    datasets.map(({ id }) => id),
  );
  expectUnique(
    'snapshot',
    snapshots.map(({ id }) => id),
  );
  expectUnique(
    'guid',
    [...datasets, ...snapshots].map(({ guid }) => guid),
  );
  for (const { id, type, volsize, createdAt, origin } of datasets) {
    const parent = id.slice(0, Math.max(0, id.lastIndexOf('/')));
    expect(parent === '' || ids.has(parent), `parent of ${id}`).toBe(true);
    expect(type === 'VOLUME', id).toBe(volsize !== undefined);
    expect(Date.parse(createdAt), id).toBeLessThanOrEqual(now);
    if (origin === undefined) continue;
    expect(
      snapshots.some((snapshot) => snapshot.id === origin),
      `origin of ${id}`,
    ).toBe(true);
  }
  for (const { id } of snapshots) {
    expect(ids.has(id.slice(0, id.indexOf('@'))), `dataset of ${id}`).toBe(true);
  }
}

function expectExports(system: LabSystem): void {
  const { nfsShares, iscsiTargets, iscsiExtents, iscsiTargetExtents } = system;
  for (const [what, objects] of Object.entries({
    nfsShares,
    iscsiTargets,
    iscsiExtents,
    iscsiTargetExtents,
  })) {
    expectUnique(
      `id of ${what}`,
      objects.map(({ id }) => id),
    );
  }
  for (const { comment, path } of nfsShares) {
    const made = /^democratic-csi \([^)]+\): (.*)$/.exec(comment)?.[1];
    if (made !== undefined) expect(path).toBe(`/mnt/${made}`);
  }
  expectUnique(
    'name of target',
    iscsiTargets.map(({ name }) => name),
  );
  expectUnique(
    'name of extent',
    iscsiExtents.map(({ name }) => name),
  );
  const targets = new Set(iscsiTargets.map(({ id }) => id));
  const extents = new Set(iscsiExtents.map(({ id }) => id));
  for (const { target, extent } of iscsiTargetExtents) {
    expect([targets.has(target), extents.has(extent)]).toEqual([true, true]);
  }
  for (const { name } of [...iscsiTargets, ...iscsiExtents]) {
    expect(name.length, name).toBeLessThanOrEqual(64);
  }
}

/** What holds in every world, whatever went wrong in it. */
export function expectSoundWorld(world: World): void {
  const now = Date.parse(world.now);
  expect(now).not.toBeNaN();
  for (const cluster of world.clusters) {
    expectCluster(cluster, now);
    expectBinding(cluster);
  }
  for (const system of world.systems) {
    expectDatasets(system, now);
    expectExports(system);
  }
  const systems = new Set(world.systems.map(({ name }) => name));
  const clusters = new Set(world.clusters.map(({ name }) => name));
  for (const driver of world.drivers) {
    expect(systems.has(driver.system ?? '')).toBe(true);
    expect(clusters.has(driver.cluster ?? '')).toBe(true);
  }
}
