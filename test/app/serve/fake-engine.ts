import { INTERNAL_FAILURE, type Failure } from '../../../src/lib/core/serve/failure.ts';
import { type ServedScan } from '../../../src/lib/core/serve/served-scan.ts';
import {
  type EngineAnswer,
  type EngineEvent,
  type EngineScanRequest,
  type EngineScanResult,
  type ScanEngine,
} from '../../../src/lib/ports/scan-engine.ts';

export const A_FAILURE: Failure = {
  ...INTERNAL_FAILURE,
  code: 'TRUENAS_UNREACHABLE',
  class: 'transient',
};

/** A scan of which nothing but its name matters. */
export function aServedScan(id: string): ServedScan {
  return { id, report: { cachedFor: null } } as unknown as ServedScan;
}

/** An engine that answers what a test says. */
export class FakeEngine implements ScanEngine {
  readonly asked: (EngineScanRequest & { readonly at: number })[] = [];
  readonly #now: () => number;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  result: (request: EngineScanRequest) => Promise<EngineScanResult> = ({
    correlationId,
    keptOnly,
  }) =>
    Promise.resolve(
      keptOnly
        ? { state: 'failed', error: A_FAILURE }
        : { state: 'done', scan: aServedScan(correlationId) },
    );
  /** Scans that were under way at the same time, at most. */
  mostAtOnce = 0;
  #atOnce = 0;
  closed = 0;
  onClose: () => void = () => undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** When fresh scans began. */
  get starts(): readonly number[] {
    return this.asked.filter(({ keptOnly }) => !keptOnly).map(({ at }) => at);
  }

  async answer(): Promise<EngineAnswer> {
    return await Promise.resolve({ state: 'failed', error: A_FAILURE });
  }

  async scan(request: EngineScanRequest): Promise<EngineScanResult> {
    this.asked.push({ ...request, at: this.#now() });
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    try {
      return await this.result(request);
    } finally {
      this.#atOnce -= 1;
    }
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  close(): Promise<void> {
    this.closed += 1;
    this.onClose();
    return Promise.resolve();
  }
}
