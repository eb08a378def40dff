import { certain, defineScenario, likely } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { unclaimed } from '../build/expect.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addDataset, addNas } from '../build/stage.ts';
import { type Scenario } from '../world.ts';

/** A driver whose volumes are on a TrueNAS that nobody registered. */
function addUnregistered({ cluster, stage, nas }: Site, parent: string): void {
  const host = '10.99.0.1';
  const unseen = { ...nas, datasets: new Map(nas.datasets), system: structuredClone(nas.system) };
  const deployment = addDeployment(
    cluster,
    { ...unseen, stage, host },
    {
      protocol: 'nfs',
      driver: 'org.democratic-csi.nfs-attic',
      storageClass: 'nas-attic',
      declared: 'no',
      parent,
    },
  );
  for (const name of ['a', 'b', 'c']) addOne(deployment, `apps/attic-${name}`);
}

/** What the drivers' own Secrets say, and what they get wrong. */
export const CONFIG_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'parent-from-secret',
    description:
      'nothing is declared: the Secret of the driver names its parent and its instance id',
    row: null,
    build(version) {
      const site = newSite(version, { declared: 'no', instanceId: 'prod' });
      addSound(site.nfs, 5);
      return finish(site, unclaimed(addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] })));
    },
  }),
  defineScenario({
    name: 'secret-without-instance-id',
    description: 'nothing is declared, and the Secret of the driver names no instance id',
    row: 5,
    build(version) {
      const site = newSite(version, { declared: 'no' });
      addSound(site.nfs, 5);
      const forgotten = addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      return finish(site, unclaimed(forgotten, likely));
    },
  }),
  defineScenario({
    name: 'secret-is-no-yaml',
    description: 'the Secret of the driver cannot be understood, and nothing is declared',
    row: null,
    // Which volumes are the driver's cannot be told, and a source that is not understood is not whole.
    exitCode: 3,
    build(version) {
      const site = newSite(version, {
        declared: 'no',
        instanceId: 'prod',
        config: 'driver: [freenas-api-nfs\n  zfs: {datasetParentName: "tank',
      });
      addSound(site.nfs, 5);
      const forgotten = addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      return finish(site, unclaimed(forgotten, likely));
    },
  }),
  defineScenario({
    name: 'secret-of-several-hosts',
    description: 'the Secret of the driver names one host for its API and another for SSH',
    row: null,
    build(version) {
      const site = newSite(version, {
        declared: 'no',
        instanceId: 'prod',
        kind: 'freenas-nfs',
        config: { sshHost: '10.10.0.6' },
      });
      addSound(site.nfs, 5);
      const forgotten = addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      // Its instance id says whose it is, whichever of the two hosts is meant.
      return finish(site, unclaimed(forgotten));
    },
  }),
  defineScenario({
    name: 'secret-contradicts-volumes',
    description: 'the parent in the Secret was changed: older volumes lie under the former one',
    row: 19,
    build(version) {
      const parent = 'tank/k8s/new/vols';
      const site = newSite(version, { declared: 'no', instanceId: 'prod', config: { parent } });
      addDataset(site.nas, parent, { days: 12.5 });
      addOne({ ...site.nfs, parent }, 'apps/new', { days: 5.5 });
      const former = addSound(site.nfs, 3);
      return finish(
        site,
        former.map(({ name }) => certain('volume-outside-parent', name)),
      );
    },
  }),
  defineScenario({
    name: 'secret-of-another-system',
    description: 'the driver keeps its volumes on a TrueNAS that was not registered',
    row: null,
    build(version) {
      const site = newSite(version, { declared: 'no' });
      addNas(site.stage, version, { name: 'nas2', host: '10.10.0.7' });
      addSound(site.iscsi, 4);
      addUnregistered(site, 'attic/k8s/vols');
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'secret-of-a-twin-system',
    description: 'the same, where a parent of the same path lies empty on a registered TrueNAS',
    row: null,
    // Volumes that should be there and are not, all of them: that may as well be a key that sees nothing.
    exitCode: 3,
    build(version) {
      const site = newSite(version, { declared: 'no' });
      addNas(site.stage, version, { name: 'nas2', host: '10.10.0.7' });
      addSound(site.iscsi, 4);
      addUnregistered(site, site.nfs.parent);
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'forbidden-secrets-and-declared',
    description: 'Secrets may not be read, and the parents are declared instead',
    row: 15,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 5);
      const forgotten = addOne(site.nfs, 'shop/uploads', { gone: ['pv', 'claim'] });
      site.cluster.cluster.forbidden = ['secrets'];
      return finish(site, unclaimed(forgotten));
    },
  }),
];
