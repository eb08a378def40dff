import { type RunView, type StepView } from '../../cleanup/run-view.ts';

/** What became of a step, in words that stand alone without a colour. */
export interface StepWord {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'none';
}

type Known = NonNullable<StepView['state']>;

const WORDS: Readonly<Record<Known, StepWord>> = {
  done: { text: 'done', tone: 'good' },
  skipped: { text: 'skipped', tone: 'bad' },
  failed: { text: 'FAILED', tone: 'bad' },
  unknown: { text: 'UNKNOWN', tone: 'bad' },
  rolled_back: { text: 'rolled back', tone: 'none' },
};

/** A dry run tells what would be, and never sounds as if it had been. */
const WOULD: Readonly<Record<Known, StepWord>> = {
  done: { text: 'would do', tone: 'good' },
  skipped: { text: 'would skip', tone: 'bad' },
  failed: { text: 'would fail', tone: 'bad' },
  unknown: { text: 'cannot tell', tone: 'bad' },
  rolled_back: { text: 'rolled back', tone: 'none' },
};

const NOT_BEGUN: StepWord = { text: 'not begun', tone: 'none' };
/** It was announced, and nothing was heard of it since. */
const PENDING: StepWord = { text: 'UNKNOWN', tone: 'bad' };

export function stepWord({ state, pending }: StepView, rehearsal: boolean): StepWord {
  if (pending) return PENDING;
  if (state === null) return NOT_BEGUN;
  return (rehearsal ? WOULD : WORDS)[state];
}

/** How many steps ended how, in the order of a step's life, and the bytes of those that are done. */
export function tally(
  run: Pick<RunView, 'steps'>,
  rehearsal: boolean,
): { readonly words: readonly string[]; readonly freed: number } {
  const byWord = Map.groupBy(run.steps, (view) => stepWord(view, rehearsal).text);
  const order = [...Object.values(rehearsal ? WOULD : WORDS), NOT_BEGUN].map(({ text }) => text);
  const words = [...new Set([...order, ...byWord.keys()])].flatMap((text) => {
    const count = byWord.get(text)?.length ?? 0;
    return count === 0 ? [] : [`${String(count)} ${text}`];
  });
  const freed = run.steps
    .filter(({ state }) => state === 'done')
    .reduce((sum, { step }) => sum + step.bytes, 0);
  return { words: words.length === 0 ? ['none'] : words, freed };
}
