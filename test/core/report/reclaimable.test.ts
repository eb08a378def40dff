import { describe, expect, test } from 'vitest';
import { listed, partial } from '../../../src/lib/core/model/coverage.ts';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';
import { clonesOn, reclaimableBytes } from '../../../src/lib/core/report/reclaimable.ts';
import { aDataset, anInventory, aZfsSnapshot, size } from '../../support/builders.ts';
import { aReportFinding, onCluster, onSystem } from './finding-builder.ts';

const A = 'tank/k8s/a';

function onDataset(path: string, freed: number, over: Partial<Finding> = {}): Finding {
  return aReportFinding({
    subject: onSystem('Dataset', path),
    place: { system: 'nas1', path },
    truenasReference: path,
    reclaimable: bytes(freed),
    ...over,
  });
}

function onSnapshot(id: string, freed: number, over: Partial<Finding> = {}): Finding {
  const [path = ''] = id.split('@');
  return aReportFinding({
    subject: onSystem('ZfsSnapshot', id),
    place: { system: 'nas1', path },
    truenasReference: id,
    reclaimable: bytes(freed),
    ...over,
  });
}

function sum(findings: readonly Finding[], inventory: Inventory = anInventory()): number {
  const { derived } = correlate(inventory, DEFAULT_POLICY);
  return reclaimableBytes(findings, { inventory, derived });
}

describe('reclaimable bytes', () => {
  test('are added up over what is certain', () => {
    const likely = onDataset('c', 9, { confidence: 'likely' });
    expect(sum([onDataset('a', 5), onDataset('b', 7), likely])).toBe(12);
  });

  test('of one dataset count once, whatever stands on it', () => {
    const volume = (freed: number) =>
      onDataset(A, freed, { subject: onCluster('PersistentVolume', 'pv') });
    expect(sum([onDataset(A, 5), volume(8)])).toBe(8);
    expect(sum([volume(8), onDataset(A, 9)])).toBe(9);
  });

  test('of one path on two systems are two sums', () => {
    const there = onDataset(A, 7, { place: { system: 'nas2', path: A } });
    expect(sum([onDataset(A, 5), there])).toBe(12);
  });

  test('of snapshots are within those of their dataset', () => {
    expect(sum([onDataset(A, 5), onSnapshot(`${A}@s`, 3), onSnapshot('b@s', 3)])).toBe(8);
    const dependent = onDataset(A, 0, { rule: 'share-missing' });
    expect(sum([dependent, onSnapshot(`${A}@s`, 3)])).toBe(3);
  });

  test('of one snapshot with several findings count once', () => {
    const content = onSnapshot(`${A}@s`, 3, {
      subject: onCluster('VolumeSnapshotContent', 'content'),
    });
    expect(sum([content, onSnapshot(`${A}@s`, 2)])).toBe(3);
  });

  test('never leave the range of exact numbers', () => {
    expect(sum([onDataset('a', Number.MAX_SAFE_INTEGER), onDataset('b', 10)])).toBe(
      Number.MAX_SAFE_INTEGER,
    );
  });

  test('of an object without a place on the NAS are none', () => {
    expect(sum([onDataset(A, 5, { place: null })])).toBe(0);
  });
});

function cutShort<T>(items: readonly T[]) {
  return listed(items, partial('page 2'));
}

describe('space that snapshots share', () => {
  const world = (over: Parameters<typeof anInventory>[0] = {}) =>
    anInventory({
      datasets: [aDataset({ id: A, usedBySnapshots: size(100) })],
      zfsSnapshots: ['s1', 's2'].map((name) => aZfsSnapshot({ dataset: A, name })),
      ...over,
    });
  const both = [onSnapshot(`${A}@s1`, 10), onSnapshot(`${A}@s2`, 0)];

  test('comes back with the last of them', () => {
    expect(sum(both, world())).toBe(100);
  });

  test('stays with any that stays', () => {
    expect(sum(both.slice(0, 1), world())).toBe(10);
    const third = aZfsSnapshot({ dataset: A, name: 's3' });
    const inventory = world();
    const [system] = inventory.systems;
    const zfsSnapshots = [...(system?.lists.zfsSnapshots?.items ?? []), third];
    expect(sum(both, world({ zfsSnapshots }))).toBe(10);
  });

  test('stays with a clone', () => {
    const datasets = [
      aDataset({ id: A, usedBySnapshots: size(100) }),
      aDataset({ id: 'tank/k8s/clone', origin: `${A}@s2` }),
    ];
    expect(sum(both, world({ datasets }))).toBe(10);
  });

  test('stays where snapshots may be that nobody saw', () => {
    const whole = world();
    const systems = whole.systems.map((system) => ({
      ...system,
      lists: { ...system.lists, zfsSnapshots: cutShort(system.lists.zfsSnapshots?.items ?? []) },
    }));
    expect(sum(both, { ...whole, systems })).toBe(10);
  });

  test('is unknown, and so nothing more, where TrueNAS does not say', () => {
    expect(sum(both, world({ datasets: [aDataset({ id: A, usedBySnapshots: null })] }))).toBe(10);
    expect(sum(both, world({ datasets: [] }))).toBe(10);
  });
});

describe('clones', () => {
  const { derived } = correlate(
    anInventory({
      datasets: [aDataset({ id: A }), aDataset({ id: 'tank/k8s/clone', origin: `${A}@s1` })],
    }),
    DEFAULT_POLICY,
  );
  const place = { system: 'nas1', path: A };

  test('rest on their snapshot and on its dataset', () => {
    expect(clonesOn(place, { truenasReference: A }, derived)).toEqual(['tank/k8s/clone']);
    expect(clonesOn(place, { truenasReference: null }, derived)).toEqual(['tank/k8s/clone']);
    expect(clonesOn(place, { truenasReference: `${A}@s1` }, derived)).toEqual(['tank/k8s/clone']);
  });

  test('rest on nothing else', () => {
    expect(clonesOn(place, { truenasReference: `${A}@s2` }, derived)).toEqual([]);
    expect(clonesOn({ ...place, system: 'nas2' }, { truenasReference: A }, derived)).toEqual([]);
    expect(clonesOn(null, { truenasReference: A }, derived)).toEqual([]);
  });
});
