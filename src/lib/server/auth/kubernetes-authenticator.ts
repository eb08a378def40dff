import { type Actor } from '../../core/cleanup/journal-schema.ts';
import { type Role } from '../../core/serve/settings.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import {
  type AccessQuestion,
  type AccessReview,
  type AccessReviewer,
  type ClusterUser,
  type TokenReview,
  type TokenReviewer,
  type Unavailable,
} from '../../ports/authentication.ts';
import { type Authenticator, type Caller, type Needed, type Verdict } from './access.ts';
import { Answers, type AnswersOptions } from './answers.ts';
import { bearerOf } from './bearer.ts';
import { rolesFrom, SEES_ALL, wordsOf } from './kubernetes-rights.ts';
import { type Visibility, visibilityOf } from './visibility.ts';

/** How long answers are good. A right that was taken away is gone within that time. */
export interface AnswerTimes {
  readonly yes: Millis;
  readonly no: Millis;
  readonly noAnswer: Millis;
  /** How long one question may take. */
  readonly deadline: Millis;
}

export const ANSWER_TIMES: AnswerTimes = {
  yes: millis(10_000),
  no: millis(3_000),
  noAnswer: millis(1_000),
  deadline: millis(5_000),
};

export interface KubernetesAuthenticatorOptions {
  readonly reviewer: TokenReviewer & AccessReviewer;
  /** Namespaces in which there is anything to be seen; null before the first scan. */
  readonly namespaces: () => ReadonlySet<string> | null;
  /** Told of what keeps callers from being known. */
  readonly onUnavailable: (unavailable: Unavailable) => void;
  readonly times?: AnswerTimes;
}

const OUT_OF_ORDER = 'nobody can be asked who you are at the moment';

/** Knows callers as one cluster does: whose token it is, and what they may do there. */
export class KubernetesAuthenticator implements Authenticator {
  readonly #options: KubernetesAuthenticatorOptions;
  readonly #tokens: Answers<TokenReview>;
  readonly #rights: Answers<AccessReview>;
  readonly #visible: Answers<Visibility>;

  constructor(options: KubernetesAuthenticatorOptions) {
    this.#options = options;
    const times = options.times ?? ANSWER_TIMES;
    this.#tokens = new Answers(kept<TokenReview>(times, ({ state }) => state === 'known'));
    this.#rights = new Answers(kept<AccessReview>(times, ({ state }) => state === 'allowed'));
    // There may be many namespaces to ask about.
    const longer = { ...times, deadline: millis(times.deadline * 3) };
    this.#visible = new Answers(kept<Visibility>(longer, ({ state }) => state !== 'unavailable'));
  }

  async admit(
    { authorization }: { readonly authorization: string | undefined },
    needed: Needed,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const bearer = bearerOf(authorization);
    if (bearer.state === 'unknown') return bearer;
    const { token } = bearer;
    const review = await this.#tokens.get(token, async (until) => {
      return await this.#options.reviewer.review(token, until);
    });
    signal.throwIfAborted();
    if (review.state === 'unavailable') return this.#unavailable(review);
    if (review.state === 'unknown') return review;
    return await this.#authorize(review.user, needed);
  }

  async #authorize(user: ClusterUser, needed: Needed): Promise<Verdict> {
    const { path } = needed;
    if (path !== undefined) {
      const review = await this.#mayDo(user, { kind: 'path', verb: 'get', path });
      if (review.state === 'unavailable') return this.#unavailable(review);
      if (review.state === 'allowed') return admitted(user, 'viewer', null);
    }
    const visible = await this.#visible.get(nameOf(user, 'visible'), async (until) => {
      const ask = async (question: AccessQuestion): Promise<AccessReview> =>
        await this.#options.reviewer.mayDo(user, question, until);
      return await visibilityOf(ask, this.#options.namespaces());
    });
    if (visible.state === 'unavailable') return this.#unavailable(visible);
    const namespaces = visible.state === 'all' ? null : visible.namespaces;
    if (namespaces?.size === 0) {
      return forbidden(wordsOf(SEES_ALL));
    }
    return needed.role === 'viewer'
      ? admitted(user, 'viewer', namespaces)
      : await this.#inRole(user, needed.role, namespaces);
  }

  async #inRole(
    user: ClusterUser,
    least: Exclude<Role, 'viewer'>,
    namespaces: Caller['namespaces'],
  ): Promise<Verdict> {
    const roles = rolesFrom(least);
    for (const [role, right] of roles) {
      const review = await this.#mayDo(user, right);
      if (review.state === 'unavailable') return this.#unavailable(review);
      if (review.state === 'allowed') return admitted(user, role, namespaces);
    }
    return forbidden(roles[0] === undefined ? least : wordsOf(roles[0][1]));
  }

  async #mayDo(user: ClusterUser, question: AccessQuestion): Promise<AccessReview> {
    return await this.#rights.get(nameOf(user, question), async (until) => {
      return await this.#options.reviewer.mayDo(user, question, until);
    });
  }

  #unavailable(unavailable: Unavailable): Verdict {
    this.#options.onUnavailable(unavailable);
    return { state: 'unavailable', reason: OUT_OF_ORDER };
  }
}

/** Two tokens of one account share what it may do, unless one of them is limited. */
function nameOf({ name, uid, groups, extra }: ClusterUser, question: unknown): string {
  return JSON.stringify([name, uid, groups, extra, question]);
}

function admitted(user: ClusterUser, role: Role, namespaces: Caller['namespaces']): Verdict {
  const { name, groups } = user;
  return {
    state: 'admitted',
    caller: { name, groups, role, namespaces, actor: actorOf(user) },
  };
}

function actorOf({ name, uid, groups, cluster, clusterUid }: ClusterUser): Actor | null {
  // A name alone is anybody's: it counts in its own cluster.
  if (clusterUid === null) return null;
  return {
    kind: 'kubernetes',
    name,
    uid,
    groups: [...groups],
    cluster,
    cluster_uid: clusterUid,
  };
}

function forbidden(right: string): Verdict {
  return { state: 'forbidden', reason: `Kubernetes does not grant you ${right}` };
}

function kept<T extends { readonly state: string }>(
  { yes, no, noAnswer, deadline }: AnswerTimes,
  isYes: (answer: T) => boolean,
): AnswersOptions<T | Unavailable> {
  return {
    max: 2_000,
    atOnce: 100,
    deadline,
    goodFor: (answer) => {
      if (answer.state === 'unavailable') return noAnswer;
      return isYes(answer as T) ? yes : no;
    },
    noAnswer: (reason) => ({ state: 'unavailable', reason, remediation: [] }),
  };
}
