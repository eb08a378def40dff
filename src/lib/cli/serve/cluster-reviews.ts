import { type Reviews } from '../../adapters/kubernetes/reviews.ts';
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

/** Which cluster to ask, as something that can be compared; null where there is none yet. */
export interface AskedCluster {
  readonly name: string;
  readonly open: () => Promise<Reviews>;
}

const NONE: Unavailable = {
  state: 'unavailable',
  reason: 'there is no cluster yet that could be asked',
  remediation: [],
};

/**
 * Asks whichever cluster there is at the moment. It is opened with the first question, so that serving begins whether or not its
 * kubeconfig can be read by then, and opened anew where another has taken its place.
 */
export class ClusterReviews implements TokenReviewer, AccessReviewer {
  readonly #which: () => AskedCluster | null;
  #opened: { readonly name: string; readonly reviews: Promise<Reviews> } | null = null;

  constructor(which: () => AskedCluster | null) {
    this.#which = which;
  }

  async review(token: string, signal: AbortSignal): Promise<TokenReview> {
    return await this.#ask(async (reviews) => await reviews.review(token, signal));
  }

  async mayDo(
    user: ClusterUser,
    question: AccessQuestion,
    signal: AbortSignal,
  ): Promise<AccessReview> {
    return await this.#ask(async (reviews) => await reviews.mayDo(user, question, signal));
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    // One that could not be opened has nothing to be closed.
    if (opened !== null) await (await opened.reviews.catch(() => null))?.close();
  }

  async #ask<T>(ask: (reviews: Reviews) => Promise<T>): Promise<T | Unavailable> {
    const which = this.#which();
    if (which === null) return NONE;
    let reviews: Reviews;
    try {
      reviews = await this.#open(which);
    } catch (error) {
      this.#opened = null;
      if (!(error instanceof MonitorError)) throw error;
      const { message, remediation } = error;
      return { state: 'unavailable', reason: message, remediation };
    }
    return await ask(reviews);
  }

  async #open({ name, open }: AskedCluster): Promise<Reviews> {
    if (this.#opened !== null && this.#opened.name !== name) await this.close();
    this.#opened ??= { name, reviews: open() };
    return await this.#opened.reviews;
  }
}
