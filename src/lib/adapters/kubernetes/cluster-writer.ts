import pLimit from 'p-limit';
import { type ClusterChange } from '../../core/cleanup/change.ts';
import { type ClusterTarget, type Observed } from '../../core/cleanup/expectation.ts';
import {
  ClusterForbiddenError,
  ClusterUnreachableError,
  MonitorError,
} from '../../core/model/errors.ts';
import { type ClusterWriter, type ResourceGuard, type Sent } from '../../ports/change-writer.ts';
import { type ApiAnswer } from './api-answer.ts';
import { isAllowed, ReviewsDeniedError, type ResourceAttributes } from './access-review.ts';
import { messageOf } from './change-message.ts';
import { type Connection } from './connection.ts';
import { protocolFailure } from './failures.ts';
import { recordAt } from './json.ts';
import { LEASE_RIGHTS } from './lease-client.ts';
import { collectionPath, groupName, qualifiedName, RESOURCE_SPECS } from './resource-kinds.ts';
import { isBound, manifestOf } from './saved-manifest.ts';

/** What changes a cluster, over the connection by which it is read. */
export function clusterWriter(connection: Connection): ClusterWriter {
  return {
    name: connection.cluster.name,
    observe: async (target, signal) => await observe(connection, target, signal),
    rehearse: async (change, guard, signal) => await rehearse(connection, change, guard, signal),
    send: async (change, guard, signal) => await send(connection, change, guard, signal),
    lacking: async (changes, signal) => await lacking(connection, changes, signal),
  };
}

/**
 * Gets one object. One that is deleted but has finalizers is still there, with `deleted_at`, until whoever set them has done what
 * they stand for: nobody can have it back any more, so it counts as gone.
 */
async function observe(
  connection: Connection,
  { kind, where }: ClusterTarget,
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  const spec = RESOURCE_SPECS[kind];
  const path = `${collectionPath(spec, where.namespace)}/${encodeURIComponent(where.name)}`;
  const answer = await connection.get(path, signal);
  const { body } = answer;
  if (isAbsence(answer, spec.resource, where.name)) return [];
  if (answer.status !== 200 || body === null) {
    throw notTold(connection, `${spec.resource} ${where.name}`, answer);
  }
  const identity = spec.identify(body, connection.cluster.name);
  if (identity?.['name'] !== where.name || (identity['namespace'] ?? null) !== where.namespace) {
    throw protocolFailure(
      connection.cluster,
      `answered ${spec.resource} ${where.name} with something that cannot be read`,
    );
  }
  return [{ identity, raw: manifestOf(body) }];
}

/** Whatever else answers 404 knows of no such kind of object, and so nothing of this one. */
function isAbsence({ status, body }: ApiAnswer, resource: string, name: string): boolean {
  if (status !== 404 || body?.['kind'] !== 'Status' || body['reason'] !== 'NotFound') return false;
  const details = recordAt(body, 'details');
  return details['name'] === name && details['kind'] === resource;
}

function notTold(connection: Connection, what: string, { status }: ApiAnswer): Error {
  const { cluster } = connection;
  if (status !== 403) return protocolFailure(cluster, `does not tell of ${what} (${status})`);
  return new ClusterForbiddenError(`cluster ${cluster.name}: ${what} may not be read`, {
    remediation: ['Grant the role truenas-monitor-cleanup of docs/kubernetes-access.md.'],
  });
}

async function send(
  connection: Connection,
  change: ClusterChange,
  guard: ResourceGuard | null,
  signal: AbortSignal,
): Promise<Sent> {
  const message = messageOf(change, guard, false);
  if (typeof message === 'string') return { state: 'not-sent', reason: message };
  const objection = await objectionTo(connection, change, signal);
  if (objection !== undefined) return { state: 'not-sent', reason: objection };
  const delivery = await connection.change(message, signal);
  if (delivery.state !== 'answered') return { state: delivery.state, reason: delivery.reason };
  const { body } = delivery.answer;
  if (change.type !== 'create-resource') return { state: 'answered', created: null };
  const { identify } = RESOURCE_SPECS[change.kind];
  return { state: 'answered', created: identify(body ?? {}, connection.cluster.name) ?? null };
}

