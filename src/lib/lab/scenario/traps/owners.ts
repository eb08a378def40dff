import { defineScenario, likely } from '../build/define.ts';
import { unclaimed } from '../build/expect.ts';
import { addDeployment, type Deployment, type DeploymentOptions } from '../build/deployment.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addCluster } from '../build/cluster.ts';
import { addNas, type Cluster } from '../build/stage.ts';
import { type Scenario } from '../world.ts';

/** A second cluster whose driver makes its volumes below the same parent. */
function addSecondCluster(
  site: Site,
  options: Partial<DeploymentOptions>,
): {
  cluster: Cluster;
  nfs: Deployment;
} {
  const cluster = addCluster(site.stage, { name: 'staging', days: 500 });
  const nfs = addDeployment(cluster, site.nas, {
    protocol: 'nfs',
    parent: site.nfs.parent,
    ...options,
  });
  return { cluster, nfs };
}

/** The same, where the monitor knows nothing of it: only what it left on the NAS stays. */
function addUnregisteredCluster(site: Site, options: Partial<DeploymentOptions>): Deployment {
  const { nfs } = addSecondCluster(site, { ...options, declared: 'no' });
  site.stage.world.clusters.pop();
  return nfs;
}

/** Who owns what, where more than one cluster uses a NAS or one was made anew. */
export const OWNER_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'unregistered-cluster-by-instance-id',
    description: 'a second cluster uses the same parent, and its instance_id says so',
    row: 3,
    build(version) {
      const site = newSite(version, { declared: 'parent', instanceId: 'prod' });
      addSound(site.nfs, 10);
      const other = addUnregisteredCluster(site, { instanceId: 'staging' });
      const theirs = addOne(other, 'shop/uploads');
      // Never certain; still reported, because the finding is what says that another owner is visible.
      return finish(site, unclaimed(theirs, likely));
    },
  }),
  defineScenario({
    name: 'unregistered-cluster-by-comment',
    description:
      'a second cluster uses the same parent, and only the comment of its shares says so',
    row: 3,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 10);
      const other = addUnregisteredCluster(site, { driver: 'org.democratic-csi.nfs-staging' });
      const theirs = addOne(other, 'shop/uploads');
      // Declared exclusive, and yet somebody else's mark: the declaration is wrong.
      return finish(site, unclaimed(theirs, likely));
    },
  }),
  defineScenario({
    name: 'two-registered-clusters',
    description: 'two registered clusters share a parent, and one of them forgot a volume',
    row: 4,
    build(version) {
      const site = newSite(version, { declared: 'parent', instanceId: 'prod' });
      const second = addSecondCluster(site, { declared: 'parent', instanceId: 'staging' });
      addSound(site.nfs, 4);
      addSound(second.nfs, 4);
      const forgotten = addOne(second.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      return finish(site, unclaimed(forgotten));
    },
  }),
  defineScenario({
    name: 'unseen-cluster',
    description: 'a second cluster uses the same parent and leaves no trace of itself',
    row: 5,
    build(version) {
      const site = newSite(version, { declared: 'parent' });
      addSound(site.nfs, 10);
      const theirs = addOne(addUnregisteredCluster(site, {}), 'shop/uploads');
      return finish(site, unclaimed(theirs, likely));
    },
  }),
  defineScenario({
    name: 'undeclared-parent',
    description: 'no driver is declared, so parents are inferred and nothing below them is certain',
    row: 5,
    build(version) {
      const site = newSite(version, { declared: 'no', instanceId: 'prod', config: null });
      addSound(site.nfs, 5);
      const forgotten = addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      return finish(site, unclaimed(forgotten, likely));
    },
  }),
  defineScenario({
    name: 'matching-instance-id',
    description: 'the parent is not exclusive, but a forgotten volume carries the id of our driver',
    row: 5,
    build(version) {
      const site = newSite(version, { declared: 'parent', instanceId: 'prod' });
      addSound(site.nfs, 5);
      const forgotten = addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      return finish(site, unclaimed(forgotten));
    },
  }),
  defineScenario({
    name: 'rebuilt-cluster',
    description: 'the cluster was made anew two days ago and knows none of its former volumes',
    row: 36,
    build(version) {
      const site = newSite(version, { days: 2.5 });
      for (const name of ['a', 'b', 'c']) addOne(site.nfs, `apps/new-${name}`, { days: 1.75 });
      // One alone would be few enough: it is the age of the cluster that gives it away.
      const old = addOne(site.iscsi, 'apps/old', { gone: ['pv', 'claim'] });
      const olds = ['a', 'b', 'c', 'd'].map((name) =>
        addOne(site.nfs, `apps/old-${name}`, { gone: ['pv', 'claim'] }),
      );
      return finish(
        site,
        [old, ...olds].flatMap((volume) => unclaimed(volume, likely)),
      );
    },
  }),
  defineScenario({
    name: 'restored-control-plane',
    description:
      'the control plane came back from an old backup: its youngest volumes are unknown to it',
    row: 36,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 7);
      const unknown = ['a', 'b', 'c'].map((name) =>
        addOne(site.nfs, `apps/young-${name}`, { days: 5.5, gone: ['pv', 'claim'] }),
      );
      return finish(
        site,
        unknown.flatMap((volume) => unclaimed(volume, likely)),
      );
    },
  }),
  defineScenario({
    name: 'restored-control-plane-of-many',
    description:
      'a control plane came back from an old backup, and what it lost is little beside what it knows',
    row: 36,
    build(version) {
      const site = newSite(version);
      // Few enough to be forgotten one by one: it is their age that gives it away.
      addSound(site.nfs, 12);
      const unknown = ['a', 'b', 'c'].map((name) =>
        addOne(site.nfs, `apps/young-${name}`, { days: 5.5, gone: ['pv', 'claim'] }),
      );
      return finish(
        site,
        unknown.flatMap((volume) => unclaimed(volume, likely)),
      );
    },
  }),
  defineScenario({
    name: 'wrong-cluster-with-volumes',
    description:
      'the context of one of two clusters leads to a third, whose volumes are on another TrueNAS',
    row: 36,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 12);
      const second = addSecondCluster(site, {});
      const theirs = ['a', 'b', 'c'].map((name) => addOne(second.nfs, `shop/${name}`));
      site.stage.world.clusters.pop();
      const far = addNas(site.stage, version, { name: 'far', host: '10.10.0.9' });
      site.stage.world.systems.pop();
      const third = addCluster(site.stage, { name: 'staging', days: 500 });
      const other = addDeployment(third, far, {
        protocol: 'nfs',
        driver: 'org.democratic-csi.far',
        parent: 'tank/far/vols',
        declared: 'no',
      });
      addSound(other, 3);
      return finish(
        site,
        theirs.flatMap((volume) => unclaimed(volume, likely)),
      );
    },
  }),
  defineScenario({
    name: 'wrong-cluster',
    description: 'the kubeconfig points at a cluster that has no volumes at all',
    row: 36,
    // A list that is empty while the other side says otherwise proves nothing.
    exitCode: 3,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 4);
      site.stage.world.clusters.pop();
      addCluster(site.stage, { name: 'prod', days: 30 });
      return finish(site, []);
    },
  }),
];
