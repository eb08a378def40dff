import { type CleanupHistory } from '../../core/cleanup/cleanup-history.ts';
import { type PlanScope } from '../../core/cleanup/plan-scope.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { type RunView } from '../../core/cleanup/run-view.ts';
import { type Failure } from '../../core/serve/failure.ts';
import {
  type AskedBy,
  type CleanupDesk,
  type DeskAnswer,
  type MadePlan,
  type PlanApplication,
  type PlanVerdict,
} from '../../ports/cleanup-desk.ts';
import { type DeskReply, type DeskRequest } from './protocol.ts';
import { Waiting } from './waiting.ts';

/** Clean-up in the thread that scans, for whoever stands outside of it. */
export class ThreadDesk implements CleanupDesk {
  readonly #post: (call: number, request: DeskRequest) => void;
  readonly #refusal: () => Failure | null;
  readonly #histories = new Waiting<DeskAnswer<CleanupHistory>>();
  readonly #plans = new Waiting<DeskAnswer<MadePlan>>();
  readonly #verdicts = new Waiting<DeskAnswer<PlanView>>();
  readonly #runs = new Waiting<DeskAnswer<RunView>>();

  /** @param refusal why nothing is asked for any more; null where it may be */
  constructor(
    post: (call: number, request: DeskRequest) => void,
    refusal: () => Failure | null = () => null,
  ) {
    this.#post = post;
    this.#refusal = refusal;
  }

  async history(): Promise<DeskAnswer<CleanupHistory>> {
    return await this.#ask(this.#histories, { of: 'history' });
  }

  async plan(scope: PlanScope, asked: AskedBy): Promise<DeskAnswer<MadePlan>> {
    return await this.#ask(this.#plans, { of: 'plan', scope, asked });
  }

  async judge(verdict: PlanVerdict, asked: AskedBy): Promise<DeskAnswer<PlanView>> {
    return await this.#ask(this.#verdicts, { of: 'judge', verdict, asked });
  }

  async apply(application: PlanApplication, asked: AskedBy): Promise<DeskAnswer<RunView>> {
    return await this.#ask(this.#runs, { of: 'apply', application, asked });
  }

  /** What the thread answers. */
  take(call: number, reply: DeskReply): void {
    switch (reply.of) {
      case 'history':
        this.#histories.settle(call, reply.answer);
        return;
      case 'plan':
        this.#plans.settle(call, reply.answer);
        return;
      case 'judge':
        this.#verdicts.settle(call, reply.answer);
        return;
      case 'apply':
        this.#runs.settle(call, reply.answer);
    }
  }

  /** The thread answers nobody any more. */
  fail(error: Failure): void {
    for (const each of [this.#histories, this.#plans, this.#verdicts, this.#runs]) each.fail(error);
  }

  async #ask<T>(waiting: Waiting<DeskAnswer<T>>, request: DeskRequest): Promise<DeskAnswer<T>> {
    const error = this.#refusal();
    if (error !== null) return { state: 'failed', error };
    return await waiting.ask((call) => {
      this.#post(call, request);
    });
  }
}
