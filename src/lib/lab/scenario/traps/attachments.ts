import { also, certain, defineScenario, likely } from '../build/define.ts';
import { addNode } from '../build/cluster.ts';
import { addPod } from '../build/pods.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addAttachment } from '../build/use.ts';
import { addWorkload } from '../build/workloads.ts';
import { type Scenario } from '../world.ts';

/** Volumes that are attached to machines. */
export const ATTACHMENT_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'stale-attachments',
    description:
      'volumes attached to a machine that is gone, beside one on a machine that restarts',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.iscsi, 3);
      const gone = addOne(site.iscsi, 'apps/on-gone-node');
      const stale = addAttachment(site.cluster, {
        volume: gone.name,
        driver: site.iscsi.driver,
        node: 'worker-9',
        days: 12.5,
      });
      addNode(site.cluster, 'worker-4', 300, false);
      const restarting = addOne(site.iscsi, 'apps/on-restarting-node');
      addAttachment(site.cluster, {
        volume: restarting.name,
        driver: site.iscsi.driver,
        node: 'worker-4',
        days: 0.02,
      });
      addPod(site.cluster, {
        pod: 'apps/on-restarting-node-0',
        days: 12.5,
        claims: [restarting.claimName],
        node: 'worker-4',
      });
      // Nothing says since when its machine is gone, so that the first look is not certain yet.
      return finish(site, [likely('attachment-stale', stale.metadata.name)]);
    },
  }),
  defineScenario({
    name: 'failing-detach',
    description:
      'an attachment that cannot be undone, though its machine is there and no pod uses it',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.iscsi, 3);
      const volume = addOne(site.iscsi, 'apps/stuck', { idle: true });
      addWorkload(site.cluster, 'Deployment', {
        name: 'apps/stuck',
        days: 80.5,
        replicas: 0,
        claims: [volume.claimName],
      });
      const stuck = addAttachment(site.cluster, {
        volume: volume.name,
        driver: site.iscsi.driver,
        node: 'worker-2',
        days: 12.5,
        detachError: 'rpc error: code = Internal desc = target is busy',
      });
      return finish(site, [
        also(certain('attachment-stale', stuck.metadata.name), { says: 'target is busy' }),
      ]);
    },
  }),
];
