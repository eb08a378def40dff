import { describe, expect, it } from 'vitest';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { type LabCluster, type LabSystem } from '../../../src/lib/lab/scenario/world.ts';
import { at, list, RULE_IDS } from './invariants.ts';

function sides(): { cluster: LabCluster; system: LabSystem } {
  const { clusters, systems } = demo.build('25.10');
  const [cluster] = clusters;
  const [system] = systems;
  if (cluster === undefined || system === undefined) throw new Error('the demo has both sides');
  return { cluster, system };
}

describe('the demo', () => {
  it('has a true case of most rules on both sides, nearly all of them certain', () => {
    const rules = new Set(demo.expected.map(({ rule }) => rule));
    expect(rules.size).toBeGreaterThanOrEqual(18);
    expect(rules.size).toBeLessThan(RULE_IDS.length);
    const unsure = demo.expected.filter(({ confidence }) => confidence === 'likely');
    expect(unsure.map(({ rule }) => rule).sort()).toEqual([
      'iscsi-target-empty',
      'pvc-unused',
      'snapshot-content-unclaimed',
    ]);
  });

  it('is a small fleet over two protocols, three pools and many namespaces', () => {
    const { cluster, system } = sides();
    const volumes = list(cluster, 'persistentvolumes');
    const drivers = new Set(volumes.map((pv) => at(pv, 'spec', 'csi', 'driver')));
    expect(volumes.length).toBeGreaterThanOrEqual(36);
    expect(volumes.length).toBeLessThanOrEqual(46);
    expect(drivers).toEqual(
      new Set([
        'org.democratic-csi.nfs',
        'org.democratic-csi.iscsi',
        'org.democratic-csi.nfs-archive',
        undefined,
      ]),
    );
    expect(system.pools.map(({ name }) => name)).toEqual(['tank', 'flash', 'archive']);
    expect(list(cluster, 'namespaces').length).toBeGreaterThanOrEqual(10);
  });

  it('declares every driver exclusive, with its instance id', () => {
    const { drivers } = demo.build('25.10');
    expect(drivers).toHaveLength(4);
    for (const driver of drivers) {
      expect(driver).toMatchObject({ exclusive: true, instance_id: 'prod' });
    }
  });

  it('has each disk open on the machine it is attached to, and snapshots that refer to something', () => {
    const { cluster, system } = sides();
    const nodes = list(cluster, 'volumeattachments').map((each) => at(each, 'spec', 'nodeName'));
    const open = system.iscsiSessions.map(({ initiator, target }) => {
      const volume = /pvc-[0-9a-f-]{36}/.exec(target)?.[0];
      const attached = list(cluster, 'volumeattachments').find(
        (each) => at(each, 'spec', 'source', 'persistentVolumeName') === volume,
      );
      return [initiator, `iqn.2004-10.com.ubuntu:01:${String(at(attached, 'spec', 'nodeName'))}`];
    });
    expect(open.length).toBeGreaterThan(10);
    expect(new Set(nodes).size).toBe(3);
    expect(open.filter(([initiator, machine]) => initiator !== machine)).toEqual([]);
    // What a snapshot alone holds is part of what it refers to.
    expect(system.snapshots.filter(({ referenced, used }) => referenced < used)).toEqual([]);
  });

  it('leaves no more of a parent unclaimed than is plausible', () => {
    const { cluster, system } = sides();
    const names = new Set(list(cluster, 'persistentvolumes').map(({ metadata }) => metadata.name));
    for (const parent of ['tank/k8s/nfs/vols', 'flash/k8s/iscsi/vols']) {
      const managed = system.datasets
        .filter(({ id }) => id.slice(0, id.lastIndexOf('/')) === parent)
        .flatMap(({ userProperties }) => userProperties['democratic-csi:csi_volume_name'] ?? []);
      // Counts as unclaimed what only a volume written by hand or a pod uses: still not too many.
      const unclaimed = managed.filter((name) => !names.has(name));
      expect(managed.length, parent).toBeGreaterThan(15);
      expect(unclaimed.length / managed.length, parent).toBeLessThanOrEqual(0.2);
    }
  });

  it('has no dataset that is older than its cluster', () => {
    const { cluster, system } = sides();
    for (const { id, createdAt, userProperties } of system.datasets) {
      if (!('democratic-csi:csi_volume_name' in userProperties)) continue;
      expect(Date.parse(createdAt), id).toBeGreaterThan(Date.parse(cluster.createdAt));
    }
  });

  it('holds the traps: what looks forgotten and is not', () => {
    const { cluster, system } = sides();
    const sources = list(cluster, 'persistentvolumes').map((pv) => at(pv, 'spec', 'nfs', 'path'));
    const inline = list(cluster, 'pods').flatMap((pod) => at(pod, 'spec', 'volumes', '0', 'nfs'));
    const contents = list(cluster, 'volumesnapshotcontents');
    const snapshots = system.snapshots.map(({ id }) => id.slice(id.indexOf('@') + 1));
    expect(sources.filter((path) => path !== undefined)).toHaveLength(1);
    expect(inline.filter((volume) => volume !== undefined)).toHaveLength(1);
    expect(snapshots.filter((name) => name.startsWith('auto-')).length).toBeGreaterThan(20);
    // One is the origin of a clone, the other is left over.
    expect(snapshots.filter((name) => name.startsWith('volume-source-for-volume-'))).toHaveLength(
      2,
    );
    expect(system.datasets.filter(({ origin }) => origin !== undefined)).toHaveLength(2);
    expect(system.datasets.some(({ id }) => id.includes('/snaps/pvc-'))).toBe(true);
    expect(system.datasets.some(({ id }) => id.endsWith('/pvc-scratch'))).toBe(true);
    expect(system.datasets.some(({ locked }) => locked === true)).toBe(true);
    expect(system.datasets.some(({ id }) => id.startsWith('tank/replica/flash/pvc-'))).toBe(true);
    expect(system.iscsiExtents.some(({ type }) => type === 'FILE')).toBe(true);
    expect(system.smbShares).toHaveLength(1);
    expect(contents.some((content) => at(content, 'status') === undefined)).toBe(true);
    expect(
      contents.some(({ metadata }) => metadata.labels?.['velero.io/backup-name'] !== undefined),
    ).toBe(true);
    expect(
      list(cluster, 'storageclasses').some(
        (storageClass) => at(storageClass, 'volumeBindingMode') === 'WaitForFirstConsumer',
      ),
    ).toBe(true);
  });
});
