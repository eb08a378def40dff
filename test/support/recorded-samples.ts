import { type ScanSample } from '../../src/lib/core/model/history.ts';
import { type HistoryStore } from '../../src/lib/ports/history.ts';
import { noHistory } from '../../src/lib/app/no-history.ts';

/** A history that only remembers what it was given. */
export interface RecordedSamples extends HistoryStore {
  readonly samples: readonly ScanSample[];
}

export function recordedSamples(): RecordedSamples {
  const samples: ScanSample[] = [];
  return {
    ...noHistory,
    samples,
    record(sample) {
      samples.push(sample);
      return Promise.resolve({ state: 'kept' });
    },
  };
}
