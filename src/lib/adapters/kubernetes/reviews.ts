import { MonitorError } from '../../core/model/errors.ts';
import {
  type AccessQuestion,
  type AccessReview,
  type AccessReviewer,
  type ClusterUser,
  type TokenReview,
  type TokenReviewer,
  type Unavailable,
} from '../../ports/authentication.ts';
import { type ApiAnswer } from './api-answer.ts';
import { type Connection } from './connection.ts';
import { isRecord, type JsonRecord, listAt, recordAt, textAt } from './json.ts';

const TOKENS = '/apis/authentication.k8s.io/v1/tokenreviews';
const ACCESS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** What Kubernetes calls whoever brings no token. */
const NOBODY = 'system:unauthenticated';

/** Asks one cluster who callers are, and what they may do there. */
export class Reviews implements TokenReviewer, AccessReviewer {
  readonly #connection: Connection;
  readonly #audience: string | null;
  #clusterUid: string | null = null;

  /** @param audience that tokens have to be made for; null for that of the API */
  constructor(connection: Connection, audience: string | null) {
    this.#connection = connection;
    this.#audience = audience;
  }

  async review(token: string, signal: AbortSignal): Promise<TokenReview> {
    const audiences = this.#audience === null ? {} : { audiences: [this.#audience] };
    const question = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token, ...audiences },
    };
    return await this.#answered(signal, 'tokenreviews', async () => {
      const answer = await this.#connection.ask(TOKENS, question, signal);
      const status = statusOf(answer);
      if (status === null) return refused('tokenreviews', answer);
      if (status['authenticated'] !== true) return UNKNOWN;
      // A server that knows nothing of audiences says yes to a token that was made for somebody else.
      if (this.#audience !== null && !listAt(status, 'audiences').includes(this.#audience)) {
        return { state: 'unknown', reason: 'the token was made for another audience' };
      }
      const user = this.#userOf(recordAt(status, 'user'), await this.#uid(signal));
      return user === null ? UNKNOWN : { state: 'known', user };
    });
  }

  async mayDo(
    user: ClusterUser,
    question: AccessQuestion,
    signal: AbortSignal,
  ): Promise<AccessReview> {
    const { name, uid, groups, extra } = user;
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: name, groups, extra, ...(uid === null ? {} : { uid }), ...worded(question) },
    };
    return await this.#answered(signal, 'subjectaccessreviews', async () => {
      const answer = await this.#connection.ask(ACCESS, body, signal);
      const status = statusOf(answer);
      if (status === null) return refused('subjectaccessreviews', answer);
      // What an authorizer denies outright is denied whatever another one allows.
      const allowed = status['allowed'] === true && status['denied'] !== true;
      return { state: allowed ? 'allowed' : 'denied' };
    });
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #answered<T>(
    signal: AbortSignal,
    what: string,
    ask: () => Promise<T>,
  ): Promise<T | Unavailable> {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MonitorError)) throw error;
      const { message, remediation } = error;
      return { state: 'unavailable', reason: `${message} (${what})`, remediation };
    }
  }

  /** Which cluster this is. Without it a caller is known all the same, but approves of nothing. */
  async #uid(signal: AbortSignal): Promise<string | null> {
    if (this.#clusterUid !== null) return this.#clusterUid;
    try {
      const { status, body } = await this.#connection.get('/api/v1/namespaces/kube-system', signal);
      if (status === 200) this.#clusterUid = textAt(recordAt(body ?? {}, 'metadata'), 'uid');
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MonitorError)) throw error;
    }
    return this.#clusterUid;
  }

  #userOf(user: JsonRecord, clusterUid: string | null): ClusterUser | null {
    const name = textAt(user, 'username');
    const groups = listAt(user, 'groups').filter((group) => typeof group === 'string');
    if (name === null || name === 'system:anonymous' || groups.includes(NOBODY)) return null;
    return {
      name,
      uid: textAt(user, 'uid'),
      groups,
      extra: extraOf(recordAt(user, 'extra')),
      cluster: this.#connection.cluster.name,
      clusterUid,
    };
  }
}

const UNKNOWN = { state: 'unknown', reason: 'Kubernetes does not know the token' } as const;

function statusOf({ status, body }: ApiAnswer): JsonRecord | null {
  if (status !== 200 && status !== 201) return null;
  const member = body?.['status'];
  return isRecord(member) ? member : null;
}

function refused(resource: string, { status }: ApiAnswer): Unavailable {
  return {
    state: 'unavailable',
    reason:
      status === 403
        ? `truenas-monitor may not create ${resource}`
        : `the cluster did not answer ${resource} (${status})`,
    remediation:
      status === 403
        ? ['Bind the ClusterRole system:auth-delegator to the account of truenas-monitor.']
        : ['See whether the API server is one that serves it.'],
  };
}

function worded(question: AccessQuestion): JsonRecord {
  if (question.kind === 'path') {
    return { nonResourceAttributes: { verb: question.verb, path: question.path } };
  }
  const { verb, group, resource, namespace } = question;
  const where = namespace === null ? {} : { namespace };
  return { resourceAttributes: { verb, group, resource, ...where } };
}

function extraOf(extra: JsonRecord): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(extra).map(([key, values]) => [
      key,
      Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [],
    ]),
  );
}
