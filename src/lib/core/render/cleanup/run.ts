import { planId } from '../../cleanup/plan-hash.ts';
import { type PlanView } from '../../cleanup/plan-view.ts';
import { READ_BACK, type RunView, type StepView } from '../../cleanup/run-view.ts';
import { bytes } from '../../model/units.ts';
import { type CleanupFormat } from '../formats.ts';
import { toJson } from '../json.ts';
import { type TableOptions } from '../table.ts';
import { padEnd } from '../text/columns.ts';
import { counted, formatBytes, formatInstant } from '../text/format.ts';
import { type Palette, type Style } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import { runToWire } from '../wire/cleanup.ts';
import { toYaml } from '../yaml.ts';
import {
  actorName,
  actorNames,
  blocksOf,
  boundTo,
  idLine,
  indented,
  subjectName,
} from './labels.ts';
import { nextAfterRehearsal, nextAfterRun } from './next-command.ts';
import { isPartly, stateWords, styleOf } from './state-words.ts';
import { type StepWord, stepWord, tally } from './step-words.ts';

export interface RunOptions extends TableOptions {
  /** A dry run: nothing was sent, and no journal says otherwise. */
  readonly rehearsal: boolean;
  /** Of a dry run: what was said of its plan so far. Null of a rollback, and of what is known by its journal. */
  readonly verdict: PlanView['state'] | null;
  /** Flags of the running command that the next one needs as well, such as `--demo`. */
  readonly flags: readonly string[];
}

/** A run, ready to be written as it is. */
export function renderRun(run: RunView, format: CleanupFormat, options: RunOptions): string {
  switch (format) {
    case 'json':
      return toJson(runToWire(run, options.rehearsal));
    case 'yaml':
      return toYaml(runToWire(run, options.rehearsal));
    case 'name':
      return idLine(run.id);
    case 'table':
    case 'wide':
      return runText(run, format === 'wide', options);
  }
}

function runText(run: RunView, wide: boolean, options: RunOptions): string {
  const { columns, rehearsal } = options;
  return blocksOf([
    headLines(run, wide, options),
    run.steps.flatMap((each) => stepLines(each, wide, options)),
    run.lost.flatMap(({ step, reason }) =>
      indented('', `${step} cannot be undone: ${reason}`, columns, '  ').map(
        options.palette.warning,
      ),
    ),
    indented('', summaryText(run, rehearsal), columns, '  '),
    rehearsal ? nextAfterRehearsal(run, options.verdict, options) : nextAfterRun(run, options),
  ]);
}

function titleOf({ id, kind, undoes, plan }: RunView, rehearsal: boolean): string {
  const of =
    kind === 'rollback' ? `run ${undoes ?? '-'}` : `plan ${plan === null ? '-' : planId(plan)}`;
  if (rehearsal)
    return `DRY RUN of ${kind === 'rollback' ? 'undoing ' : ''}${of}: nothing was changed`;
  return `RUN ${id}, which ${kind === 'rollback' ? 'undoes' : 'carries out'} ${of}`;
}

function headLines(
  run: RunView,
  wide: boolean,
  { columns, palette, rehearsal }: RunOptions,
): readonly string[] {
  const { reason } = run;
  const line = (text: string): readonly string[] => indented('  ', text, columns, '  ');
  const facts = [
    `begun ${formatInstant(run.begunAt)} by ${actorName(run.by)}, last heard of ${formatInstant(run.lastAt)}`,
    ...(run.kind === 'apply' ? [`approved by ${actorNames(run.approvedBy)}`] : []),
    `on ${boundTo(run, wide)}`,
  ];
  const why = reason === null ? '' : `: ${reason}`;
  return [
    ...indented('', titleOf(run, rehearsal), columns, '  ').map(palette.heading),
    ...(rehearsal ? facts.slice(-1) : facts).flatMap(line),
    ...(rehearsal && reason === null
      ? []
      : line(`${rehearsal ? 'it would be ' : ''}${stateWords(run)}${why}`).map(
          styleOf(run, palette),
        )),
  ];
}

const WORD_WIDTH = 11;

function wordStyle(word: StepWord, palette: Palette): Style {
  if (word.tone === 'good') return palette.good;
  return word.tone === 'bad' ? palette.warning : palette.dim;
}

function stepLines(view: StepView, wide: boolean, options: RunOptions): readonly string[] {
  const { columns, palette, rehearsal } = options;
  const { step, detail, at, attempts } = view;
  const word = stepWord(view, rehearsal);
  const start = `${padEnd(word.text, WORD_WIDTH)}  ${printable(step.id)}  `;
  const hang = ' '.repeat(WORD_WIDTH + 2);
  const [first = '', ...rest] = indented('', `${start}${step.title}`, columns, hang);
  const facts = [
    subjectName(step.subject),
    ...(at === null ? [] : [formatInstant(at)]),
    ...(attempts > 1 ? [counted(attempts, 'attempt')] : []),
    ...(step.undo === null ? ['cannot be undone'] : [`undo: ${step.undo}`]),
  ];
  // That it went as it was meant to, its word says already.
  const isTelling = detail !== null && (wide || detail !== READ_BACK);
  const said = [...(isTelling ? [detail] : []), ...(wide ? [facts.join(', ')] : [])];
  const style = wordStyle(word, palette);
  return [
    style(first.slice(0, word.text.length)) + first.slice(word.text.length),
    ...rest,
    ...said.flatMap((text) => indented(hang, text, columns, '  ')).map(palette.dim),
  ];
}

function summaryText(run: RunView, rehearsal: boolean): string {
  const { words, freed } = tally(run, rehearsal);
  const steps = `${counted(run.steps.length, 'step')}: ${words.join(', ')}`;
  const size = formatBytes(bytes(freed));
  if (rehearsal) return `${steps}. ${size} would come back. Nothing was changed.`;
  if (run.kind === 'apply') return `${steps}. ${size} came back.`;
  return isPartly(run) ? `${steps}. Not everything is back as it was.` : `${steps}.`;
}
