import { type SpacePoint } from '../../../core/model/history.ts';
import { bytes } from '../../../core/model/units.ts';
import { bytesIn, type Row, volumeInstant } from './rows.ts';
import { maybe, numberIn } from '../sqlite.ts';

/** Numbers of a row: volume, instant, and the columns of usage. */
const WIDTH = 7;

/**
 * Usage of many volumes as it comes, day by day, until it is wanted volume by volume. As objects all of it would outlive the
 * nursery of V8, which then lets garbage of hundreds of megabytes grow before it looks.
 */
export class UsageRows {
  #numbers = new Float64Array(4_096 * WIDTH);
  #rows = 0;

  /** @param row volume, day, instant in the day, and the columns of `SPACE` */
  add(row: Row): void {
    if ((this.#rows + 1) * WIDTH > this.#numbers.length) this.#grow();
    const numbers = this.#numbers;
    const at = this.#rows * WIDTH;
    numbers[at] = numberIn(row[0]);
    numbers[at + 1] = volumeInstant(row[1], row[2]);
    numbers[at + 2] = bytesIn(row[3]);
    numbers[at + 3] = bytesIn(row[4]);
    numbers[at + 4] = maybe(bytesIn, row[5]) ?? NaN;
    numbers[at + 5] = bytesIn(row[6]);
    numbers[at + 6] = maybe(numberIn, row[7]) ?? NaN;
    this.#rows += 1;
  }

  #grow(): void {
    const before = this.#numbers;
    this.#numbers = new Float64Array(before.length * 2);
    this.#numbers.set(before);
  }

  /** What there is of each volume, in the order it came; made when it is asked for. */
  byVolume(): (volume: number) => readonly SpacePoint[] {
    const rowsOf = new Map<number, number[]>();
    for (let row = 0; row < this.#rows; row += 1) {
      const volume = this.#at(row, 0);
      const own = rowsOf.get(volume);
      if (own === undefined) rowsOf.set(volume, [row]);
      else own.push(row);
    }
    return (volume) => (rowsOf.get(volume) ?? []).map((row) => this.#pointAt(row));
  }

  #at(row: number, column: number): number {
    return this.#numbers[row * WIDTH + column] ?? NaN;
  }

  #pointAt(row: number): SpacePoint {
    return {
      at: new Date(this.#at(row, 1)),
      used: bytes(this.#at(row, 2)),
      snapshots: bytes(this.#at(row, 3)),
      logical: orNull(this.#at(row, 4), bytes),
      provisioned: bytes(this.#at(row, 5)),
      snapshotCount: orNull(this.#at(row, 6), (count) => count),
    };
  }
}

function orNull<T>(value: number, of: (value: number) => T): T | null {
  return Number.isNaN(value) ? null : of(value);
}
