import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Explainer } from '../../../src/lib/app/explain.ts';
import { pickFindings } from '../../../src/lib/cli/picker/picker.ts';
import { InterruptedError } from '../../../src/lib/core/model/errors.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aDataset, anInventory, anNfsShare, aPv } from '../../support/builders.ts';
import { explainerOf } from '../../support/explaining.ts';

const DOWN = '\u001b[B';
const ENTER = '\r';
const ESCAPE = '\u001b';
const INTERRUPT = '\u0003';

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
class Screen {
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

function start(
  explainer: Explainer,
  signal = new AbortController().signal,
): {
  screen: Screen;
  ended: Promise<void>;
} {
  const screen = new Screen();
  const { stdin, stdout } = screen;
  const ended = pickFindings(explainer, { palette: plainPalette, signal, stdin, stdout });
  return { screen, ended };
}

const LEAVES_SCREEN = '\u001b[?1049l';
const SHOWS_CURSOR = '\u001b[?25h';

describe('the picker', () => {
  let explainer: Explainer;

  beforeAll(async () => {
    explainer = await explainerOf(
      anInventory({
        persistentVolumes: [aPv({ name: 'released', phase: 'Released', claim: null })],
        datasets: [aDataset()],
        nfsShares: [anNfsShare()],
      }),
    );
  });

  it('walks from the list to a cause and back, and leaves the terminal as it was', async () => {
    const { screen, ended } = start(explainer);
    await screen.see('worst first');
    await screen.after(DOWN, '> ');
    await screen.after(ENTER, 'As seen in');
    expect(stripVTControlCharacters(screen.written)).toContain('Esc goes back');
    await screen.after(ESCAPE, 'letters filter');
    await screen.after('dataset', 'Filter: dataset_');
    await screen.after(ESCAPE, 'worst first');
    screen.press('q');
    await ended;
    expect(screen.written).toContain(LEAVES_SCREEN);
    expect(screen.written.lastIndexOf(SHOWS_CURSOR)).toBeGreaterThan(0);
  });

  it('opens an explanation with what was found', async () => {
    const { screen, ended } = start(explainer);
    await screen.see('worst first');
    await screen.after(ENTER, 'REPORTED');
    screen.press('q');
    await ended;
  });

  it('shows why a finding could not be explained', async () => {
    const failing: Explainer = {
      report: explainer.report,
      explain: () => Promise.reject(new Error('the server went away')),
    };
    const { screen, ended } = start(failing);
    await screen.see('worst first');
    await screen.after(ENTER, 'the server went away');
    screen.press('q');
    await ended;
  });

  it('ends with its input', async () => {
    const { screen, ended } = start(explainer);
    await screen.see('worst first');
    screen.press('\u0004');
    await ended;
    expect(screen.written).toContain(LEAVES_SCREEN);
  });

  it('ends as interrupted by ctrl-c', async () => {
    const { screen, ended } = start(explainer);
    await screen.see('worst first');
    screen.press(INTERRUPT);
    await expect(ended).rejects.toBeInstanceOf(InterruptedError);
    expect(screen.written).toContain(LEAVES_SCREEN);
  });

  it('ends when the command is told to stop', async () => {
    const stop = new AbortController();
    const reason = new InterruptedError('interrupted by SIGTERM', { remediation: [] });
    const { screen, ended } = start(explainer, stop.signal);
    await screen.see('worst first');
    stop.abort(reason);
    await expect(ended).rejects.toBe(reason);
    expect(screen.written).toContain(LEAVES_SCREEN);
    await expect(start(explainer, stop.signal).ended).rejects.toBe(reason);
  });
});
