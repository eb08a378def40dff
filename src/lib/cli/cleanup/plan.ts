import { planAndKeep } from '../../app/cleanup/plan.ts';
import { type Planned } from '../../app/cleanup/requests.ts';
import { type CleanupFormat } from '../../core/render/formats.ts';
import { renderPlan } from '../../core/render/cleanup/plan.ts';
import { type Console } from '../base-command.ts';
import { exitCodeForPlan } from '../exit-codes.ts';
import { flagsToRepeat, type PlanAsked } from './asked.ts';
import { layoutFor, type Shown } from './show.ts';
import { type CleanupWiring, wireCleanup } from './wire-cleanup.ts';

export interface ShownPlan extends Shown {
  /** The plan itself, for the file that was asked for. */
  readonly document: string;
}

export async function planAndRender(
  asked: PlanAsked,
  console: Console,
  signal: AbortSignal,
): Promise<ShownPlan> {
  await using wiring = await wireCleanup(asked.connection, console, signal);
  const planned = await planWith(wiring, asked, console);
  return {
    text: await planText(planned, asked, asked.format, wiring),
    document: await planText(planned, asked, 'json', wiring),
    exitCode: exitCodeForPlan(planned.view.plan),
  };
}

export async function planWith(
  { ports, scan }: CleanupWiring,
  { request }: PlanAsked,
  { logger }: Console,
): Promise<Planned> {
  const planned = await planAndKeep(ports, scan, request);
  for (const { message } of planned.report.warnings) logger.log('warn', message);
  for (const { snapshot, reason } of planned.notIncluded) {
    logger.log('warn', `--include-snapshots ${snapshot}: ${reason}`);
  }
  return planned;
}

export async function planText(
  { view, notIncluded }: Pick<Planned, 'view'> & Partial<Planned>,
  { connection, outputFile, plain }: Pick<PlanAsked, 'connection' | 'outputFile' | 'plain'>,
  format: CleanupFormat,
  { ports, scan }: CleanupWiring,
  render = renderPlan,
): Promise<string> {
  return render(view, format, {
    ...(await layoutFor(outputFile, plain)),
    now: ports.clock.now(),
    approvals: scan.settings.approvals,
    flags: flagsToRepeat(connection),
    notIncluded: notIncluded ?? [],
  });
}
