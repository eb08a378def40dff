import { type CleanupHistory, type DamagedJournal } from '../../cleanup/cleanup-history.ts';
import { type CleanupFormat } from '../formats.ts';
import { toJson } from '../json.ts';
import { type TableOptions } from '../table.ts';
import { type Palette } from '../text/palette.ts';
import { cleanupHistoryToWire } from '../wire/cleanup.ts';
import { toYaml } from '../yaml.ts';
import { planRows, runRows } from './history-rows.ts';
import { blocksOf, idLine, indented } from './labels.ts';

export interface CleanupHistoryOptions extends TableOptions {
  readonly now: Date;
}

/** What was planned and done, ready to be written as it is; `name` are the ids of the runs. */
export function renderCleanupHistory(
  history: CleanupHistory,
  format: CleanupFormat,
  options: CleanupHistoryOptions,
): string {
  switch (format) {
    case 'json':
      return toJson(cleanupHistoryToWire(history, options.now));
    case 'yaml':
      return toYaml(cleanupHistoryToWire(history, options.now));
    case 'name':
      return history.runs.map(({ id }) => idLine(id)).join('');
    case 'table':
    case 'wide':
      return historyText(history, format === 'wide', options);
  }
}

function historyText(
  { damaged, plans, runs }: CleanupHistory,
  wide: boolean,
  { columns, palette, now }: CleanupHistoryOptions,
): string {
  const width = wide ? Number.POSITIVE_INFINITY : columns;
  const empty = damaged.length + plans.length + runs.length === 0;
  return blocksOf([
    damagedLines(damaged, columns, palette),
    empty ? indented('', 'Nothing was planned or cleaned up on this machine.', columns, '  ') : [],
    runs.length === 0 ? [] : [palette.heading('RUNS'), ...runRows(runs, width, palette)],
    plans.length === 0 ? [] : [palette.heading('PLANS'), ...planRows(plans, width, palette, now)],
    runs.length === 0
      ? []
      : indented(
          '',
          'With the id of a run or plan it shows all of it; -o jsonl is everything, for an audit.',
          columns,
          '  ',
        ).map(palette.dim),
  ]);
}

/** On top, since nothing else can be done before it is settled. */
function damagedLines(
  damaged: readonly DamagedJournal[],
  columns: number,
  palette: Palette,
): readonly string[] {
  if (damaged.length === 0) return [];
  return [
    ...indented(
      '',
      'DAMAGED: these journals are not as they were written. Nothing is cleaned up before somebody has looked at them: what they held may be about a change that was begun. Restore them from a backup, or move them elsewhere once you know what became of their changes.',
      columns,
      '  ',
    ),
    ...damaged.flatMap(({ kind, id, path, reason }) =>
      indented('  ', `${kind} ${id}: ${reason} (${path})`, columns, '  '),
    ),
  ].map(palette.warning);
}
