import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type CleanupHistory } from '../../core/cleanup/cleanup-history.ts';
import { shortActor } from '../../core/render/cleanup/labels.ts';
import { type AskedBy, type DeskAnswer } from '../../ports/cleanup-desk.ts';
import { type LogFields } from '../../ports/logger.ts';
import { operatorOf } from '../auth/operator-of.ts';
import { type ServerContext } from '../context.ts';
import { refusalOf } from '../refusal-of.ts';

/** How long an answer may take for which both sides are read anew. The connection is kept open so long without a word. */
const PATIENCE = 15 * 60_000;

/** Something that is asked for, in the words of the log. */
export interface Wish<T> {
  /** Such as `a clean-up plan`. */
  readonly what: string;
  /** What it is about, by ids. */
  readonly about: LogFields;
  /** What came of it, by ids. */
  readonly came: (value: T) => LogFields;
}

/** What a desk has done. */
export type Done<T> = Extract<DeskAnswer<T>, { state: 'done' }>;

/** What a desk answers with; what went wrong is thrown as an answer. */
function doneOf<T>(answer: DeskAnswer<T>): Done<T> {
  if (answer.state === 'done') return answer;
  throw refusalOf(answer.error);
}

/** The history, and when it was that of the journals. */
export interface NewestHistory extends CleanupHistory {
  readonly at: Date;
}

/** What the journals tell now, the newest first. Nothing of it is to be kept by anybody on the way. */
export async function newestHistory(
  { cleanup }: Pick<ServerContext, 'cleanup'>,
  reply: FastifyReply,
): Promise<NewestHistory> {
  const { value, at } = doneOf(await cleanup.history());
  const { damaged, plans, runs } = value;
  void reply.header('cache-control', 'no-store');
  return { damaged, plans: plans.toReversed(), runs: runs.toReversed(), at };
}

/**
 * Asks the desk for something that changes what the journals tell. It is told in the log who asked for what before it is asked, and what
 * came of it after. Whoever has no name is refused before anything of it.
 */
export async function askDesk<T>(
  { logger }: Pick<ServerContext, 'logger'>,
  request: FastifyRequest,
  { what, about, came }: Wish<T>,
  ask: (asked: AskedBy) => Promise<DeskAnswer<T>>,
): Promise<Done<T>> {
  const by = await operatorOf(request.caller).identify(request.signal);
  const facts = { by: shortActor(by), request: request.id, ...about };
  logger.log('info', `${what} was asked for`, facts);
  const answer = await ask({ by, correlationId: request.id });
  if (answer.state === 'failed') {
    logger.log('info', `${what} was refused`, { ...facts, code: answer.error.code });
  } else {
    logger.log('info', `${what} was granted`, { ...facts, ...came(answer.value) });
  }
  return doneOf(answer);
}

/** Keeps a connection open on which nothing is said for longer than others may be silent. */
export function waitLonger({ raw }: FastifyReply): void {
  raw.setTimeout(PATIENCE, () => raw.destroy());
}

/** Of a journal that cannot be believed nobody says that it is not there. */
export function refuseDamaged({ damaged }: CleanupHistory, kind: 'plan' | 'run', id: string): void {
  const found = damaged.find((each) => each.kind === kind && each.id === id);
  if (found === undefined) return;
  throw refusalOf({
    code: 'CLEANUP_STORE',
    class: 'critical',
    message: `the journal of this ${kind} is damaged: ${found.reason}`,
    details: {},
    remediation: [
      'See where it lies: truenas-monitor cleanup history, on the machine of this server.',
    ],
  });
}
