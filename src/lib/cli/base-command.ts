import { Command, Errors } from '@oclif/core';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { Redactor } from '../adapters/log/redactor.ts';
import { stderrLogger } from '../adapters/log/stderr-logger.ts';
import { InterruptedError, MonitorError } from '../core/model/errors.ts';
import { type Millis } from '../core/model/units.ts';
import { type Logger } from '../ports/logger.ts';
import { type Progress } from '../ports/progress.ts';
import { formatError, InternalError, wantsJson } from './error-output.ts';
import { EXIT } from './exit-codes.ts';
import { MESSAGE_FLAGS } from './flags.ts';
import { fitMessage } from './message-width.ts';
import { type RawMessageFlags, readMessageFlags } from './message-flags.ts';
import { writeResult } from './output.ts';
import { ProgressLine } from './progress.ts';
import { type RepeatedFlags, withFlags } from './repeated-flags.ts';
import { currentTerminal } from './terminal.ts';
import { usageError } from './usage.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Streams and messages of one run, handed to whatever a command calls. */
export interface Console {
  readonly logger: Logger;
  readonly progress: Progress;
  readonly redactor: Redactor;
  /** Of this program, which some outputs name. */
  readonly version: string;
  /** Told of each exchange with a cluster or system, where somebody counts them. */
  readonly onCall?: (member: Member, outcome: 'ok' | 'error', duration: Millis) => void;
}

/** A cluster or system, as it is called. */
export interface Member {
  readonly api: 'kubernetes' | 'truenas';
  readonly name: string;
}

/**
 * What every command shares: signals become an abort, expected failures a message with remediation and an
 * exit code, and everything but results goes to stderr.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = MESSAGE_FLAGS;

  readonly #interruption = new AbortController();
  readonly #redactor = new Redactor();
  #progress: ProgressLine | undefined;
  #repeated: RepeatedFlags = { connecting: [], reading: [] };

  /** Aborted by the first SIGINT or SIGTERM; a second one ends the process at once. */
  protected get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  protected override async init(): Promise<void> {
    await super.init();
    process.stderr.on('error', ignoreBrokenPipe);
    for (const name of SIGNALS) process.once(name, this.#interrupt);
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    for (const name of SIGNALS) process.removeListener(name, this.#interrupt);
    process.stderr.removeListener('error', ignoreBrokenPipe);
    await super.finally(error);
  }

  /** Opens the way to stderr, as the flags ask for it. */
  protected console(flags: RawMessageFlags): Console {
    const { quiet, level, format } = readMessageFlags(flags);
    const { stderrIsTerminal, messageColumns } = currentTerminal();
    const progress = new ProgressLine(writeStderr, stderrIsTerminal && !quiet);
    // JSON is one line for whoever reads it, however long.
    const columns = format === 'json' ? Number.POSITIVE_INFINITY : messageColumns;
    this.#progress = progress;
    const logger = stderrLogger({
      level,
      format,
      redactor: this.#redactor,
      clock: systemClock,
      write: (line) => {
        progress.interrupt(fitMessage(line, columns));
      },
    });
    return { logger, progress, redactor: this.#redactor, version: this.config.version };
  }

  /** Whatever an error tells to run from now on is run with these. */
  protected repeat(flags: RepeatedFlags): void {
    this.#repeated = flags;
  }

  /** Writes results; `file` is null for stdout. */
  protected async emit(
    result: string | AsyncIterable<string>,
    file: string | null = null,
  ): Promise<void> {
    await writeResult(result, file);
  }

  /** Says what went wrong and sets the exit code; nothing is thrown on. */
  // eslint-disable-next-line @typescript-eslint/require-await -- the signature is oclif's
  protected override async catch(thrown: Error): Promise<void> {
    this.parsed = true;
    // --help and --version leave by an exception.
    if (thrown instanceof Errors.ExitError) {
      process.exitCode = thrown.oclif.exit ?? EXIT.ok;
      return;
    }
    this.#progress?.finish();
    const error = withFlags(this.#explain(thrown), this.#repeated);
    process.exitCode = error instanceof InterruptedError ? EXIT.interrupted : EXIT.failed;
    const text = this.#redactor.redact(formatError(error, this.argv));
    writeStderr(wantsJson(this.argv) ? text : fitMessage(text, currentTerminal().messageColumns));
  }

  #explain(thrown: Error): MonitorError {
    const { signal } = this;
    // Whatever fails after the interruption fails because of it.
    if (signal.aborted && signal.reason instanceof InterruptedError) return signal.reason;
    if (thrown instanceof MonitorError) return thrown;
    if (thrown instanceof Errors.CLIError) {
      const flags = { ...this.ctor.baseFlags, ...this.ctor.flags };
      return usageError(thrown, {
        command: `${this.config.bin} ${(this.id ?? '').replaceAll(':', ' ')}`.trim(),
        flags: Object.keys(flags),
      });
    }
    return new InternalError(thrown);
  }

  readonly #interrupt = (name: NodeJS.Signals): void => {
    for (const each of SIGNALS) process.removeListener(each, this.#interrupt);
    this.#interruption.abort(new InterruptedError(`interrupted by ${name}`, { remediation: [] }));
  };
}

function writeStderr(text: string): void {
  process.stderr.write(text);
}

/** Whoever read our messages has gone; that is no reason to stop. */
function ignoreBrokenPipe(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
}
