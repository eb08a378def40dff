import { type Correlation } from '../../adapters/log/correlation.ts';
import { applyPlan } from '../../app/cleanup/apply.ts';
import { nobodyLooksOn } from '../../app/cleanup/observer.ts';
import { type CleanupHistory } from '../../core/cleanup/cleanup-history.ts';
import { APPLY_OFF, deskBusy, type DeskWork } from '../../core/cleanup/desk-failures.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { type RunView } from '../../core/cleanup/run-view.ts';
import { ReceivedFailure } from '../../core/serve/failure.ts';
import {
  type AskedBy,
  type DeskAnswer,
  type MadePlan,
  type PlanApplication,
} from '../../ports/cleanup-desk.ts';
import { type Console } from '../base-command.ts';
import { type CleanupBench, cleanupOf } from '../cleanup/cleanup-of.ts';
import { refuseBorrowedKeys } from '../cleanup/wire-cleanup.ts';
import { carryOut } from './carry-out.ts';
import { judgeKept, makePlan, planThatWasRead, readHistory } from './desk-work.ts';
import { explain } from './explain-failure.ts';
import { type KeptEstate } from './kept-estate.ts';
import { type DeskReply, type DeskRequest } from './protocol.ts';

export interface DeskSurroundings {
  readonly console: Console;
  /** Names the request on whatever is logged for it. */
  readonly scope: Correlation;
  readonly signal: AbortSignal;
  /** Both sides, once they are open. */
  readonly opened: Promise<KeptEstate>;
  /** Comes next in this thread: one thing after the other, so that no system is read twice at a time. */
  readonly next: (step: () => Promise<void>) => void;
  /** Whether plans may be carried out through this server, as the configuration is now. */
  readonly mayApply: () => Promise<boolean>;
  /** Told of what makes the last scan a thing of the past. */
  readonly changed: (what: string) => void;
}

interface Job<T> {
  readonly work: DeskWork;
  readonly asked: AskedBy;
  readonly answer: (answer: DeskAnswer<T>) => void;
  /** @param early what is answered where the work goes on after it */
  readonly run: (bench: CleanupBench, early: (value: T) => void) => Promise<T>;
}

/** How far a scan has come is for those who asked for one. */
const NO_PROGRESS = { step: () => undefined, finish: () => undefined };

/** Clean-up where both sides are open: that of the commands, for whoever asks from afar. */
export class EngineDesk {
  readonly #around: DeskSurroundings;
  #work: DeskWork | null = null;

  constructor(surroundings: DeskSurroundings) {
    this.#around = surroundings;
  }

  /** Whether a run or a rehearsal waits or is under way: what waits behind it may wait for minutes. */
  get isRunning(): boolean {
    return this.#work === 'execute' || this.#work === 'rehearse';
  }

  take(request: DeskRequest, reply: (reply: DeskReply) => void): void {
    switch (request.of) {
      case 'history':
        void this.#history().then((answer) => {
          reply({ of: 'history', answer });
        });
        return;
      case 'plan':
        this.#queue<MadePlan>({
          work: 'plan',
          asked: request.asked,
          answer: (answer) => {
            reply({ of: 'plan', answer });
          },
          run: async (bench) => await makePlan(bench, request.scope),
        });
        return;
      case 'judge':
        this.#queue<PlanView>({
          work: 'judge',
          asked: request.asked,
          answer: (answer) => {
            reply({ of: 'judge', answer });
          },
          run: async (bench) => await judgeKept(bench, request.verdict),
        });
        return;
      case 'apply':
        this.#queue<RunView>({
          work: request.application.mode,
          asked: request.asked,
          answer: (answer) => {
            reply({ of: 'apply', answer });
          },
          run: async (bench, early) => await this.#apply(bench, request, early),
        });
    }
  }

  /** At once, whatever is under way: the journals are there to tell of that. */
  async #history(): Promise<DeskAnswer<CleanupHistory>> {
    try {
      const { estate } = (await this.#around.opened).standing;
      const value = await readHistory(estate);
      return { state: 'done', value, at: estate.ports.clock.now() };
    } catch (error) {
      return { state: 'failed', error: explain(error, this.#around.console.logger) };
    }
  }

  #queue<T>(job: Job<T>): void {
    if (this.#work !== null) {
      job.answer({ state: 'failed', error: deskBusy(this.#work) });
      return;
    }
    this.#work = job.work;
    this.#around.next(async () => {
      const told = { early: false };
      const early = (done: DeskAnswer<T>): void => {
        told.early = true;
        job.answer(done);
      };
      const answer = await this.#around.scope.run(
        { request: job.asked.correlationId },
        async () => await this.#do(job, early),
      );
      // Whoever has an answer may ask for the next thing.
      this.#work = null;
      if (!told.early) job.answer(answer);
    });
  }

  async #do<T>(
    { asked, run }: Job<T>,
    early: (answer: DeskAnswer<T>) => void,
  ): Promise<DeskAnswer<T>> {
    try {
      const bench = await this.#bench(asked);
      const { clock, memory } = bench.ports;
      const done = (value: T): DeskAnswer<T> => ({ state: 'done', value, at: clock.now() });
      const value = await run(bench, (begun) => {
        early(done(begun));
      });
      memory.release();
      return done(value);
    } catch (error) {
      return { state: 'failed', error: explain(error, this.#around.console.logger) };
    }
  }

  /** With the configuration as it is now, which has to be one that can be used. */
  async #bench({ by }: AskedBy): Promise<CleanupBench> {
    const { opened, signal, console } = this.#around;
    const { estate, ports } = await (await opened).renewed(signal);
    signal.throwIfAborted();
    await estate.changes.tick();
    return cleanupOf(estate, {
      ports: { ...ports, progress: NO_PROGRESS },
      // Whom the clusters take this process for is not who wants this.
      operator: { identify: () => Promise.resolve(by) },
      ...{ version: console.version, logger: console.logger, signal },
    });
  }

  async #apply(
    bench: CleanupBench,
    { application, asked }: { readonly application: PlanApplication; readonly asked: AskedBy },
    begun: (run: RunView) => void,
  ): Promise<RunView> {
    const { console, opened, mayApply, changed } = this.#around;
    const { mode } = application;
    if (mode === 'execute' && !(await mayApply())) throw new ReceivedFailure(APPLY_OFF);
    refuseBorrowedKeys((await opened).standing.estate.changes.borrowedKeys);
    const plan = await planThatWasRead(bench.ports.store, application);
    if (mode === 'rehearse') {
      return await applyPlan(bench.ports, bench.scan, { plan, mode, observer: nobodyLooksOn });
    }
    const run = { plan, by: asked.by };
    const { logger } = console;
    return await carryOut(bench, run, { logger, progress: NO_PROGRESS }, { begun, changed });
  }
}
