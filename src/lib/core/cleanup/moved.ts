import { type MovedDataset } from '../model/moved-dataset.ts';
import { type Identity } from './expectation.ts';
import { type RunView, type StepView, withRollbacks } from './run-view.ts';

/** What was seen of the dataset before it was moved: as it was planned, else as it was read. */
function seenBefore({ step, saved }: StepView, dataset: string): Identity | undefined {
  const seen = [...step.before, ...saved].find(
    ({ target: { kind, where }, identity }) =>
      kind === 'dataset' && identity !== null && 'id' in where && where['id'] === dataset,
  );
  return seen?.identity ?? undefined;
}

function textOf(identity: Identity | undefined, key: string): string | null {
  const value = identity?.[key];
  return typeof value === 'string' ? value : null;
}

/** The plan that the mark of a dataset names, where this run wrote it. */
function planOf({ steps }: RunView, dataset: string): string | null {
  for (const { step, state } of steps) {
    const { change } = step;
    if (state !== 'done' || change.type !== 'set-mark' || change.dataset !== dataset) continue;
    return change.mark?.split(';')[2] ?? null;
  }
  return null;
}

function movedIn(run: RunView): readonly MovedDataset[] {
  return run.steps.flatMap((each) => {
    const { step, state, at } = each;
    if (state !== 'done' || step.change.type !== 'move-dataset') return [];
    const { from, to } = step.change;
    const { target } = step;
    const system =
      target.side === 'truenas'
        ? run.systems.find(({ name }) => name === target.system)
        : undefined;
    if (system === undefined) return [];
    const before = seenBefore(each, from);
    return [
      {
        hostId: system.host_id,
        from,
        to,
        guid: textOf(before, 'guid'),
        createtxg: textOf(before, 'createtxg'),
        planId: planOf(run, from),
        at: at ?? run.lastAt,
      },
    ];
  });
}

/** Where clean-up has put datasets that were not brought back since. */
export function movedDatasets(runs: readonly RunView[]): readonly MovedDataset[] {
  return withRollbacks(runs)
    .filter(({ kind }) => kind === 'apply')
    .flatMap(movedIn);
}
