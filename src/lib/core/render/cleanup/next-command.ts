import { isDestruction } from '../../cleanup/change.ts';
import { planId } from '../../cleanup/plan-hash.ts';
import { type PlanStep } from '../../cleanup/plan-schema.ts';
import { type PlanView } from '../../cleanup/plan-view.ts';
import { type RunView } from '../../cleanup/run-view.ts';
import { undoSteps } from '../../cleanup/undo-run.ts';
import { joined } from '../text/format.ts';
import { printable } from '../text/safe.ts';
import { commandLine, indented } from './labels.ts';

interface NextOptions {
  readonly columns: number;
  readonly flags: readonly string[];
}

/** A sentence, and below it what is to be typed, on a line of its own so that it can be copied. */
function advice(
  sentence: string,
  words: string | null,
  { columns, flags }: NextOptions,
): readonly string[] {
  return [
    ...indented('', sentence, columns, '  '),
    // Never broken: a command in two lines is two commands.
    ...(words === null ? [] : [`  ${commandLine(words, flags)}`]),
  ];
}

const REJECTED = 'It was rejected and will not be carried out. Another one:';
export const NOTHING_TO_DO = 'There is nothing to do: the plan is empty.';

export function nextAfterPlan(
  view: PlanView,
  options: NextOptions & { readonly now: Date },
): readonly string[] {
  const { id, plan, state } = view;
  if (plan.items.length === 0) return [];
  if (options.now >= new Date(plan.expires_at)) {
    return advice('Plans are for the world as it was. Make a new one:', 'plan', options);
  }
  if (state === 'rejected') return advice(REJECTED, 'plan', options);
  const rehearse = advice('See what it would do now; nothing is changed:', `apply ${id}`, options);
  if (state === 'approved') {
    return [...rehearse, ...advice('Do it:', `apply ${id} --execute`, options)];
  }
  return [
    ...rehearse,
    ...advice('Approve it:', `approve ${id}`, options),
    ...advice('Then do it:', `apply ${id} --execute`, options),
  ];
}

function namesOf(steps: readonly PlanStep[]): string {
  return joined(steps.map(({ id }) => printable(id)));
}

/** What is done and cannot be undone, and why, so that nobody counts on it. */
function lostLines(
  { steps }: RunView,
  lost: ReturnType<typeof undoSteps>['lost'],
  options: NextOptions,
): readonly string[] {
  const reasons = new Map(lost.map(({ step, reason }) => [step, reason]));
  const gone = steps.flatMap(({ step }) => (reasons.has(step.id) ? [step] : []));
  const destroyed = gone.filter(({ change }) => isDestruction(change));
  const others = Map.groupBy(
    gone.filter((step) => !destroyed.includes(step)),
    ({ id }) => reasons.get(id) ?? '',
  );
  const texts = [
    ...(destroyed.length === 0
      ? []
      : [`Nothing brings back what ${namesOf(destroyed)} took away.`]),
    ...[...others].map(([reason, each]) => `No rollback undoes ${namesOf(each)}: ${reason}.`),
  ];
  return texts.flatMap((text) => advice(text, null, options));
}

/** Offers a rollback only where it would not be refused. */
function undoLines(run: RunView, options: NextOptions): readonly string[] {
  // What a rollback took away is what the run had made.
  if (run.kind === 'rollback') return [];
  const isClear = run.steps.every(({ state, pending }) => !pending && state !== 'unknown');
  const { steps, lost } = undoSteps(run.steps);
  const canUndo = isClear && steps.length > 0;
  const text = 'Undo what can be undone:';
  return [
    ...(canUndo ? advice(text, `rollback ${run.id} --execute`, options) : []),
    ...lostLines(run, lost, options),
  ];
}

/** The command that goes on with a run: the very one that began it. */
function resumeWords({ kind, plan, undoes }: RunView): string {
  if (kind === 'rollback') return `rollback ${undoes ?? ''} --execute`;
  return `apply ${plan === null ? '' : planId(plan)} --execute`;
}

const RESUME: Readonly<Partial<Record<RunView['state'], string>>> = {
  approved: 'It has not begun. The same command begins it:',
  applying:
    'If nothing works at it any more, the same command looks at what became of it and goes on:',
  verifying:
    'If nothing works at it any more, the same command looks at what became of it and goes on:',
  rolling_back:
    'If nothing works at it any more, the same command looks at what became of it and goes on:',
  stopped: 'It can go on; every step is proved again first. The same command does:',
  unknown:
    'What became of a change is not known. The same command looks before anything else, and sends nothing twice that has had an effect:',
};

export function nextAfterRun(run: RunView, options: NextOptions): readonly string[] {
  const resume = RESUME[run.state];
  if (resume !== undefined) {
    return [...advice(resume, resumeWords(run), options), ...undoLines(run, options)];
  }
  if (run.state === 'failed') {
    return [
      ...advice('A run that failed is not gone on with. Look at why, then:', 'plan', options),
      ...undoLines(run, options),
    ];
  }
  return undoLines(run, options);
}

/**
 * Of a dry run, which is no run: it has nothing to resume or undo.
 *
 * @param verdict what was said of the plan so far; null of a rollback, which needs nobody's word
 */
export function nextAfterRehearsal(
  run: RunView,
  verdict: PlanView['state'] | null,
  options: NextOptions,
): readonly string[] {
  if (run.steps.length === 0) return advice(NOTHING_TO_DO, null, options);
  if (!run.steps.every(({ state }) => state === 'done')) {
    return advice('What is in the way would stop it. Once that is settled:', 'plan', options);
  }
  if (verdict === 'rejected') return advice(REJECTED, 'plan', options);
  if (verdict !== 'awaiting_approval') return advice('Do it:', resumeWords(run), options);
  const id = run.plan === null ? '' : planId(run.plan);
  return [
    ...advice('It is not approved yet. Approve it:', `approve ${id}`, options),
    ...advice('Then do it:', resumeWords(run), options),
  ];
}
