import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Explainer } from '../../../src/lib/app/explain.ts';
import { pickFindings } from '../../../src/lib/cli/picker/picker.ts';
import { InterruptedError } from '../../../src/lib/core/model/errors.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aDataset, anInventory, anNfsShare, aPv } from '../../support/builders.ts';
import { explainerOf } from '../../support/explaining.ts';
import { LEAVES_SCREEN, Screen, SHOWS_CURSOR } from '../../support/fake-screen.ts';

const DOWN = '\u001b[B';
const ENTER = '\r';
const ESCAPE = '\u001b';
const INTERRUPT = '\u0003';

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
