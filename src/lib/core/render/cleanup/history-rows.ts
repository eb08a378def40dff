import { planId } from '../../cleanup/plan-hash.ts';
import { type PlanView } from '../../cleanup/plan-view.ts';
import { type RunView } from '../../cleanup/run-view.ts';
import { bytes } from '../../model/units.ts';
import { type RankedColumn, fittedGrid } from '../analysis/fitted-grid.ts';
import { formatBytes, formatInstant, joined } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import { bytesInTheEnd, shortActor } from './labels.ts';
import { shortState, styleOf } from './state-words.ts';
import { tally } from './step-words.ts';

function column<T>(
  header: string,
  rank: number,
  cell: (row: T) => string,
  more: Partial<RankedColumn<T>> = {},
): RankedColumn<T> {
  return {
    ...{ header, rank, cell, wide: false, align: 'left', cut: 'never', atLeast: 0, style: null },
    below:
      rank === KEPT
        ? null
        : (row) => (cell(row) === '' ? '' : `${header.toLowerCase()} ${cell(row)}`),
    ...more,
  };
}

/** What is never dropped for want of room. */
const KEPT = 0;

function whatOf({ kind, undoes, plan }: RunView): string {
  if (kind === 'rollback') return printable(`undo ${undoes ?? '-'}`);
  return printable(`apply ${plan === null ? '-' : planId(plan)}`);
}

const RUN_COLUMNS: readonly RankedColumn<RunView>[] = [
  column('RUN', KEPT, ({ id }) => printable(id)),
  column('STATE', KEPT, shortState, {
    style: styleOf,
  }),
  column('BEGUN', 1, ({ begunAt }) => formatInstant(begunAt)),
  column('WHAT', 2, whatOf),
  column('ITEMS', 5, ({ plan }) => (plan === null ? '' : String(plan.items.length)), {
    align: 'right',
  }),
  column('STEPS', 3, (run) => tally(run, false).words.join(', ')),
  column('CAME BACK', 4, (run) => formatBytes(bytes(tally(run, false).freed)), { align: 'right' }),
  column('BY', 6, ({ by }) => shortActor(by)),
  column('APPROVED BY', 7, ({ kind, approvedBy }) =>
    kind === 'rollback' ? '' : joined(approvedBy.map(shortActor)),
  ),
];

/** A line per run, oldest first; what has no room stands below it. */
export function runRows(
  runs: readonly RunView[],
  width: number,
  palette: Palette,
): readonly string[] {
  return fittedGrid(RUN_COLUMNS, runs, width, palette);
}

function planState({ state, plan }: PlanView, now: Date): string {
  if (state === 'rejected') return 'rejected';
  const expired = now >= new Date(plan.expires_at) ? ', expired' : '';
  return `${state === 'approved' ? 'approved' : 'not approved'}${expired}`;
}

function planColumns(now: Date): readonly RankedColumn<PlanView>[] {
  return [
    column('PLAN', KEPT, ({ id }) => printable(id)),
    column('STATE', KEPT, (view) => planState(view, now)),
    column('MADE', 1, ({ plan }) => formatInstant(new Date(plan.created_at))),
    column('ITEMS', 2, ({ plan }) => String(plan.summary.items), { align: 'right' }),
    column('BYTES', 3, ({ plan }) => formatBytes(bytesInTheEnd(plan.summary)), {
      align: 'right',
    }),
    column('BY', 5, ({ plannedBy }) => shortActor(plannedBy)),
    column('APPROVALS', 4, ({ approvals, rejection }) =>
      rejection === null
        ? joined(approvals.map(({ by }) => shortActor(by)))
        : `rejected by ${shortActor(rejection.by)}`,
    ),
  ];
}

export function planRows(
  plans: readonly PlanView[],
  width: number,
  palette: Palette,
  now: Date,
): readonly string[] {
  return fittedGrid(planColumns(now), plans, width, palette);
}