/** Whatever was planned: with the policy Delete the driver deletes the data of a volume at once where no claim holds it. */
async function objectionTo(
  connection: Connection,
  change: ClusterChange,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (change.type !== 'set-policy' || change.kind !== 'persistentvolume') return undefined;
  if (change.policy === 'Retain') return undefined;
  const where = { name: change.name, namespace: null };
  const target = { side: 'kubernetes', kind: change.kind, where } as const;
  try {
    const [volume] = await observe(connection, target, signal);
    if (volume !== undefined && isBound(volume.raw)) return undefined;
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    return error.message;
  }
  return `its driver would delete the data of a volume that no claim holds, with the policy ${change.policy}`;
}

async function rehearse(
  connection: Connection,
  change: ClusterChange,
  guard: ResourceGuard | null,
  signal: AbortSignal,
): Promise<string | undefined> {
  const message = messageOf(change, guard, true);
  if (typeof message === 'string') return message;
  const objection = await objectionTo(connection, change, signal);
  if (objection !== undefined) return objection;
  const delivery = await connection.change(message, signal);
  if (delivery.state === 'answered') return undefined;
  if (delivery.state === 'refused') return delivery.reason;
  signal.throwIfAborted();
  throw new ClusterUnreachableError(delivery.reason, {
    remediation: ['Try again when the API server is well: `kubectl get --raw /readyz?verbose`.'],
  });
}

const VERBS = {
  'set-policy': 'patch',
  'delete-resource': 'delete',
  'create-resource': 'create',
} as const satisfies Record<ClusterChange['type'], string>;

/** Reviews that are asked at the same time. */
const PARALLEL_REVIEWS = 4;

async function lacking(
  connection: Connection,
  changes: readonly ClusterChange[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { name } = connection.cluster;
  const limit = pLimit(PARALLEL_REVIEWS);
  try {
    const lines = await Promise.all(
      rightsFor(changes).map((right) =>
        limit(async () => {
          const allowed = await isAllowed(connection, right.attributes, signal);
          return allowed ? [] : [`${right.words} is not allowed in cluster ${name}`];
        }),
      ),
    );
    return lines.flat();
  } catch (error) {
    limit.clearQueue();
    if (!(error instanceof ReviewsDeniedError)) throw error;
    return [`cluster ${name}: ${error.message}`];
  }
}

interface Right {
  readonly attributes: ResourceAttributes;
  /** As in `delete persistentvolumes`. */
  readonly words: string;
}

/** Each once: what the changes take, and what holding the lock does. */
function rightsFor(changes: readonly ClusterChange[]): readonly Right[] {
  const rights = changes.flatMap((change) =>
    ['get', VERBS[change.type]].map((verb) => rightTo(verb, change.kind, namespaceOf(change))),
  );
  return [
    ...new Map(rights.map((right) => [right.words, right])).values(),
    ...LEASE_RIGHTS.map((attributes) => ({
      attributes,
      words: `${attributes.verb} leases.${attributes.group} in the namespace ${attributes.namespace}`,
    })),
  ];
}

function rightTo(verb: string, kind: ClusterChange['kind'], namespace: string | null): Right {
  const spec = RESOURCE_SPECS[kind];
  const { resource } = spec;
  const scope = namespace === null ? {} : { namespace };
  return {
    attributes: { verb, group: groupName(spec.group), resource, ...scope },
    words: `${verb} ${qualifiedName(spec)}${namespace === null ? '' : ` in the namespace ${namespace}`}`,
  };
}

function namespaceOf(change: ClusterChange): string | null {
  return change.type === 'set-policy' ? null : change.namespace;
}
