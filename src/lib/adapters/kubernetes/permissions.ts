import { type LimitFunction } from 'p-limit';
import { failed, listed, unlisted, type Listing } from '../../core/model/coverage.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type Permission } from '../../core/model/kubernetes-surroundings.ts';
import { isAllowed, ReviewsDeniedError, type ResourceAttributes } from './access-review.ts';
import { readApiGroups } from './api-groups.ts';
import { type Connection } from './connection.ts';
import { findPlaces, type SecretOrigins } from './driver-places.ts';
import { groupName } from './resource-kinds.ts';
import { LIST_SPECS } from './sources.ts';

/** One thing that may be allowed. */
type Question = Omit<Permission, 'cluster' | 'allowed'>;

export interface PermissionScope {
  /** Asked about one by one where all of them together are denied. */
  readonly namespaces: readonly string[];
  /** Where drivers say how they are configured. */
  readonly origins: SecretOrigins;
  /** For one request each: there are many, and other lists are read at the same time. */
  readonly limit: LimitFunction;
}

/**
 * Asks of everything that this tool reads whether it may: one review for each kind of object and for each Secret, however many
 * objects there are. That something is denied is an answer, and the list is complete with it. Only an abort throws.
 */
export async function readPermissions(
  connection: Connection,
  scope: PermissionScope,
  signal: AbortSignal,
): Promise<Listing<Permission>> {
  const failure = new AbortController();
  try {
    return listed(await readAll(connection, scope, AbortSignal.any([signal, failure.signal])));
  } catch (error) {
    signal.throwIfAborted();
    // What keeps one review from being answered keeps the others too.
    failure.abort();
    if (error instanceof ReviewsDeniedError) {
      return unlisted(failed(`cluster ${connection.cluster.name}: ${error.message}`));
    }
    if (!(error instanceof MonitorError)) throw error;
    return unlisted(failed(`${error.message} while it asked what it may read`));
  }
}

async function readAll(
  connection: Connection,
  scope: PermissionScope,
  signal: AbortSignal,
): Promise<readonly Permission[]> {
  const { origins, limit } = scope;
  const ask = async (questions: readonly Question[]) =>
    await Promise.all(
      questions.map((question) => limit(async () => await review(connection, question, signal))),
    );
  const installed = await limit(async () => await readApiGroups(connection, signal));
  const names = new Set(installed.items.map(({ name }) => name));
  const { places } = await limit(async () => await findPlaces(connection, origins, signal));
  const secrets = places.map(({ secret }) => ({ ...CORE_GET, resource: 'secrets', ...secret }));
  const wide = await ask([...listQuestions(names), KUBE_SYSTEM, ...distinct(secrets)]);
  const single = await ask(wide.flatMap((permission) => narrower(permission, scope)));
  return [...wide, ...single];
}

const CORE_GET = { verb: 'get', group: '' } as const;

/** Its uid and its age are those of the cluster. */
const KUBE_SYSTEM: Question = {
  ...CORE_GET,
  resource: 'namespaces',
  namespace: null,
  name: 'kube-system',
};

/** Groups that few clusters have: whoever has no use for them need not be allowed to read them. */
const RARE_GROUPS: ReadonlySet<string> = new Set(['kubevirt.io', 'cdi.kubevirt.io']);

function listQuestions(installed: ReadonlySet<string>): readonly Question[] {
  return Object.values(LIST_SPECS).flatMap(({ group: path, resource, namespace = null }) => {
    const group = groupName(path);
    if (RARE_GROUPS.has(group) && !installed.has(group)) return [];
    return { verb: 'list', group, resource, namespace, name: null };
  });
}

/** Several drivers may be configured in one Secret. */
function distinct(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((question) => [JSON.stringify(question), question])).values()];
}

const NAMESPACED: ReadonlySet<string> = new Set(
  Object.values(LIST_SPECS)
    .filter(({ namespaced }) => namespaced)
    .map(({ resource }) => resource),
);

/** What is read instead where all namespaces together are denied. */
function narrower(
  permission: Permission,
  { namespaces, origins }: PermissionScope,
): readonly Question[] {
  const { verb, group, resource, namespace, name, allowed } = permission;
  if (allowed || verb !== 'list' || namespace !== null || !NAMESPACED.has(resource)) return [];
  // Pods are also looked at wherever drivers are known to run.
  const others = resource === 'pods' ? origins.namespaces : [];
  return [...new Set([...namespaces, ...others])].map((each) => {
    return { verb, group, resource, namespace: each, name };
  });
}

async function review(
  connection: Connection,
  question: Question,
  signal: AbortSignal,
): Promise<Permission> {
  const allowed = await isAllowed(connection, attributesOf(question), signal);
  return { cluster: connection.cluster.name, ...question, allowed };
}

/** What is not said stands for everything. */
function attributesOf(question: Question): ResourceAttributes {
  const { verb, group, resource, name } = question;
  // A namespace lies in itself, so that a role in it may allow it to be read.
  const namespace = resource === 'namespaces' ? name : question.namespace;
  return {
    verb,
    group,
    resource,
    ...(namespace === null ? {} : { namespace }),
    ...(name === null ? {} : { name }),
  };
}
