import { systemClock } from '../../adapters/clock/system-clock.ts';
import { InterruptedError } from '../../core/model/errors.ts';
import { type Millis } from '../../core/model/units.ts';
import { type ValidationSummary } from '../../core/model/validation.ts';
import { type Console } from '../base-command.ts';
import { type CheckFlags } from '../check-flags.ts';
import { EXIT, exitCodeForChecks, type ExitCode } from '../exit-codes.ts';
import { inspectOnce } from '../inspect-and-render.ts';
import { ProgressLine } from '../progress.ts';
import { paletteFor } from '../scan-and-render.ts';
import { currentTerminal, useColor } from '../terminal.ts';

/** Messages would be written across the screen, unless they go elsewhere. */
function besideScreen(console: Console): Console {
  if (!currentTerminal().stderrIsTerminal) return console;
  const logger = { log: () => undefined };
  return { ...console, logger, progress: new ProgressLine(() => undefined, false) };
}

/** What was asked of the demo world has been done by the first reading. */
function asBefore(asked: CheckFlags): CheckFlags {
  const { connection } = asked;
  const demo = connection.demo && { ...connection.demo, reset: false, clock: null };
  return { ...asked, connection: { ...connection, demo } };
}

/**
 * Watches both sides until somebody leaves. The first reading comes before the screen, so that whatever is wrong with flags,
 * configuration and credentials is said as by any command. Each reading opens both sides anew: what was rotated or moved
 * meanwhile is noticed.
 */
export async function watchHealth(
  asked: CheckFlags,
  interval: Millis,
  console: Console,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { summary: first, warnings } = await inspectOnce(asked, console, signal);
  for (const { message } of warnings) console.logger.log('warn', message);
  const [again, beside] = [asBefore(asked), besideScreen(console)];
  const underWay = new Set<Promise<unknown>>();
  const read = async (stop: AbortSignal): Promise<ValidationSummary> => {
    const reading = inspectOnce(again, beside, AbortSignal.any([signal, stop]));
    underWay.add(reading);
    return (await reading.finally(() => underWay.delete(reading))).summary;
  };
  try {
    const { watchOnScreen } = await import('./watch-screen.ts');
    const { stdin, stdout } = process;
    const palette = await paletteFor(useColor(currentTerminal(), asked.plain));
    const options = { palette, interval, clock: systemClock, first, read, signal, stdin, stdout };
    return exitCodeForChecks(await watchOnScreen(options), asked.failOn);
  } catch (error) {
    // Whoever presses Ctrl-C knows that; a signal from elsewhere is told.
    if (error instanceof InterruptedError && !signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    // What was opened for a reading is closed by it.
    await Promise.allSettled(underWay);
  }
}
