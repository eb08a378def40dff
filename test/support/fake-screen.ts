import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

export const LEAVES_SCREEN = '\u001b[?1049l';
export const SHOWS_CURSOR = '\u001b[?25h';

/** What ink asks of the stream it reads keys from. */
class Keyboard extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** A terminal of 80 by 24 that remembers what was written to it. */
export class Screen {
  readonly stdin = new Keyboard();
  readonly stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  #written = '';
  #seen = 0;
  readonly #waiting: (() => void)[] = [];

  constructor() {
    this.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#written += text;
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  get written(): string {
    return this.#written;
  }

  press(keys: string): void {
    this.stdin.write(keys);
  }

  /** As when the window of a terminal is dragged. */
  resize(columns: number, rows: number): void {
    Object.assign(this.stdout, { columns, rows });
    this.stdout.emit('resize');
  }

  /** Waits until a text is written after what was seen before. */
  async see(text: string): Promise<void> {
    while (!stripVTControlCharacters(this.#written.slice(this.#seen)).includes(text)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#seen = this.#written.length;
  }

  /** Presses keys and waits for what they bring. */
  async after(keys: string, text: string): Promise<void> {
    this.#seen = this.#written.length;
    this.press(keys);
    await this.see(text);
  }
}
