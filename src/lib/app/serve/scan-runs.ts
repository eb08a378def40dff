import { type ScanReason, type ScanRun } from '../../core/serve/monitor-state.ts';

/** Scans whose end can be asked for. */
const REMEMBERED = 200;

/** The last scans, from being asked for to their end. */
export class ScanRuns {
  readonly #runs = new Map<string, ScanRun>();

  /** The newest first. */
  get all(): readonly ScanRun[] {
    return [...this.#runs.values()].toReversed();
  }

  get(id: string): ScanRun | undefined {
    return this.#runs.get(id);
  }

  add(id: string, reason: ScanReason, requestedAt: Date): ScanRun {
    const run: ScanRun = {
      id,
      reason,
      requestedAt,
      startedAt: null,
      finishedAt: null,
      state: 'queued',
      phase: null,
      error: null,
      result: null,
    };
    this.#runs.set(id, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > REMEMBERED && oldest !== undefined) this.#runs.delete(oldest);
    return run;
  }

  advance(run: ScanRun, over: Partial<ScanRun>): ScanRun {
    const next = { ...run, ...over };
    this.#runs.set(run.id, next);
    return next;
  }
}
