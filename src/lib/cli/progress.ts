import { type Progress } from '../ports/progress.ts';

const CLEAR_LINE = '\r\x1b[2K';

/** One line on stderr that says how far a scan is, rewritten in place and gone at the end. */
export class ProgressLine implements Progress {
  readonly #write: (text: string) => void;
  readonly #shown: boolean;
  #line = '';

  /** @param shown false for no line at all: not a terminal, or `--quiet` */
  constructor(write: (text: string) => void, shown: boolean) {
    this.#write = write;
    this.#shown = shown;
  }

  step(label: string, done: number, total: number): void {
    if (!this.#shown) return;
    this.#line = total > 0 ? `${label} ${done}/${total}` : label;
    this.#write(`${CLEAR_LINE}${this.#line}`);
  }

  finish(): void {
    if (this.#line === '') return;
    this.#line = '';
    this.#write(CLEAR_LINE);
  }

  /** Writes a line of its own above the progress. */
  interrupt(line: string): void {
    if (this.#line === '') this.#write(`${line}\n`);
    else this.#write(`${CLEAR_LINE}${line}\n${this.#line}`);
  }
}
