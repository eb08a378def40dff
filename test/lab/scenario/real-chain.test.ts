import { describe, expect, it } from 'vitest';
import { realChain, type Recording } from '../../../src/lib/lab/scenario/real-chain.ts';
import { readRecording } from '../../support/recording.ts';
import { at, list } from './invariants.ts';

describe('the recorded world', () => {
  const recording = readRecording();
  const scenario = realChain(recording);
  const world = scenario.build('24.10');
  const [cluster] = world.clusters;
  const [system] = world.systems;
  if (cluster === undefined || system === undefined) throw new Error('both sides were recorded');

  it('holds what was recorded, as it was', () => {
    for (const [file, content] of Object.entries(recording)) {
      const resource = /^k8s-(\w+)\.json$/.exec(file)?.[1];
      if (resource !== undefined) expect(list(cluster, resource)).toEqual(at(content, 'items'));
    }
    expect(system.datasets).toHaveLength(10);
    expect(system.snapshots).toHaveLength(2);
    expect(system.nfsShares).toHaveLength(2);
    expect(system.iscsiTargets).toHaveLength(2);
    expect(system.iscsiExtents).toHaveLength(2);
    expect(system.iscsiTargetExtents).toEqual([
      { id: 1, target: 1, extent: 1, lunid: 0 },
      { id: 2, target: 2, extent: 2, lunid: 0 },
    ]);
    expect(system.pools).toMatchObject([{ name: 'tank', status: 'ONLINE', imported: true }]);
  });

  it('keeps sizes, origins and properties', () => {
    const restored = system.datasets.find(({ id }) =>
      id.endsWith('pvc-8e8bd81a-14f3-4bb7-9fba-bbece143a7a7'),
    );
    expect(restored).toMatchObject({
      type: 'FILESYSTEM',
      refquota: 1_073_741_824,
      usedbydataset: 98_304,
      origin:
        'tank/k8s/a/vols/pvc-ea8c4718-f0d0-4a17-acb6-4d960114862d@snapshot-078da621-174f-43cc-ba82-3a4bf5254a66',
      userProperties: { 'democratic-csi:csi_volume_content_source_type': 'snapshot' },
    });
    const zvol = system.datasets.find(({ id }) =>
      id.endsWith('pvc-7df5372e-f56c-4334-be7d-34e13b79e08d'),
    );
    expect(zvol).toMatchObject({ type: 'VOLUME', volsize: 2_147_483_648 });
    expect(zvol).not.toHaveProperty('refquota');
    expect(zvol).not.toHaveProperty('origin');
    expect(system.snapshots[0]).toMatchObject({ createtxg: 1009, referenced: 98_304 });
    expect(Object.keys(system.snapshots[0]?.userProperties ?? {})).toHaveLength(4);
  });

  it('denies what was not recorded', () => {
    expect(cluster.forbidden).toEqual(expect.arrayContaining(['pods', 'secrets', 'csidrivers']));
    expect(cluster.forbidden).not.toContain('persistentvolumes');
    expect(scenario.exitCode).toBe(3);
  });

  it('stands two days later, and declares no driver', () => {
    expect(world.now).toBe('2026-11-24T01:04:33Z');
    expect(world.drivers).toEqual([]);
  });

  it('expects the one released volume', () => {
    const [released] = list(cluster, 'persistentvolumes').filter(
      (pv) => at(pv, 'status', 'phase') === 'Released',
    );
    expect(scenario.expected).toEqual([
      { rule: 'pv-released', name: released?.metadata.name, confidence: 'certain' },
    ]);
  });

  it('is built anew each time', () => {
    const again = scenario.build('24.10');
    expect(again).toEqual(world);
    again.clusters[0]?.objects['persistentvolumes']?.pop();
    expect(scenario.build('24.10')).toEqual(world);
  });

  it.each([
    ['without the NAS', { ...recording, 'truenas-state.json': undefined }, 'truenas-state.json'],
    [
      'with something else for a list',
      { ...recording, 'k8s-pods.json': { items: [1] } },
      'k8s-pods.json',
    ],
    ['with a share of no path', withShare({ id: 1 }), 'path'],
    ['with a share of no id', withShare({ path: '/mnt/x' }), 'id'],
  ])('%s is refused', (_, files, what) => {
    expect(() => realChain(files).build('25.10')).toThrow(`not a recording: ${what}`);
  });

  function withShare(share: unknown): Recording {
    const state = { ...(recording['truenas-state.json'] as object), nfs: { 1: share } };
    return { ...recording, 'truenas-state.json': state };
  }
});
