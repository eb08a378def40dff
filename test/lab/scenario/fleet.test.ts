import { describe, expect, it } from 'vitest';
import { fleet } from '../../../src/lib/lab/scenario/fleet.ts';
import { type LabCluster, type LabSystem } from '../../../src/lib/lab/scenario/world.ts';
import { at, expectSoundWorld, list } from './invariants.ts';

/** Rules that find one thing in each set of faults. */
const RULES_OF_A_SET = 14;

function sides(n: number): { cluster: LabCluster; system: LabSystem } {
  const { clusters, systems } = fleet(n).build('25.10');
  const [cluster] = clusters;
  const [system] = systems;
  if (cluster === undefined || system === undefined) throw new Error('a fleet has both sides');
  return { cluster, system };
}

function leaves({ datasets }: LabSystem): number {
  return datasets.filter(({ userProperties }) => Object.keys(userProperties).length > 0).length;
}

describe('a fleet', () => {
  it.each([0, 1, 19, 20, 99, 100, 1000])('of %i has as many of everything as it says', (n) => {
    const { cluster, system } = sides(n);
    const faults = fleet(n).expected.length / RULES_OF_A_SET;
    expect(list(cluster, 'persistentvolumes')).toHaveLength(n);
    expect(list(cluster, 'persistentvolumeclaims')).toHaveLength(n);
    expect(list(cluster, 'volumesnapshots')).toHaveLength(2 * n);
    expect(list(cluster, 'volumesnapshotcontents')).toHaveLength(2 * n);
    expect(system.snapshots).toHaveLength(2 * n);
    // All but the faulty ones are mounted.
    expect(list(cluster, 'pods').length).toBeGreaterThanOrEqual(n - 3 * faults);
    expect(list(cluster, 'volumeattachments').length).toBeGreaterThanOrEqual(n - 3 * faults);
    // Forgotten and half-made datasets come on top, destroyed ones are missing.
    expect(leaves(system)).toBe(n + faults);
  });

  it('is sound', () => {
    expectSoundWorld(fleet(400).build('26'));
  });

  it('is 70 % NFS and 30 % iSCSI', () => {
    const { cluster } = sides(1000);
    const drivers = list(cluster, 'persistentvolumes').map((pv) => at(pv, 'spec', 'csi', 'driver'));
    const share = drivers.filter((driver) => driver === 'org.democratic-csi.nfs').length / 1000;
    expect(share).toBeCloseTo(0.7, 1);
  });

  it('has the same few faults however large it is, and none where it is tiny', () => {
    expect(fleet(10).expected).toEqual([]);
    expect(fleet(50).expected).toHaveLength(RULES_OF_A_SET);
    expect(fleet(100).expected).toHaveLength(3 * RULES_OF_A_SET);
    expect(fleet(100_000).expected).toEqual(fleet(100).expected);
    const counts = Map.groupBy(fleet(100).expected, ({ rule }) => rule);
    expect([...counts.values()].map((findings) => findings.length)).toEqual(
      Array.from({ length: RULES_OF_A_SET }, () => 3),
    );
  });

  it('expects only what is in it', () => {
    const text = JSON.stringify(fleet(100).build('25.10'));
    for (const { name } of fleet(100).expected) {
      expect(text).toContain(name.slice(name.lastIndexOf('/') + 1));
    }
  });

  it('spreads over namespaces', () => {
    const { cluster } = sides(1000);
    expect(list(cluster, 'namespaces').length).toBeGreaterThan(20);
  });

  it('has volumes of which about half the bytes say who wrote them', () => {
    const [pv] = list(sides(1).cluster, 'persistentvolumes');
    const all = JSON.stringify(pv).length;
    const managed = JSON.stringify(pv?.metadata['managedFields']).length;
    expect(managed / all).toBeGreaterThan(0.4);
    expect(managed / all).toBeLessThan(0.6);
  });

  it('has as many machines and classes as it is asked for, and the same faults', () => {
    const large = fleet(20, { machines: 30, storageClasses: 50 });
    const [cluster] = large.build('25.10').clusters;
    if (cluster === undefined) throw new Error('a world without a cluster');
    expect(list(cluster, 'nodes')).toHaveLength(30);
    expect(list(cluster, 'csinodes')).toHaveLength(30);
    expect(list(cluster, 'storageclasses')).toHaveLength(50);
    expect(large.expected).toEqual(fleet(20).expected);
  });

  it.each([-1, 1.5, Number.NaN])('of %d is refused', (n) => {
    expect(() => fleet(n)).toThrow(RangeError);
  });
});
