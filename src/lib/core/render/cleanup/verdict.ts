import { type PlanView } from '../../cleanup/plan-view.ts';
import { type CleanupFormat } from '../formats.ts';
import { blocksOf, indented, instantFrom } from './labels.ts';
import { NOTHING_TO_DO, nextAfterPlan } from './next-command.ts';
import { type PlanOptions, renderPlan, stateLines, totalLines } from './plan.ts';

/** What somebody has just said of a plan. They have read it, so that a table tells what it comes to; `wide` is the whole plan again. */
export function renderVerdict(view: PlanView, format: CleanupFormat, options: PlanOptions): string {
  if (format !== 'table') return renderPlan(view, format, options);
  const { columns, palette, now } = options;
  const expires = new Date(view.plan.expires_at);
  const holds = view.state === 'rejected' ? [] : [`holds until ${instantFrom(expires, now)}`];
  return blocksOf([
    [
      ...indented('', `PLAN ${view.id}`, columns).map(palette.heading),
      ...stateLines(view, options),
      ...holds.flatMap((text) => indented('  ', text, columns, '  ')),
    ],
    // Why there is nothing in it was said where it was planned.
    view.plan.items.length === 0
      ? indented('', NOTHING_TO_DO, columns, '  ')
      : totalLines(view, columns),
    nextAfterPlan(view, options),
  ]);
}
