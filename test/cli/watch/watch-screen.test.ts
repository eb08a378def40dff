import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { watchOnScreen } from '../../../src/lib/cli/watch/watch-screen.ts';
import { InterruptedError } from '../../../src/lib/core/model/errors.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type ValidationSummary } from '../../../src/lib/core/model/validation.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { LEAVES_SCREEN, Screen, SHOWS_CURSOR } from '../../support/fake-screen.ts';
import { aHealthSummary, aPoolOutcome } from '../../support/health-builders.ts';

const well = aHealthSummary();
const ill = aHealthSummary({
  overall: 'FAIL',
  results: [aPoolOutcome({ status: 'FAIL', message: 'it is FAULTED' })],
});

interface Started {
  readonly screen: Screen;
  readonly ended: Promise<ValidationSummary>;
}

function start(
  read: (signal: AbortSignal) => Promise<ValidationSummary>,
  signal = new AbortController().signal,
  interval = millis(3_600_000),
): Started {
  const screen = new Screen();
  const { stdin, stdout } = screen;
  const clock = { now: () => new Date() };
  const options = { palette: plainPalette, interval, clock, first: well, read };
  return { screen, ended: watchOnScreen({ ...options, signal, stdin, stdout }) };
}

const never = () => new Promise<never>(() => undefined);

function expectTerminalBack({ written }: Screen): void {
  expect(written).toContain(LEAVES_SCREEN);
  expect(written.lastIndexOf(SHOWS_CURSOR)).toBeGreaterThan(0);
}

describe('a watch on a screen', () => {
  it('shows the first answer, reads again when asked to, and ends with what it read last', async () => {
    const { screen, ended } = start(() => Promise.resolve(ill));
    await screen.see('Health PASS');
    await screen.after('r', 'it is FAULTED');
    screen.press('q');
    expect(await ended).toBe(ill);
    expectTerminalBack(screen);
  });

  it('reads again by itself', async () => {
    const { screen, ended } = start(() => Promise.resolve(ill), undefined, millis(10));
    await screen.see('it is FAULTED');
    screen.press('q');
    await ended;
  });

  it('keeps what it has where a reading fails, and says so', async () => {
    const { screen, ended } = start(() => Promise.reject(new Error('the network is gone')));
    await screen.see('Health PASS');
    await screen.after('r', 'failed: the network is gone');
    expect(stripVTControlCharacters(screen.written.slice(-1_000))).toContain('Health PASS');
    screen.press('q');
    expect(await ended).toBe(well);
  });

  it('survives a change of its size', async () => {
    const { screen, ended } = start(never);
    await screen.see('Health PASS');
    screen.resize(20, 6);
    await screen.see('Health PASS: 1 pass…');
    screen.press('q');
    await ended;
    expectTerminalBack(screen);
  });

  it('stops a reading that is under way when it is left', async () => {
    let stopped: unknown;
    const { screen, ended } = start(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped = signal.reason;
            reject(signal.reason as Error);
          });
        }),
    );
    await screen.see('Health PASS');
    await screen.after('r', 'reading');
    screen.press('q');
    await ended;
    expect(stopped).toBeInstanceOf(InterruptedError);
  });

  it('ends as interrupted by ctrl-c, and with its input', async () => {
    const interrupted = start(never);
    await interrupted.screen.see('Health PASS');
    interrupted.screen.press('\u0003');
    await expect(interrupted.ended).rejects.toBeInstanceOf(InterruptedError);
    expectTerminalBack(interrupted.screen);
    const closed = start(never);
    await closed.screen.see('Health PASS');
    closed.screen.press('\u0004');
    expect(await closed.ended).toBe(well);
  });

  it('ends when the command is told to stop', async () => {
    const stop = new AbortController();
    const reason = new InterruptedError('interrupted by SIGTERM', { remediation: [] });
    const { screen, ended } = start(never, stop.signal);
    await screen.see('Health PASS');
    stop.abort(reason);
    await expect(ended).rejects.toBe(reason);
    expectTerminalBack(screen);
  });

  it('gives the terminal back where it breaks', async () => {
    const broken = { ...well, results: null } as unknown as ValidationSummary;
    const { screen, ended } = start(() => Promise.resolve(broken));
    await screen.see('Health PASS');
    screen.press('r');
    await expect(ended).rejects.toBeInstanceOf(TypeError);
    expectTerminalBack(screen);
  });
});
