import { type RunningWorld } from '../scan-scenario.ts';
import { type Fault } from './spec.ts';

/*
 * What goes wrong between us and the servers.
 */

/** Those whose answer nobody waits half an hour for. */
const QUICK_CHANGES = [
  'sharing.nfs.update',
  'sharing.nfs.delete',
  'sharing.smb.update',
  'iscsi.extent.update',
  'iscsi.extent.delete',
  'iscsi.target*',
  'nvmet.namespace*',
  'pool.dataset.update',
  'pool.dataset.rename',
] as const;

const CHANGES = [...QUICK_CHANGES, 'pool.dataset.delete', 'zfs.*', 'pool.snapshot.delete'] as const;

const QUESTIONS = [
  'sharing.nfs.query',
  'sharing.smb.query',
  'iscsi.extent.query',
  'iscsi.target.query',
  'iscsi.targetextent.query',
  'iscsi.global.sessions',
  'pool.dataset.query',
  'pool.snapshottask.query',
  'replication.query',
  'pool.dataset.attachments',
  'zfs.snapshot.query',
  'zfs.resource.query',
  'nvmet.namespace.query',
] as const;

const LISTS = [
  'persistentvolumes',
  'persistentvolumeclaims',
  'pods',
  'volumesnapshotcontents',
  'volumeattachments',
  'nodes',
] as const;

function pick<T>(from: readonly [T, ...T[]], n: number): T {
  return from[n % from.length] ?? from[0];
}

/** Breaks something; whatever was broken before is whole again where `faults` is empty. */
export function setFaults({ clusters, systems }: RunningWorld, faults: readonly Fault[]): void {
  for (const { faults: each } of systems) {
    for (const key of Object.keys(each)) if (key !== 'onCall') Reflect.deleteProperty(each, key);
  }
  for (const { faults: each } of clusters) {
    for (const key of Object.keys(each)) if (key !== 'onRequest') Reflect.deleteProperty(each, key);
  }
  for (const fault of faults) apply({ clusters, systems }, fault);
}

function apply(
  { clusters, systems }: Pick<RunningWorld, 'clusters' | 'systems'>,
  { kind, pick: n }: Fault,
): void {
  const nas = systems[n % systems.length]?.faults ?? {};
  const cluster = clusters[n % clusters.length]?.faults ?? {};
  const change = pick(CHANGES, n);
  // A destruction whose answer is lost with its connection is waited for no longer than that.
  const quick = pick(QUICK_CHANGES, n);
  const resource = pick(LISTS, n);
  switch (kind) {
    case 'lost-answers':
      nas.lostAnswers = [quick];
      return;
    case 'lost-requests':
      nas.lostRequests = [n % 2 === 0 ? quick : pick(QUESTIONS, n)];
      return;
    case 'drop-after-acting':
      nas.dropAfterActing = [change];
      return;
    case 'drop-connection':
      nas.dropConnection = { afterCalls: n * 5 };
      return;
    case 'drop-mid-reply':
      nas.dropConnection = { afterCalls: n * 5, midReply: true };
      return;
    case 'deletes-lie':
      nas.deletesLie = true;
      return;
    case 'denied':
      nas.deniedMethods = [n % 2 === 0 ? change : pick(QUESTIONS, n)];
      return;
    case 'error-once':
      nas.errors = [
        {
          method: n % 2 === 0 ? change : pick(QUESTIONS, n),
          times: 1 + (n % 3),
          error: { kind: 'call', errno: 14, message: 'Bad address' },
        },
      ];
      return;
    case 'empty-list':
      nas.emptyLists = [pick(QUESTIONS, n)];
      return;
    case 'busy':
      nas.busyDatasets = systems.flatMap(({ system }) => system.datasets.map(({ id }) => id));
      return;
    case 'session-expires':
      nas.expireSession = 1 + (n % 4);
      return;
    case 'page-fails':
      cluster.failPage = {
        resource,
        page: 1,
        status: n % 2 === 0 ? 'drop' : 500,
        times: 1 + (n % 4),
      };
      return;
    case 'status-500':
      cluster.status = { [resource]: { status: n % 2 === 0 ? 500 : 403, times: 1 + n } };
      return;
    case 'cut-answer':
      cluster.dropAfterBytes = { resource, bytes: 200 + n * 50, times: 1 + (n % 4) };
      return;
    case 'kubernetes-request-lost':
      cluster.loseRequest = { method: n % 2 === 0 ? 'DELETE' : 'PATCH', resource, times: 1 };
      return;
    case 'kubernetes-answer-lost':
      cluster.loseAnswer = { method: n % 2 === 0 ? 'DELETE' : 'PATCH', resource, times: 1 };
      return;
    case 'controllers-stopped':
      cluster.controllersStopped = true;
  }
}
