import { existsSync } from 'node:fs';
import { planId } from '../../../core/cleanup/plan-hash.ts';
import { type CleanupPlan } from '../../../core/cleanup/plan-schema.ts';
import { type RunView, runView } from '../../../core/cleanup/run-view.ts';
import { CleanupRefusedError, UsageError } from '../../../core/model/errors.ts';
import { type CleanupStore, type StoredJournal } from '../../../ports/cleanup-store.ts';
import { damagedError } from './failures.ts';
import { readPlanFile } from './plan-file.ts';

/** The plan that a command is about. */
export interface ResolvedPlan {
  readonly id: string;
  /** As the file has it, where one was named: `isIntact` tells whether it is still the one that was made. */
  readonly plan: CleanupPlan;
  /** Where it was read. */
  readonly path: string;
  /** Its journal on this machine, with who approved it; null where it was made elsewhere. */
  readonly journal: StoredJournal | null;
}

export interface ResolvedRun {
  readonly run: RunView;
  readonly journal: StoredJournal;
}

/** Shorter ones are too easily somebody's typing error. */
const SHORTEST = 4;
const ID_LIKE = /^[\da-f]{4,16}$/;

/**
 * Finds a plan by what the user typed: a file, an id, enough of its beginning, or nothing for the newest one. What looks like an id
 * is one, unless no plan has it and a file does.
 */
export async function resolvePlan(
  store: CleanupStore,
  argument: string | undefined,
): Promise<ResolvedPlan> {
  const stored = await store.plans();
  if (argument === undefined) return fromJournal(newest('plan', stored));
  const named = ID_LIKE.test(argument) ? findById('plan', stored, argument) : undefined;
  if (named !== undefined) return fromJournal(named);
  if (ID_LIKE.test(argument) && !existsSync(argument)) throw unknown('plan', argument);
  const plan = await readPlanFile(argument);
  const id = planId(plan);
  const journal = stored.find((each) => each.id === id) ?? null;
  if (journal !== null && fromJournal(journal).plan.plan_hash !== plan.plan_hash) {
    throw new CleanupRefusedError(`${argument} is not the plan that was made as ${id}`, {
      remediation: ['Make a new plan with truenas-monitor cleanup plan.'],
      details: { path: argument, plan_id: id },
    });
  }
  return { id, plan, path: argument, journal };
}

/** Finds a run by its id, enough of its beginning, or nothing for the newest one. */
export async function resolveRun(
  store: CleanupStore,
  argument: string | undefined,
): Promise<ResolvedRun> {
  const stored = await store.runs();
  const journal =
    argument === undefined ? newest('run', stored) : findById('run', stored, argument);
  if (journal === undefined) throw unknown('run', argument ?? '');
  requireWhole(journal);
  const run = runView(journal.entries);
  if (run === undefined) throw damagedError(journal.path, 'it does not begin as a run');
  return { run, journal };
}

function fromJournal(journal: StoredJournal): ResolvedPlan {
  requireWhole(journal);
  const { id, path, entries } = journal;
  const [planned] = entries;
  if (planned?.type !== 'planned') throw damagedError(path, 'it does not begin as a plan');
  return { id, plan: planned.plan, path, journal };
}

function requireWhole({ path, damage }: StoredJournal): void {
  if (damage !== null) throw damagedError(path, damage);
}

type Kind = 'plan' | 'run';

/** Also where that one is damaged: an older one is not what was meant. */
function newest(kind: Kind, stored: readonly StoredJournal[]): StoredJournal {
  const journal = stored.at(-1);
  if (journal !== undefined) return journal;
  throw new UsageError(`there is no ${kind} on this machine yet`, {
    remediation: [
      kind === 'plan'
        ? 'Make one with truenas-monitor cleanup plan.'
        : 'Carry a plan out with truenas-monitor cleanup apply.',
    ],
  });
}

function findById(
  kind: Kind,
  stored: readonly StoredJournal[],
  id: string,
): StoredJournal | undefined {
  const exact = stored.find((each) => each.id === id);
  if (exact !== undefined) return exact;
  const found = id.length < SHORTEST ? [] : stored.filter((each) => each.id.startsWith(id));
  if (found.length > 1) {
    throw new UsageError(`${id} is the beginning of ${found.length} ${kind}s`, {
      remediation: [`Name one of them: ${listed(found)}.`],
    });
  }
  return found[0];
}

const SHOWN = 5;

function listed(journals: readonly StoredJournal[]): string {
  const ids = journals.slice(-SHOWN).map(({ id }) => id);
  return journals.length > SHOWN ? `…, ${ids.join(', ')}` : ids.join(', ');
}

function unknown(kind: Kind, argument: string): UsageError {
  return new UsageError(`there is no ${kind} ${JSON.stringify(argument)} on this machine`, {
    remediation: [
      // Which run is undone is never a matter of which is the newest.
      kind === 'plan'
        ? 'List them with truenas-monitor cleanup history, or leave it out for the newest.'
        : 'List them with truenas-monitor cleanup history.',
    ],
  });
}
