import { inspect } from '../app/inspect.ts';
import { type ValidationSummary } from '../core/model/validation.ts';
import { parseFormat } from '../core/render/formats.ts';
import { counted } from '../core/render/text/format.ts';
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
  const { summary, warnings } = await inspectOnce(asked, console, signal);
  for (const { message } of warnings) console.logger.log('warn', message);
  for (const remark of remarksBeside(summary, asked.format)) console.logger.log('warn', remark);
  const terminal = currentTerminal();
  const toFile = asked.outputFile !== null && asked.outputFile !== '-';
  const text = renderValidation(summary, asked.format, {
    columns: toFile ? Number.POSITIVE_INFINITY : terminal.columns,
    palette: await paletteFor(useColor(terminal, asked.plain) && !toFile),
    version: console.version,
  });
  return { summary, text };
}

/** What a list for people leaves no room for; scripts asked for what they get. */
function remarksBeside({ filteredOut }: ValidationSummary, format: string): readonly string[] {
  const { name } = parseFormat(format);
  if (filteredOut === 0 || (name !== 'table' && name !== 'wide')) return [];
  return [`${counted(filteredOut, 'result')} outside the filter, and not shown`];
}
