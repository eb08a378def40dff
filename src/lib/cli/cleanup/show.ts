import { type TableOptions } from '../../core/render/table.ts';
import { type ExitCode } from '../exit-codes.ts';
import { paletteFor } from '../scan-and-render.ts';
import { currentTerminal, useColor } from '../terminal.ts';

/** What a command shows at its end, and ends with. */
export interface Shown {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** How text for people is laid out where it goes. */
export async function layoutFor(
  outputFile: string | null,
  plain: boolean,
): Promise<Pick<TableOptions, 'columns' | 'palette'>> {
  const terminal = currentTerminal();
  const toFile = outputFile !== null && outputFile !== '-';
  return {
    columns: toFile ? Number.POSITIVE_INFINITY : columnsOf(terminal),
    palette: await paletteFor(useColor(terminal, plain) && !toFile),
  };
}

/** What goes to a pager or a box of fixed width is as wide as the user says it is. */
function columnsOf({ columns, environment }: ReturnType<typeof currentTerminal>): number {
  const said = Number(environment['COLUMNS']);
  return columns === Number.POSITIVE_INFINITY && Number.isInteger(said) && said > 0
    ? said
    : columns;
}

/** Walking through a plan takes keys and a screen. */
export function hasScreen(): boolean {
  return currentTerminal().stdoutIsTerminal && process.stdin.isTTY;
}
