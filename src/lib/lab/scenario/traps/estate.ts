import { addCluster } from '../build/cluster.ts';
import { also, defineScenario, likely } from '../build/define.ts';
import { addDeployment, type Deployment } from '../build/deployment.ts';
import { unclaimed } from '../build/expect.ts';
import { addPathDriver } from '../build/path-driver.ts';
import { addPathVolume } from '../build/path-volume.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addDataset, addNas, GIB, type Nas } from '../build/stage.ts';
import { type Scenario, type TrueNasVersion } from '../world.ts';

/** A second TrueNAS with a driver of its own in the same cluster. */
function addSecondSystem(
  site: Site,
  version: TrueNasVersion,
  options: { declared?: 'no' | 'parent' | 'exclusive' } = {},
): { nas: Nas; nfs: Deployment } {
  const nas = addNas(site.stage, version, { name: 'nas2', host: '10.10.0.6' });
  const nfs = addDeployment(site.cluster, nas, {
    protocol: 'nfs',
    driver: 'org.democratic-csi.nfs-nas2',
    storageClass: 'nas2-nfs',
    ...options,
  });
  return { nas, nfs };
}

/** A copy of a parent on another system, as replication makes it: with every property of the originals. */
function replicate(from: Nas, parent: string, to: Nas, target: string): void {
  if (!to.datasets.has(target)) addDataset(to, target, { days: 300.5 });
  for (const { id, userProperties } of from.system.datasets) {
    if (!id.startsWith(`${parent}/`)) continue;
    addDataset(to, `${target}${id.slice(parent.length)}`, {
      days: 299.5,
      used: 5 * GIB,
      userProperties: { ...userProperties },
    });
  }
}

/** More than one cluster, more than one TrueNAS. */
export const ESTATE_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'two-systems',
    description:
      'two TrueNAS with parents of the same path, and one forgotten volume on the second',
    row: null,
    build(version) {
      const site = newSite(version);
      const second = addSecondSystem(site, version);
      addSound(site.nfs, 5);
      for (const number of [1, 2, 3, 4, 5]) addOne(second.nfs, `apps/second-${number}`);
      const forgotten = addOne(second.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      return finish(
        site,
        unclaimed(forgotten).map((each) => also(each, { on: 'nas2' })),
      );
    },
  }),
  defineScenario({
    name: 'replica-system',
    description: 'a second TrueNAS holds a replica of the first, under the path of a parent',
    row: 13,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 5);
      const replica = addNas(site.stage, version, { name: 'nas2', host: '10.10.0.6' });
      const forgotten = addOne(site.nfs, 'apps/forgotten', { gone: ['pv', 'claim'] });
      replicate(site.nas, site.nfs.parent, replica, site.nfs.parent);
      replicate(site.nas, site.nfs.parent, replica, 'tank/backup/nfs');
      return finish(
        site,
        unclaimed(forgotten).map((each) => also(each, { on: 'nas1' })),
      );
    },
  }),
  defineScenario({
    name: 'undeclared-systems',
    description: 'two TrueNAS with parents of the same path, known from the Secrets alone',
    row: null,
    build(version) {
      const site = newSite(version, { declared: 'no', instanceId: 'prod' });
      const second = addSecondSystem(site, version, { declared: 'no' });
      addSound(site.nfs, 5);
      for (const number of [1, 2, 3, 4, 5]) addOne(second.nfs, `apps/second-${number}`);
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'clusters-with-own-ids',
    description: 'two registered clusters on one parent: each knows its volumes by its instance id',
    row: 4,
    build(version) {
      const site = newSite(version, { declared: 'no', instanceId: 'prod' });
      const cluster = addCluster(site.stage, { name: 'staging', days: 500 });
      const nfs = addDeployment(cluster, site.nas, {
        protocol: 'nfs',
        parent: site.nfs.parent,
        instanceId: 'staging',
        declared: 'no',
      });
      addSound(site.nfs, 5);
      addSound(nfs, 5);
      const here = addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      const there = addOne(nfs, 'shop/invoices', { gone: ['pv', 'claim'] });
      return finish(site, [...unclaimed(here), ...unclaimed(there)]);
    },
  }),
  defineScenario({
    name: 'second-cluster-unreadable',
    description:
      'one of two registered clusters does not show its volumes: any may be in use there',
    row: 15,
    exitCode: 3,
    build(version) {
      const site = newSite(version);
      const cluster = addCluster(site.stage, { name: 'staging', days: 500 });
      const nfs = addDeployment(cluster, site.nas, { protocol: 'nfs', parent: site.nfs.parent });
      addSound(site.nfs, 6);
      addOne(nfs, 'shop/uploads');
      cluster.cluster.forbidden = ['persistentvolumes'];
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'cluster-ids-of-tns-csi',
    description: 'an unregistered cluster left its cluster_id on a volume below a shared parent',
    row: 3,
    build(version) {
      const site = newSite(version);
      const ours = addPathDriver(site.cluster, site.nas, {
        driver: 'tns.csi.io',
        protocol: 'nfs',
        clusterId: 'prod',
        declared: 'parent',
      });
      for (const number of [1, 2, 3, 4, 5]) addPathVolume(ours, { claim: `apps/data-${number}` });
      const theirs = addPathVolume(
        { ...ours, clusterId: 'staging' },
        { claim: 'shop/uploads', gone: ['pv', 'claim'] },
      );
      return finish(site, unclaimed(theirs, likely));
    },
  }),
];
