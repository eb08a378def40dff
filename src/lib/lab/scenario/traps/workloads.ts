import { certain, defineScenario, likely, type Built } from '../build/define.ts';
import { addPod, ownerReference } from '../build/pods.ts';
import { addOne, addSound, finish, newSite, type Site, type SiteOptions } from '../build/site.ts';
import { ago, objectsOf } from '../build/stage.ts';
import { valueAt } from '../build/use.ts';
import { type Volume } from '../build/volume.ts';
import { isRecord } from '../build/record.ts';
import {
  addCronJob,
  addDataVolume,
  addJob,
  addVirtualMachine,
  addWorkload,
} from '../build/workloads.ts';
import { type KubernetesObject, type Scenario, type TrueNasVersion } from '../world.ts';

/** A volume whose claim no pod uses now. */
function addIdle(site: Site, claim: string, protocol: 'nfs' | 'iscsi' = 'nfs'): Volume {
  return addOne(site[protocol], claim, { idle: true });
}

function claimOf(site: Site, { claimUid }: Volume): KubernetesObject {
  const claim = objectsOf(site.cluster.cluster, 'persistentvolumeclaims').find(
    ({ metadata }) => metadata.uid === claimUid,
  );
  if (claim === undefined) throw new Error('only volumes that have their claim');
  return claim;
}

/** Claims that something would use if it were woken, scaled up or started. */
function addSleepers(site: Site): void {
  const { cluster } = site;
  const days = 80.5;
  addIdle(site, 'jobs/monthly-report');
  addCronJob(cluster, { name: 'jobs/report', days, claims: ['monthly-report'] });
  addIdle(site, 'jobs/migration-input');
  addJob(cluster, { name: 'jobs/migration', days, claims: ['migration-input'], suspended: true });
  addIdle(site, 'shop/data-postgres-0', 'iscsi');
  addWorkload(cluster, 'StatefulSet', {
    name: 'shop/postgres',
    days,
    replicas: 0,
    claimTemplates: ['data'],
  });
  addIdle(site, 'shop/uploads');
  addWorkload(cluster, 'Deployment', {
    name: 'shop/frontend',
    days,
    replicas: 0,
    claims: ['uploads'],
  });
}

/** Claims of virtual machines that are switched off, and the volume of a pod that goes with the pod. */
function addMachines(site: Site): void {
  const { cluster } = site;
  const days = 80.5;
  addIdle(site, 'vms/root-disk', 'iscsi');
  const data = addIdle(site, 'vms/data-disk', 'iscsi');
  const dataVolume = addDataVolume(cluster, { name: 'vms/data-disk', days });
  claimOf(site, data).metadata['ownerReferences'] = [ownerReference(dataVolume)];
  addVirtualMachine(cluster, {
    name: 'vms/windows',
    days,
    volumes: [
      { name: 'root', persistentVolumeClaim: { claimName: 'root-disk' } },
      { name: 'data', dataVolume: { name: 'data-disk' } },
    ],
  });
  const scratch = addIdle(site, 'jobs/indexer-0-scratch');
  const pod = addPod(cluster, {
    pod: 'jobs/indexer-0',
    days: 12.5,
    volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: {} } } }],
  });
  claimOf(site, scratch).metadata['ownerReferences'] = [ownerReference(pod)];
}

/** Claims of which nothing says that anybody will want them again. */
function addForgotten(site: Site): Volume[] {
  const days = 80.5;
  const left = addIdle(site, 'apps/left-behind');
  // What ran to its end makes no pod again, and a pod that is over uses nothing.
  const imported = addIdle(site, 'jobs/import-input');
  addJob(site.cluster, {
    name: 'jobs/import',
    days,
    claims: ['import-input'],
    finished: true,
  });
  addPod(site.cluster, {
    pod: 'jobs/import-7x2qk',
    days,
    claims: ['import-input'],
    phase: 'Succeeded',
  });
  return [left, imported];
}

/** What Kubernetes itself says of every claim, from 1.36 on. */
function addConditions(site: Site): void {
  const { cluster } = site.cluster;
  for (const claim of objectsOf(cluster, 'persistentvolumeclaims')) {
    const { namespace = '', name } = claim.metadata;
    const unused = site.cluster.idle.has(`${namespace}/${name}`) && name !== 'indexer-0-scratch';
    const status = valueAt(claim, 'status');
    if (!isRecord(status)) continue;
    status['conditions'] = [
      {
        type: 'Unused',
        status: unused ? 'True' : 'False',
        reason: unused ? 'NoPodsUsingPVC' : 'PodUsingPVC',
        lastTransitionTime: ago(site.stage, unused ? 41.5 : 70.5),
      },
    ];
  }
}

function buildWorld(
  version: TrueNasVersion,
  options: SiteOptions,
  add: (site: Site) => Volume[],
): Built {
  const site = newSite(version, options);
  addSound(site.nfs, 2);
  const forgotten = add(site);
  if (options.kubernetes !== undefined) addConditions(site);
  // Without the condition nothing says since when, so that the first look is not certain yet.
  const expected = options.kubernetes === undefined ? likely : certain;
  return finish(
    site,
    forgotten.map(({ namespace, claimName }) =>
      expected('pvc-unused', `${namespace}/${claimName}`),
    ),
  );
}

const UNUSED_CONDITION = 'v1.36.2';

function sleepers(site: Site): Volume[] {
  addSleepers(site);
  return [];
}

function machines(site: Site): Volume[] {
  addMachines(site);
  return [];
}

/** Claims that no pod uses at this moment. */
export const WORKLOAD_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'claims-of-sleeping-workloads',
    description: 'claims of jobs that wait and of workloads scaled down: someone would use them',
    row: 6,
    build: (version) => buildWorld(version, {}, sleepers),
  }),
  defineScenario({
    name: 'claims-of-sleeping-workloads-with-condition',
    description: 'the same on a cluster that says of each claim whether a pod uses it',
    row: 6,
    build: (version) => buildWorld(version, { kubernetes: UNUSED_CONDITION }, sleepers),
  }),
  defineScenario({
    name: 'claims-of-machines-and-pods',
    description: 'disks of virtual machines that are off, and the own volume of a running pod',
    row: 6,
    build: (version) => buildWorld(version, { virtualMachines: true }, machines),
  }),
  defineScenario({
    name: 'claims-of-machines-and-pods-with-condition',
    description: 'disks of virtual machines on a cluster that says whether a pod uses a claim',
    row: 6,
    build: (version) =>
      buildWorld(version, { virtualMachines: true, kubernetes: UNUSED_CONDITION }, machines),
  }),
  defineScenario({
    name: 'unused-claims',
    description: 'claims that nothing uses and nothing would, beside those of what is over',
    row: 6,
    build: (version) => buildWorld(version, {}, addForgotten),
  }),
  defineScenario({
    name: 'unused-claims-with-condition',
    description: 'claims that nothing uses, on a cluster that says since when',
    row: 6,
    build: (version) => buildWorld(version, { kubernetes: UNUSED_CONDITION }, addForgotten),
  }),
];
