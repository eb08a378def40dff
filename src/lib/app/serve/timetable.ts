import { type Millis } from '../../core/model/units.ts';
import { type ScanReason } from '../../core/serve/monitor-state.ts';
import { nextScanAt, type ScheduleState } from '../../core/serve/schedule.ts';

/** What has happened that decides when the next scan is. All instants are of one clock. */
export class Timetable {
  #state: ScheduleState;

  /** @param chance from 0 to 1 */
  constructor(interval: Millis, chance: number) {
    this.#state = {
      interval,
      chance,
      lastStart: null,
      failures: 0,
      firstChange: null,
      lastChange: null,
      requested: false,
    };
  }

  nextAt(now: Date): Date {
    return nextScanAt(this.#state, now);
  }

  /** Why a scan that begins now is made. */
  get reason(): ScanReason {
    const { lastStart, requested, firstChange } = this.#state;
    if (lastStart === null) return 'start';
    if (requested) return 'request';
    return firstChange === null ? 'interval' : 'change';
  }

  noteChange(now: Date): void {
    const firstChange = this.#state.firstChange ?? now;
    this.#state = { ...this.#state, firstChange, lastChange: now };
  }

  noteRequest(): void {
    this.#state = { ...this.#state, requested: true };
  }

  noteFailure(): void {
    this.#state = { ...this.#state, failures: this.#state.failures + 1 };
  }

  noteSuccess(): void {
    this.#state = { ...this.#state, failures: 0 };
  }

  /** A scan sees all that has changed before it began. */
  begin(now: Date, chance: number): void {
    const seen = { firstChange: null, lastChange: null, requested: false };
    this.#state = { ...this.#state, ...seen, chance, lastStart: now };
  }
}
