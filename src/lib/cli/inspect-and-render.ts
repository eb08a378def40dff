import { inspect } from '../app/inspect.ts';
import { type ValidationSummary } from '../core/model/validation.ts';
import { renderValidation } from '../core/render/validation.ts';
import { type Validated } from '../core/report/build-validation.ts';
import { type Console } from './base-command.ts';
import { type CheckFlags } from './check-flags.ts';
import { paletteFor } from './scan-and-render.ts';
import { currentTerminal, useColor } from './terminal.ts';
import { wire } from './wire.ts';

/** What checks came to, and its text in the format that was asked for. */
export interface RenderedValidation {
  readonly summary: ValidationSummary;
  readonly text: string;
}

/** One reading of both sides, from opening them to what the checks came to. */
export async function inspectOnce(
  { connection, rules, minSeverity }: CheckFlags,
  console: Console,
  signal: AbortSignal,
): Promise<Validated> {
  await using wiring = await wire(connection, console, signal);
  return await inspect(wiring.ports, {
    ...wiring.settings,
    settings: wiring.configuration,
    rules,
    minSeverity,
    maxAge: connection.maxAge,
    signal,
  });
}

export async function inspectAndRender(
  asked: CheckFlags,
  console: Console,
  signal: AbortSignal,
): Promise<RenderedValidation> {
  return await rendered(await inspectOnce(asked, console, signal), asked, console);
}

/** The text of what checks came to, in the format that was asked for. */
export async function rendered(
  { summary, warnings }: Validated,
  asked: CheckFlags,
  console: Console,
): Promise<RenderedValidation> {
  for (const { message } of warnings) console.logger.log('warn', message);
  const terminal = currentTerminal();
  const toFile = asked.outputFile !== null && asked.outputFile !== '-';
  const text = renderValidation(summary, asked.format, {
    columns: toFile ? Number.POSITIVE_INFINITY : terminal.columns,
    palette: await paletteFor(useColor(terminal, asked.plain) && !toFile),
    version: console.version,
  });
  return { summary, text };
}
