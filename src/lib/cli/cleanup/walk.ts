import { judgePlan } from '../../app/cleanup/approve.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { type Console } from '../base-command.ts';
import { exitCodeForPlan } from '../exit-codes.ts';
import { asksYes } from './ask.ts';
import { type PlanAsked } from './asked.ts';
import { planText, planWith } from './plan.ts';
import { applyOnScreen, runShown } from './run.ts';
import { hasScreen, type Shown } from './show.ts';
import { type CleanupWiring, wireCleanup } from './wire-cleanup.ts';

/**
 * Plans, shows the plan, and on a terminal offers to walk through it. Whoever agrees to that has seen the plan and approves it; each
 * item is still asked about.
 *
 * @param show writes what there is to be seen before the question
 */
export async function planAndWalk(
  asked: PlanAsked,
  console: Console,
  signal: AbortSignal,
  show: (text: string) => Promise<void>,
): Promise<Shown> {
  await using wiring = await wireCleanup(asked.connection, console, signal);
  const planned = await planWith(wiring, asked, console);
  const { view } = planned;
  const text = await planText(planned, asked, asked.format, wiring);
  const exitCode = exitCodeForPlan(view.plan);
  if (!canWalk(view, wiring)) return { text, exitCode };
  await show(`${text}\n`);
  if (!(await agrees(view, signal))) return { text: '', exitCode };
  await approve(view, wiring);
  const end = await applyOnScreen(wiring, view.plan, asked.plain);
  return await runShown(end, { ...asked, execute: true });
}

/** Where several have to approve, one at a terminal cannot do it alone. */
function canWalk({ plan, state }: PlanView, { scan, borrowedKeys }: CleanupWiring): boolean {
  if (!hasScreen() || plan.items.length === 0 || borrowedKeys.length > 0) return false;
  return state === 'approved' || scan.settings.approvals === 1;
}

async function agrees({ state }: PlanView, signal: AbortSignal): Promise<boolean> {
  const what = state === 'approved' ? 'Walk through it' : 'Approve it and walk through it';
  return await asksYes(`${what}? Nothing is changed before you say yes to the item.`, signal);
}

async function approve({ plan, state }: PlanView, { ports, scan }: CleanupWiring): Promise<void> {
  if (state === 'approved') return;
  const reason = 'seen on a terminal, to be decided item by item';
  await judgePlan(ports, scan, { plan, verdict: 'approve', reason });
}
