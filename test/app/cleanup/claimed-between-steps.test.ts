import { expect, test } from 'vitest';
import { addAttachment } from '../../../src/lib/lab/scenario/build/use.ts';
import { addObject } from '../../../src/lib/lab/scenario/build/objects.ts';
import { addOne, addSound, finish, newSite } from '../../../src/lib/lab/scenario/build/site.ts';
import { type Cluster } from '../../../src/lib/lab/scenario/build/stage.ts';
import { plannedByName } from '../../support/crash-cases.ts';
import { cleanupSite } from '../../support/cleanup-site.ts';

/** Who comes to count on a volume whose data is gone, once it was decided to delete it. */
const COMERS: Readonly<
  Record<string, readonly [come: (cluster: Cluster, volume: string) => void, told: string]>
> = {
  'a claim names': [
    (cluster, volume) => {
      addObject(cluster, {
        resource: 'persistentvolumeclaims',
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: 'restored',
        namespace: 'apps',
        uid: 'another',
        days: 0.001,
        body: { spec: { volumeName: volume, accessModes: ['ReadWriteMany'] } },
        writers: [],
      });
    },
    'claim apps/restored counts on it',
  ],
  'a node attaches': [
    (cluster, volume) => {
      addAttachment(cluster, {
        volume,
        node: 'worker-1',
        driver: 'org.democratic-csi.nfs',
        days: 0.001,
      });
    },
    'it is attached to a node',
  ],
};

test.each(Object.entries(COMERS))(
  'a volume that %s between two steps is not deleted',
  async (_, [come, told]) => {
    const site = newSite('25.10');
    addSound(site.nfs, 6);
    const volume = addOne(site.nfs, 'apps/lost', {
      gone: ['claim', 'dataset', 'share'],
      releasedDays: 60.5,
    });
    await using running = await cleanupSite(finish(site, []).world);
    const plan = await plannedByName(running, 'pv-backend-missing');
    expect(plan.steps.map(({ change }) => change.type)).toEqual(['set-policy', 'delete-resource']);
    const [lab] = running.running.clusters;
    if (lab === undefined) throw new Error('a cluster');
    let retained = false;
    lab.faults.onRequest = ({ method, resource, query }) => {
      if (method === 'PATCH' && resource === 'persistentvolumes' && !query.has('dryRun')) {
        retained = true;
      } else if (retained) {
        lab.faults.onRequest = () => undefined;
        come(site.cluster, volume.name);
      }
    };
    const run = await running.apply(plan);
    const [, deletion] = run.steps;
    expect(deletion?.state).toBe('skipped');
    expect(deletion?.detail).toContain(told);
    const left = lab.cluster.objects['persistentvolumes']?.find(
      ({ metadata }) => metadata.name === volume.name,
    );
    // With Delete its driver would take along whatever it finds once the volume is let go.
    expect(left?.['spec']).toMatchObject({ persistentVolumeReclaimPolicy: 'Retain' });
  },
);
