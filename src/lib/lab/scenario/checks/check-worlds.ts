import { addPendingClaim } from '../build/claim.ts';
import { addDeployment } from '../build/deployment.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addSnapshot } from '../build/snapshot.ts';
import { GIB } from '../build/stage.ts';
import { addFailedDelete } from '../build/events.ts';
import { type TrueNasVersion, type World } from '../world.ts';
import { misconfigureCluster } from './misconfigured-cluster.ts';
import { misconfigureNas } from './misconfigured-nas.ts';

/*
 * Worlds for `validate` and `health`. What `orphans` would say of them is not their point, so that they are none of the scenarios.
 */

/** @param days age of the snapshots */
function withVolumes(site: Site, days: number): Site {
  for (const deployment of [site.nfs, site.iscsi]) {
    for (const volume of addSound(deployment, 3)) {
      addSnapshot(volume, { name: `${volume.claimName}-1`, days });
    }
  }
  return site;
}

/** A fleet of which every part is set up as it should be. */
export function wellConfigured(version: TrueNasVersion): World {
  return finish(withVolumes(newSite(version), 2), []).world;
}

/** One with every fault there can be at once. */
export function misconfigured(version: TrueNasVersion): World {
  const site = withVolumes(
    newSite(version, {
      health: {
        image: 'registry.example/democratic-csi/democratic-csi:latest',
        sidecars: { 'external-provisioner': 'v3.6.0', 'external-snapshotter': 'v6.2.0' },
        controller: { restarts: 42, endedDays: 0.01, waiting: 'CrashLoopBackOff' },
        nodes: { 'worker-2': { restarts: 17, endedDays: 0.01, ready: false } },
      },
      podSecurity: 'restricted',
      config: {
        scheme: 'http',
        allowInsecure: true,
        apiVersion: 1,
        quotas: false,
        shareHost: '10.10.0.99',
        initiatorGroup: 5,
        portalGroup: 1,
      },
    }),
    200,
  );
  addDeployment(site.cluster, site.nas, {
    protocol: 'nfs',
    driver: 'org.democratic-csi.second',
    storageClass: 'nas-second',
    parent: 'tank/k8s/nfs/vols',
    declared: 'no',
    config: { allowInsecure: true },
    idTemplate: '{{ parameters.[csi.storage.k8s.io/pvc/name] }}',
  });
  addDeployment(site.cluster, site.nas, {
    protocol: 'iscsi',
    driver: 'org.democratic-csi.inner',
    storageClass: 'nas-inner',
    parent: `tank/k8s/iscsi/vols/${'a-very-long-name-'.repeat(3)}inner pool`,
    declared: 'no',
  });
  addPendingClaim(site.iscsi, { claim: 'apps/huge', size: 900_000 * GIB, days: 1 });
  const failed = addOne(site.nfs, 'apps/failed', { gone: ['claim'], releasedDays: 1 });
  addFailedDelete(failed, 'rpc error: code = Internal desc = dataset is busy');
  const { world } = finish(site, []);
  const [cluster] = world.clusters;
  const [system] = world.systems;
  if (cluster === undefined || system === undefined) throw new Error('a site has both sides');
  misconfigureCluster(cluster, world.now);
  misconfigureNas(system, world.now);
  cluster.clockSkewSeconds = 400;
  return world;
}
