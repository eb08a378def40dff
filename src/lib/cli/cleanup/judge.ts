import { judgePlan } from '../../app/cleanup/approve.ts';
import { type JudgeRequest } from '../../app/cleanup/requests.ts';
import { resolvePlan } from '../../adapters/store/cleanup/resolve.ts';
import { UsageError } from '../../core/model/errors.ts';
import { renderVerdict } from '../../core/render/cleanup/verdict.ts';
import { type Console } from '../base-command.ts';
import { EXIT } from '../exit-codes.ts';
import { type CleanupAsked } from './asked.ts';
import { planText } from './plan.ts';
import { type Shown } from './show.ts';
import { wireCleanup } from './wire-cleanup.ts';

type Verdict = Pick<JudgeRequest, 'verdict' | 'reason'>;

/** An empty variable of a shell is no reason. */
export function readVerdict(flags: {
  readonly reject: boolean;
  readonly reason?: string | undefined;
}): Verdict {
  const { reject, reason } = flags;
  if (reason?.trim() === '') {
    throw new UsageError('--reason says nothing', {
      remediation: ['Write why, or leave out --reason.'],
    });
  }
  return { verdict: reject ? 'reject' : 'approve', reason: reason ?? null };
}

/** Approves or rejects a plan, and shows it with whoever has spoken so far. */
export async function judgeAndRender(
  named: string | undefined,
  verdict: Verdict,
  asked: CleanupAsked,
  console: Console,
  signal: AbortSignal,
): Promise<Shown> {
  await using wiring = await wireCleanup(asked.connection, console, signal);
  const { ports, scan } = wiring;
  const { plan } = await resolvePlan(ports.store, named);
  const view = await judgePlan(ports, scan, { plan, ...verdict });
  const text = await planText({ view }, asked, asked.format, wiring, renderVerdict);
  return { text, exitCode: EXIT.ok };
}
